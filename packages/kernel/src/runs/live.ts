import type {
  Actor,
  Agent,
  Budget,
  Change,
  Cost,
  JournalEntry,
  LabelSource,
  Labels,
  Mode,
  Need,
  Plan,
  RunEvent,
  StartUndo,
} from '@life-os/contract'
import { joinSources } from '../labels/index.ts'
import { fromColumn } from '../store/index.ts'
import type { JournalWrite, RunRow } from '../store/index.ts'
import type { BudgetAccount } from './interpreter/budget.ts'
import { createSpent } from './agents/spent.ts'
import { add, createBudget, limitsOf, raisedBy } from './interpreter/budget.ts'
import { advance, foldOf, type RunFold } from './record/fold.ts'
import type { RunsDeps } from './types.ts'

/** What a run freezes: its plan, its sub-plans and agents by id and the digest of each plugin it uses. */
export interface Frozen {
  plan: Plan
  plans: Record<string, Plan>
  digests: Record<string, string>
  /** Absent where there are none. */
  agents?: Record<string, Agent>
}

/** Kept with the run from its start; answers of people are added. */
export interface RunOptions {
  allow: string[]
  budget?: Budget | undefined
  /** Step paths a person unticked. */
  unticked: string[]
  /** The preview that was approved as a whole. */
  approved: { revision: number; final: boolean } | null
  /** Steps approved on their own later: path to preview revision. */
  steps: Record<string, number>
  /** What a person allowed for one call only: exact needs by step path. */
  once?: Record<string, Need[]>
  /** Started from a stored plan, so that its id stands for it; else only its text does. */
  saved?: boolean
  /** Some of it, or of what it calls, is shipped by a stranger's plugin: its id stands for no more than the present text. */
  stranger?: boolean
  undo?: StartUndo | undefined
  /** Of a run that an agent started: on whose behalf, and the most it may be allowed. */
  person?: Actor | undefined
  caps?: readonly (readonly string[])[] | undefined
  /** Of its inputs, and of all that chose them. */
  labels?: Labels | undefined
  /** Its preview goes on by itself where there is nothing to approve, also after a restart. */
  auto?: boolean | undefined
}

/** `shutdown`: the process ends; the run goes on at the next start. `fenced`: another process has taken it over. */
export type Halt = 'pause' | 'cancel' | 'stop' | 'shutdown' | 'fenced'

/** A run in the hands of this process. */
export interface LiveRun {
  readonly id: string
  readonly row: RunRow
  readonly frozen: Frozen
  readonly mode: Mode
  readonly actor: Actor
  readonly options: RunOptions
  readonly fold: RunFold
  readonly epoch: number
  readonly abort: AbortController
  /** The process ends: what changes nothing is cut off and made again at the next start; what changes something is awaited. */
  readonly leaving: AbortController
  budget: BudgetAccount
  /** See World. */
  spent(path: string): Cost | null
  /** Approved changes by step path; null when no preview binds this run. */
  approved: ReadonlyMap<string, readonly Change[]> | null
  halt: Halt | null
  /** Where labels of values in this run came from, as far as it is known; at most 50. */
  sources: LabelSource[]
  /** Until when this process may act for the run; UTC milliseconds. */
  leaseUntil: number
  /** Appends without waiting; rides on the next commit. */
  note(event: RunEvent, ...writes: JournalWrite[]): void
  /** Appends rows beside the events, without waiting. */
  record(...writes: JournalWrite[]): void
  /** Appends and resolves once it is on disk, with all noted before it. */
  commit(event: RunEvent | null, ...writes: JournalWrite[]): Promise<void>
}

export function createLive(deps: RunsDeps, row: RunRow, entries: readonly JournalEntry[]): LiveRun {
  const fold = foldOf(entries)
  const abort = new AbortController()
  const options = JSON.parse(row.options_json) as RunOptions // written by this module
  const frozen = JSON.parse(row.frozen_json) as Frozen // likewise
  const append = (event: RunEvent | null, writes: JournalWrite[], durability: 'sync' | 'next') => {
    if (event) advance(fold, { seq: fold.seq + 1, at: deps.clock.now(), event })
    for (const write of writes) if (write.kind === 'run-update') Object.assign(row, write.patch)
    const all: JournalWrite[] = event ? [{ kind: 'event', event }, ...writes] : writes
    return deps.store.journal.append(row.id, row.epoch, all, durability)
  }
  const live: LiveRun = {
    id: row.id,
    row,
    frozen,
    mode: row.mode as Mode, // the column holds what start wrote
    actor: fromColumn(row.actor_json),
    options,
    fold,
    epoch: row.epoch,
    abort,
    leaving: new AbortController(),
    budget: budgetOf({ options, frozen, fold }),
    spent: createSpent(fold),
    approved: null,
    halt: null,
    sources: joinSources(...[...fold.steps.values()].map((step) => step.output?.sources ?? [])),
    leaseUntil: row.lease_until ?? 0,
    note(event, ...writes) {
      append(event, writes, 'next').catch((error: unknown) => fence(live, deps, error))
    },
    record(...writes) {
      append(null, writes, 'next').catch((error: unknown) => fence(live, deps, error))
    },
    async commit(event, ...writes) {
      try {
        await append(event, writes, 'sync')
      } catch (error) {
        fence(live, deps, error)
        throw error
      }
    },
  }
  return live
}

/** The run's account as it stands: what it was given, what people added since, what is spent. */
export function budgetOf({ options, frozen, fold }: Pick<LiveRun, 'options' | 'frozen' | 'fold'>): BudgetAccount {
  return createBudget(raisedBy(limitsOf(options.budget ?? frozen.plan.budget), fold.raised.get('')), costWithOpen(fold))
}

/** Whoever held the run before is gone: what it had reserved counts in full. */
function costWithOpen(fold: RunFold): Cost {
  const cost = { ...fold.cost }
  add(cost, fold.reserved)
  return cost
}

/** A journal that refuses means this process no longer owns the run: it stops at once and says nothing more. */
function fence(live: LiveRun, deps: RunsDeps, error: unknown): void {
  if (live.halt === 'fenced') return
  live.halt = 'fenced'
  live.abort.abort(error)
  deps.logger.warn({ run: live.id, error: String(error) }, 'the run is no longer ours')
}
