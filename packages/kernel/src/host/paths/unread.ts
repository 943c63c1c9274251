import type { Need } from '@life-os/contract'
import type { CallScope } from '../types.ts'
import { fault } from './faults.ts'

/** The code of what a run turns into a question: a preview would have read from a place that nobody has allowed yet. */
export const NOT_ANSWERED = 'read-not-answered'

/** To be called before anything is asked of a place, its name included: that alone could carry words there. Error: `read-not-answered`. */
export function checkAnswered(scope: CallScope, { kind, resource }: Need): void {
  if (!scope.unread?.some((need) => need.kind === kind && need.resource === resource)) return
  throw fault(NOT_ANSWERED, `Showing what this would do means reading from ${resource}, which nobody has allowed yet.`, {
    details: { permission: `${kind}:${resource}` },
  })
}
