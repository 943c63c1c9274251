import { LifeOsError } from '@life-os/contract'
import type { BudgetAccount } from '../interpreter/budget.ts'

/** Timers take no more; a longer time is no deadline of one call. */
const TIMER_MOST = 2_147_483_647 // milliseconds

/** Aborts after so many milliseconds; null, or more than a timer takes: never. */
export const abortAfter = (time: number | null | undefined): AbortSignal | null =>
  time === null || time === undefined || time > TIMER_MOST ? null : AbortSignal.timeout(time)

export interface Deadline {
  /** Ends with `outer`, and when the time that is left here is over. */
  readonly signal: AbortSignal
  /** What a call failed with: `budget-exceeded` where it was this deadline that ended it. */
  errorOf(error: unknown): unknown
}

/** Limits are looked at before a call; one call alone may not pass what they leave of time either. */
export function deadlineOf(budget: BudgetAccount, outer: AbortSignal): Deadline {
  const left = budget.left().time
  const over = abortAfter(left)
  if (left === undefined || !over) return { signal: outer, errorOf: (error) => error }
  const limit = budget.spent.time + left
  return {
    signal: AbortSignal.any([outer, over]),
    errorOf(error) {
      if (!over.aborted || outer.aborted) return error
      const message = 'The budget for time was used up in the middle of a call, which was ended. Allow it more and resume to go on.'
      const applied = error instanceof LifeOsError ? error.applied : undefined
      const details = { part: 'time', spent: limit, limit, needs: 0 }
      return new LifeOsError('budget-exceeded', message, { class: 'user', details, ...(applied !== undefined && { applied }) })
    },
  }
}
