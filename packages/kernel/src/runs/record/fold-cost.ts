import type { Cost, RaisedLimit } from '@life-os/contract'
import { NO_COST, add, higher } from '../interpreter/budget.ts'
import type { RunFold, StepRecord } from './fold-types.ts'

/** What people allowed beyond the limits that a run began with. */
export function raise(fold: RunFold, limits: readonly RaisedLimit[]): void {
  for (const { path, ...limit } of limits) fold.raised.set(path, higher(limit, fold.raised.get(path)))
}

export function reserve(fold: RunFold, step: StepRecord, cost: Cost): void {
  add(fold.reserved, cost)
  add((step.reserved ??= { ...NO_COST }), cost)
}

/** What a try cost stands in place of what it had reserved. */
export function spend(fold: RunFold, step: StepRecord, cost: Cost): void {
  if (step.reserved) add(fold.reserved, step.reserved, -1)
  step.reserved = null
  add(fold.cost, cost)
  add((step.cost ??= { ...NO_COST }), cost)
}

export function settleInFull(fold: RunFold, step: StepRecord): void {
  if (step.reserved) spend(fold, step, step.reserved)
}
