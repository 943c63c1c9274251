import type { Budget } from '@life-os/contract'
import { limitsOf, raisedBy, type BudgetAccount } from './budget.ts'
import type { Frame, World } from './world.ts'

/** The account of what has a budget of its own: it goes on where it was, within what people raised it to. */
export function ownAccount(budget: Budget | undefined, world: Pick<World, 'spent' | 'raised'>, frame: Frame): BudgetAccount {
  if (!budget) return frame.budget
  return frame.budget.child(raisedBy(limitsOf(budget), world.raised(frame.path)), world.spent(frame.path) ?? undefined)
}
