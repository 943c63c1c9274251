import type { RunStep } from '@life-os/contract'
import { planStep } from '../../lib/live-run.ts'
import type { StepState } from '../../lib/live-run.ts'

/** Step instances counted by the plan's step and by state. */
export function countSteps(steps: readonly Pick<RunStep, 'path' | 'state'>[]): Map<string, Record<StepState, number>> {
  const counts = new Map<string, Record<StepState, number>>()
  for (const step of steps) {
    const name = planStep(step.path)
    const count = counts.get(name) ?? { pending: 0, running: 0, waiting: 0, uncertain: 0, done: 0, skipped: 0, failed: 0, continued: 0 }
    count[step.state]++
    counts.set(name, count)
  }
  return counts
}
