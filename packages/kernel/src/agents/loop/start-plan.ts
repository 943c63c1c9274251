import { LifeOsError } from '@life-os/contract'
import { parsePlan } from '../../plans/index.ts'
import { failedOutcome, type Outcome } from '../../runs/index.ts'
import type { Turn } from './types.ts'

const PLAN_ID = /^[a-z][a-z0-9.-]*$/

/** A plan by its id or written by the model, as a run of its own. */
export async function startPlan(
  { world, frame }: Pick<Turn, 'world' | 'frame'>,
  { plan, inputs = {} }: { plan: unknown; inputs?: Record<string, unknown> | undefined },
): Promise<Outcome> {
  if (typeof plan === 'string' && PLAN_ID.test(plan)) return world.startPlan(frame.path, { plan, inputs }, frame)
  const parsed = parsePlan(plan)
  if (parsed.ok) return world.startPlan(frame.path, { plan: parsed.plan, inputs }, frame)
  const [first] = parsed.faults
  const message = `The plan cannot be read: ${first?.message ?? ''}. Check it until it has no faults, then start it.`
  return failedOutcome(frame.path, new LifeOsError('plan-invalid', message, { details: { faults: parsed.faults } }), frame.labels)
}
