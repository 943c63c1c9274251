import { LifeOsError, type JournalEntry, type Plan, type Proposal, type Run } from '@life-os/contract'
import type { PlannerDeps } from '../types.ts'
import { doneOf } from './done.ts'
import { restOf, type Rest } from './rest.ts'

const ENDED = new Set<Run['state']>(['failed', 'cancelled', 'stopped'])
const PAGE = 1000

/** A run that ended early, and the plan of what it left undone. */
export interface Left {
  run: Run
  rest: Rest
  notices: Proposal['notices']
}

/** Errors: `run-unknown`, `replan-done`, `replan-not-ended`, `replan-undo`, `replan-inside`. */
export async function leftOf(id: string, { runs, proofs }: Pick<PlannerDeps, 'runs' | 'proofs'>): Promise<Left> {
  const run = await runs.get(id)
  refuse(run)
  const [plan, entries, proof] = [await runs.plan(id), await journalOf(id, runs), await proofs.of(id)]
  const rest = restOf(plan, { run: id, proof, done: doneOf(entries) })
  return { run, rest, notices: noticesOf(run, plan, rest) }
}

function refuse(run: Run): void {
  if (run.kind === 'undo') throw new LifeOsError('replan-undo', 'An undo goes on where it ended by itself: resume or retry it.')
  if (run.state === 'done') throw new LifeOsError('replan-done', 'This run is done: nothing is left of it.')
  if (!ENDED.has(run.state))
    throw new LifeOsError('replan-not-ended', `This run has not ended, it is ${run.state}. Answer it, or cancel it first.`)
}

async function journalOf(id: string, runs: PlannerDeps['runs']): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  for (let after: number | null = 0; after !== null;) {
    const page: { items: JournalEntry[]; next: number | null } = await runs.journal(id, after, PAGE)
    entries.push(...page.items)
    after = page.next
  }
  return entries
}

function noticesOf(run: Run, plan: Plan, rest: Rest): Proposal['notices'] {
  const why = run.error
    ? [{ code: 'run-failed', text: `${plan.name} ended${run.errorPath ? ` at ${run.errorPath}` : ''}: ${run.error.message}` }]
    : []
  const count = rest.finished.length
  const done = count === 1 ? 'One step is done and is' : `${count} steps are done and are`
  return [...why, { code: 'replan-finished', text: `${done} not done again.` }]
}
