import type { Cost } from '@life-os/contract'
import { NO_COST, add } from '../interpreter/budget.ts'
import type { RunFold } from '../record/fold.ts'

/**
 * What steps and all below them had cost when the run was taken in hand, open reservations included: a step's own budget
 * goes on where it was. Null: nothing.
 */
export function createSpent(fold: Pick<RunFold, 'steps'>): (path: string) => Cost | null {
  const byPath = new Map<string, Cost>()
  for (const step of fold.steps.values()) {
    for (const cost of [step.cost, step.reserved]) if (cost) for (const path of withAncestors(step.path)) add(at(byPath, path), cost)
  }
  return (path) => byPath.get(path) ?? null
}

function at(costs: Map<string, Cost>, path: string): Cost {
  const known = costs.get(path) ?? { ...NO_COST }
  costs.set(path, known)
  return known
}

/** `a.b[3].c`, `a.b[3]`, `a.b`, `a`. */
export function withAncestors(path: string): string[] {
  const found: string[] = []
  for (let rest = path; rest !== ''; rest = rest.slice(0, Math.max(rest.lastIndexOf('.'), rest.lastIndexOf('['), 0))) found.push(rest)
  return found
}
