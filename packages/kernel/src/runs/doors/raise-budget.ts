import { LifeOsError, type Actor, type Budget, type RaisedLimit } from '@life-os/contract'
import { withAncestors } from '../agents/spent.ts'
import { NO_COST, limitsOf, type Limits } from '../interpreter/budget.ts'
import type { Prelude } from '../drive/engine.ts'
import { budgetOf, type LiveRun } from '../live.ts'

/**
 * Lets a run that is at rest spend more from here on: the run itself, and each step and agent that the place lies in where it
 * stopped. What was spent stays spent. Errors: `budget-empty`, `run-going`, `budget-not-yours`.
 */
export function raised(budget: Budget, actor: Actor, now: () => number): Prelude {
  const more = limitsOf(budget)
  if (!Object.values(more).some((part) => part > 0))
    throw new LifeOsError('budget-empty', 'Say how much more it may spend: tokens, money, time or steps.', { class: 'user', applied: 'no' })
  if (actor.kind === 'agent')
    throw new LifeOsError('budget-not-yours', 'An agent cannot allow more to a run. A person can.', { applied: 'no' })
  return async (live) => {
    if (live.fold.state === 'running')
      throw new LifeOsError('run-going', 'This run goes on already. Allow it more once it has stopped or is paused.', { applied: 'no' })
    const path = live.row.error_path ?? ''
    const limits = ['', ...withAncestors(path)].map((place) => limitAt(live, place, more, now()))
    await live.commit(
      { type: 'budget-raised', path, by: actor.id, more: budget, limits },
      {
        kind: 'audit',
        record: {
          kind: 'run',
          actor: actor.id,
          run: live.id,
          step: path || null,
          tool: null,
          verdict: null,
          rule: 'budget-raised',
          data: { more: budget },
        },
      },
    )
    live.budget = budgetOf(live)
  }
}

function limitAt(live: LiveRun, path: string, more: Limits, now: number): RaisedLimit {
  const spent = path === '' ? live.budget.spent : (live.spent(path) ?? NO_COST)
  const limit: RaisedLimit = { path }
  for (const part of ['steps', 'tokens', 'micros', 'time'] as const) if (more[part] !== undefined) limit[part] = spent[part] + more[part]
  if (path === '' && more.deadline !== undefined) limit.deadline = now - live.row.created_at + more.deadline
  return limit
}
