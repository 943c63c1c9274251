import type { Step } from '@life-os/contract'
import { childLists } from '../../plans/index.ts'

/** All steps of a plan, those inside others after them. */
export function everyStep(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...childLists(step).flatMap((list) => everyStep(list.steps))])
}
