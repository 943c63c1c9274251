import { z } from 'zod'
import { Attachment, JsonSchema, LifeOsError, ModelMessage, type Agent } from '@life-os/contract'
import { Brought, NOTHING_BROUGHT } from './attached.ts'
import type { TurnInput } from './types.ts'

/** Null where an expression of the plan had nothing to give. */
const Input = z.object({
  say: z.string().nullish(),
  history: z.array(ModelMessage).nullish(),
  attachments: z.array(Attachment).nullish(),
  brought: Brought.nullish(),
  model: z.string().nullish(),
  output: JsonSchema.nullish(),
  review: z.boolean().nullish(),
})

/** Reads the input of an agent's step. Error: `agent-input-invalid`. */
export function readInput(agent: Pick<Agent, 'output' | 'review' | 'memory'>, given: Record<string, unknown>): TurnInput {
  const parsed = Input.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new LifeOsError('agent-input-invalid', `The input of an agent's step does not fit at ${issue?.path.join('.')}: ${issue?.message}`)
  }
  const { say, history, attachments, brought, model, output, review } = parsed.data
  return {
    say: say ?? '',
    history: agent.memory === 'thread' ? (history ?? []) : [],
    attachments: attachments ?? [],
    brought: brought ?? NOTHING_BROUGHT,
    model: model === '' ? undefined : (model ?? undefined),
    output: output ?? agent.output,
    review: (review ?? false) || agent.review,
  }
}
