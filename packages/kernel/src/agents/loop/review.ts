import { LifeOsError, type JsonSchema } from '@life-os/contract'
import { SUSPENDED, childPath, failedOutcome, type Outcome } from '../../runs/index.ts'
import type { Turn } from './types.ts'

export interface Reviewable {
  tool: string
  title: string
  schema: JsonSchema
  input: unknown
}

/** In review a person sees each call before it is made: as it is, with another input, or not at all. */
export async function reviewed(turn: Turn, call: Reviewable): Promise<{ input: unknown } | { ended: Outcome }> {
  const { agent, given, world, frame } = turn
  if (!given.review) return { input: call.input }
  const answered = await world.question(
    childPath(frame.path, 'review'),
    {
      kind: 'review',
      title: `${agent.name}: ${call.title}`,
      message: `${agent.name} wants to call ${call.tool}. Approve it, change its input, or refuse it and say why.`,
      subject: { agent: agent.id, tool: call.tool, input: call.input },
      output: call.schema,
    },
    frame,
  )
  if (answered === 'suspended') return { ended: SUSPENDED }
  if (answered.answer === 'approved') return { input: call.input }
  if (answered.answer === 'done') return { input: answered.output }
  const isLate = answered.answer === 'expired'
  const why = isLate
    ? 'Nobody looked at this call in time.'
    : `${answered.by} refused this call${answered.reason ? `: ${answered.reason}` : '.'}`
  const error = new LifeOsError(isLate ? 'approval-expired' : 'approval-refused', why, { applied: 'no' })
  return { ended: failedOutcome(frame.path, error, frame.labels) }
}
