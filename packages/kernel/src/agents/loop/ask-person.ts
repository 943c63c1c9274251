import type { z } from 'zod'
import { LifeOsError } from '@life-os/contract'
import { SUSPENDED, childPath, failedOutcome, valueOutcome, type Outcome } from '../../runs/index.ts'
import type { AskPerson } from './pseudo.ts'
import type { Turn } from './types.ts'

/** A question to the person, at a path of its own below the call's. */
export async function askPerson({ agent, world, frame }: Turn, { question, choices }: z.infer<typeof AskPerson>): Promise<Outcome> {
  const answered = await world.question(
    childPath(frame.path, 'question'),
    {
      kind: 'question',
      title: `${agent.name} asks`,
      message: question,
      subject: { agent: agent.id, tool: null, input: null, ...(choices && { choices }) },
      output: { type: 'string', minLength: 1, maxLength: 20_000 },
    },
    frame,
  )
  if (answered === 'suspended') return SUSPENDED
  if (answered.answer === 'done') return valueOutcome({ answer: answered.output }, frame.labels)
  const why =
    answered.answer === 'expired'
      ? 'Nobody answered in time.'
      : `The person does not answer this${answered.reason ? `: ${answered.reason}` : '.'}`
  return failedOutcome(
    frame.path,
    new LifeOsError(answered.answer === 'expired' ? 'approval-expired' : 'approval-refused', why),
    frame.labels,
  )
}
