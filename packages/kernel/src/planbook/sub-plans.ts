import { stepKind } from '@life-os/contract'
import type { Plan, Step } from '@life-os/contract'

type Find = (id: string) => Promise<Plan | null>

/** Ids of the plans that a stored plan calls, however deep, whether they are there or not. */
export async function calledBy(id: string, find: Find): Promise<ReadonlySet<string>> {
  const called = new Set<string>()
  const waiting = [id]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const found = subPlans((await find(next))?.steps ?? []).filter((other) => !called.has(other))
    for (const other of found) called.add(other)
    waiting.push(...found)
  }
  return called
}

/** The plans that a plan calls, however deep, by id; itself where one of them calls it. */
export async function reachedFrom(root: Plan, find: Find): Promise<ReadonlyMap<string, Plan>> {
  const reached = new Map<string, Plan>()
  const waiting = subPlans(root.steps)
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const found = reached.has(id) ? undefined : id === root.id ? root : await find(id)
    if (!found) continue
    reached.set(id, found)
    waiting.push(...subPlans(found.steps))
  }
  return reached
}

/** Ids of the plans that steps call, however deep. */
function subPlans(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    const own = stepKind(step) === 'plan' && 'plan' in step ? [step.plan] : []
    return [...own, ...subPlans(nested(step))]
  })
}

function nested(step: Step): Step[] {
  const fallback = typeof step['on-error'] === 'object' ? step['on-error'].fallback : []
  if ('steps' in step) return [...step.steps, ...fallback]
  if ('group' in step) return [...step.group, ...fallback]
  if ('branch' in step) return [...step.branch.flatMap((side) => side.steps), ...(step.else ?? []), ...fallback]
  return fallback
}
