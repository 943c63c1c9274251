import { LifeOsError, type Agent, type Step } from '@life-os/contract'
import { GENERATE } from '../../models/index.ts'
import { childLists, parsePlan } from '../../plans/index.ts'
import { failedOutcome, type Outcome } from '../../runs/index.ts'
import type { Turn } from './types.ts'

const PLAN_ID = /^[a-z][a-z0-9.-]*$/

/**
 * A plan by its id or written by the model, as a run of its own. In one that `author` wrote no agent acts that it may not give
 * work to, since each acts with grants of its own, and no tool with which the kernel undoes, recalls or reads conversations.
 */
export async function startPlan(
  { world, frame, agent: author }: Pick<Turn, 'world' | 'frame'> & { agent?: Agent },
  { plan, inputs = {} }: { plan: unknown; inputs?: Record<string, unknown> | undefined },
): Promise<Outcome> {
  if (typeof plan === 'string' && PLAN_ID.test(plan)) return world.startPlan(frame.path, { plan, inputs }, frame)
  const parsed = parsePlan(plan)
  const beyond = parsed.ok && author ? parsed.plan.steps.flatMap((step) => beyondIn(step, author)) : []
  if (beyond.length > 0) {
    const message = `A plan of yours may not use ${beyond.join(', ')}. Leave that out, or start a stored plan.`
    return failedOutcome(frame.path, new LifeOsError('plan-invalid', message, { applied: 'no' }), frame.labels)
  }
  if (parsed.ok) return world.startPlan(frame.path, { plan: parsed.plan, inputs }, frame)
  const [first] = parsed.faults
  const message = `The plan cannot be read: ${first?.message ?? ''}. Check it until it has no faults, then start it.`
  return failedOutcome(frame.path, new LifeOsError('plan-invalid', message, { details: { faults: parsed.faults } }), frame.labels)
}

function beyondIn(step: Step, author: Agent): string[] {
  const inside = childLists(step).flatMap((list) => list.steps.flatMap((one) => beyondIn(one, author)))
  if ('agent' in step && !author.agents.includes(step.agent)) return [`the agent ${step.agent}`, ...inside]
  if ('tool' in step && step.tool.startsWith('life-os.') && step.tool !== GENERATE) return [step.tool, ...inside]
  return inside
}
