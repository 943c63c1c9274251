import { LifeOsError, joinLabels, type Budget, type Recorded, type StartRun } from '@life-os/contract'
import { fromColumn } from '../../store/index.ts'
import type { RunRow } from '../../store/index.ts'
import { NO_COST, limitsOf, tighter, type BudgetAccount, type Limits } from '../interpreter/budget.ts'
import type { RunsContext } from '../context.ts'
import { announce, draftRun } from '../creation/creation.ts'
import { finishedOutcome } from '../record/finished.ts'
import type { LiveRun } from '../live.ts'
import { SUSPENDED, failedOutcome, valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import { recordValue, valueOf } from '../record/record.ts'
import { FINISHED } from '../states.ts'
import type { ProgressColumn } from '../record/views.ts'
import type { Frame } from '../interpreter/world.ts'
import { personOf } from '../acting.ts'

/** How a plan that an agent started came out: the output of its step. */
export interface PlanEnd {
  run: string
  name: string
  state: 'done' | 'failed' | 'cancelled' | 'stopped'
  outputs: unknown
  error: { code: string; message: string } | null
  /** Effects that stand, and how many of them cannot be undone. */
  changes: number
  final: number
}

type Request = Pick<StartRun, 'plan' | 'inputs'>

/** A run of its own for a plan, once for each path. The step waits, holding nothing, and is woken when that run ends. */
export async function startPlan(context: RunsContext, live: LiveRun, path: string, request: Request, frame: Frame): Promise<Outcome> {
  const known = await finishedOutcome(context, live, path)
  if (known) return known
  try {
    const present = await childAt(context, live.id, path)
    if (present && FINISHED.has(present.state)) return await taken(context, live, path, present, frame)
    const child = present ?? (await draftChild(context, live, path, request, frame))
    hold(frame.budget, limitsOf((JSON.parse(child.options_json) as { budget?: Budget }).budget)) // written by draftRun
    if (!live.fold.steps.get(path)?.wait)
      await live.commit(
        { type: 'wait-started', path },
        { kind: 'wait-insert', row: { run: live.id, path, until: null, event: null, from_seq: null } },
      )
    if (!present) await storeChild(context, live, child, request)
    context.begin(present ?? child)
    return SUSPENDED
  } catch (error) {
    return failedOutcome(path, error, frame.labels)
  }
}

async function childAt({ deps }: RunsContext, run: string, path: string): Promise<RunRow | undefined> {
  return deps.store.db.selectFrom('runs').selectAll().where('parent', '=', run).where('parent_step', '=', path).executeTakeFirst()
}

/** What a model chose carries the labels of all that it had seen, and no more may be spent than is left here. */
async function draftChild(context: RunsContext, live: LiveRun, path: string, request: Request, frame: Frame): Promise<RunRow> {
  const state = live.mode === 'draft' ? 'previewing' : 'queued'
  const start: StartRun = { ...request, mode: live.mode, priority: live.row.priority, allow: [] }
  const caps = [...(live.options.caps ?? []), ...(frame.permissions ?? [])]
  const more = { person: personOf(live), labels: [...frame.labels], auto: true, ...(caps.length > 0 && { caps }) }
  const row = await draftRun(context, start, frame.actor ?? live.actor, state, more)
  const { plan } = JSON.parse(row.frozen_json) as LiveRun['frozen'] // made just before
  const options = JSON.parse(row.options_json) as LiveRun['options'] // likewise
  const limits = tighter(limitsOf(plan.budget), tighter(frame.budget.left(), deadlineLeft(context, live)))
  return {
    ...row,
    parent: live.id,
    parent_step: path,
    only_for: live.row.only_for,
    options_json: JSON.stringify({ ...options, budget: budgetOf(limits) }),
  }
}

/** Holds the parent's row meanwhile: whoever takes the parent over comes after and finds the child. */
async function storeChild(context: RunsContext, live: LiveRun, row: RunRow, request: Request): Promise<void> {
  const { store, gate } = context.deps
  await store.transaction(async (tx) => {
    const held = await tx
      .updateTable('runs')
      .set((e) => ({ epoch: e.ref('epoch') }))
      .where('id', '=', live.id)
      .where('epoch', '=', live.epoch)
      .executeTakeFirst()
    if (Number(held.numUpdatedRows) !== 1)
      throw new LifeOsError('run-fenced', 'Another process has taken this run over, so nothing was started here.', { applied: 'no' })
    await tx.insertInto('runs').values(row).execute()
  })
  const actor = fromColumn(row.actor_json)
  await announce(context, row, { ...request, mode: live.mode, priority: 0, allow: [] }, actor)
  for (const { subject, permission, verdict, expiresAt, origin, createdBy } of await gate.grants.current())
    if (subject.kind === 'run' && subject.id === live.id)
      await gate.grants.add({ subject: { kind: 'run', id: row.id }, permission, verdict, expiresAt }, origin, createdBy)
}

/** The child's end is this step's, its cost this run's. A failure is a value: who started the plan decides what now. */
async function taken(context: RunsContext, live: LiveRun, path: string, child: RunRow, frame: Frame): Promise<Outcome> {
  const { blobs } = context.deps.store
  const cost = fromColumn(child.cost_json)
  const progress = JSON.parse(child.progress_json) as ProgressColumn // written by runs
  const error = child.error_json === null ? null : fromColumn(child.error_json)
  const labels = joinLabels(frame.labels, fromColumn(child.labels))
  const end: PlanEnd = {
    run: child.id,
    name: child.plan_name,
    state: child.state as PlanEnd['state'], // one of FINISHED
    outputs: child.outputs_json === null ? null : await valueOf(blobs, JSON.parse(child.outputs_json) as Recorded),
    error: error && { code: error.code, message: error.message },
    changes: progress.undoable + progress.final,
    final: progress.final,
  }
  if (!live.fold.steps.get(path)?.reserved) {
    frame.budget.reserve(NO_COST).settle(cost)
    live.note({ type: 'budget-reserved', path, cost })
  }
  live.note({ type: 'wait-finished', path, output: await recordValue(blobs, live.id, end, labels) }, { kind: 'wait-delete', path })
  return valueOutcome(end, labels)
}

/** While a child goes on beside other steps, what it may spend is not theirs. */
function hold(budget: BudgetAccount, { tokens = 0, micros = 0 }: Limits): void {
  const left = budget.left()
  budget.reserve({ ...NO_COST, tokens: Math.min(tokens, left.tokens ?? tokens), micros: Math.min(micros, left.micros ?? micros) })
}

function deadlineLeft({ deps }: RunsContext, live: LiveRun): Limits {
  const { deadline } = live.budget.limits
  return deadline === undefined ? {} : { deadline: Math.max(0, live.row.created_at + deadline - deps.clock.now()) }
}

/** Limits as a plan would say them. Money counts in micro-units whatever its currency. */
function budgetOf({ steps, tokens, micros, time, deadline }: Limits): Budget {
  return {
    ...(steps !== undefined && { steps }),
    ...(tokens !== undefined && { tokens }),
    ...(micros !== undefined && { money: `${(micros / 1_000_000).toFixed(6)} USD` }),
    ...(time !== undefined && { time: `${time}ms` }),
    ...(deadline !== undefined && { deadline: `${deadline}ms` }),
  }
}

/** Runs that wait for a plan that has ended meanwhile. */
export async function parentsToWake({ store, gate }: Pick<RunsContext['deps'], 'store' | 'gate'>): Promise<string[]> {
  if (gate.emergencyStop()) return [] // they are woken when it is lifted
  const rows = await store.db
    .selectFrom('waits')
    .innerJoin('runs as child', (join) => join.onRef('child.parent', '=', 'waits.run').onRef('child.parent_step', '=', 'waits.path'))
    .innerJoin('runs as parent', 'parent.id', 'waits.run')
    .select('waits.run')
    .where('parent.state', '=', 'waiting')
    .where('child.state', 'in', [...FINISHED])
    .execute()
  return [...new Set(rows.map((row) => row.run))]
}

/** Ids of runs that a run started and that have not ended. */
export async function openChildren({ store }: Pick<RunsContext['deps'], 'store'>, run: string): Promise<string[]> {
  const rows = await store.db.selectFrom('runs').select(['id', 'state']).where('parent', '=', run).execute()
  return rows.filter((row) => !FINISHED.has(row.state)).map((row) => row.id)
}
