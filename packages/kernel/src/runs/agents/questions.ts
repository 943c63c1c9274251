import { LifeOsError, type JsonSchema } from '@life-os/contract'
import type { ApprovalRow } from '../../store/index.ts'
import type { RunsContext } from '../context.ts'
import { faultsOf } from '../../schemas/index.ts'
import type { LiveRun } from '../live.ts'
import { ask } from '../questions/questions.ts'
import { recordValue, valueOf } from '../record/record.ts'
import type { AgentAnswer, AgentQuestion, Frame } from '../interpreter/world.ts'

/**
 * Puts an agent's question to a person. Its path is the question's own: the answer ends that step, so that the journal has
 * it for good, whatever the agent makes of it.
 */
export async function agentQuestion(
  context: RunsContext,
  live: LiveRun,
  path: string,
  question: AgentQuestion,
  frame: Frame,
): Promise<AgentAnswer | 'suspended'> {
  const { blobs } = context.deps.store
  const record = live.fold.steps.get(path)
  if (record?.state === 'done' && record.output) return (await valueOf(blobs, record.output)) as AgentAnswer // written just below
  if (record?.approval) return 'suspended'
  if (record?.answer) {
    const { answer, output, reason, by } = record.answer
    const given: AgentAnswer = {
      answer: answer as AgentAnswer['answer'], // of what these kinds take, see answers.ts
      output: output ? await valueOf(blobs, output) : null,
      reason,
      by,
    }
    live.note({ type: 'step-finished', path, output: await recordValue(blobs, live.id, given, []), question: true })
    return given
  }
  await ask(context, live, { ...question, step: path, labels: frame.labels })
  return 'suspended'
}

/** An agent goes on with what a person wrote: it must be what was asked for. */
export function checkOutput(row: Pick<ApprovalRow, 'output_json'>, output: unknown): void {
  const schema = row.output_json === null ? {} : (JSON.parse(row.output_json) as JsonSchema) // written by ask()
  const faults = output === undefined ? ['There is no answer.'] : faultsOf(schema, output)
  if (faults.length > 0) throw new LifeOsError('answer-invalid', `This does not fit: ${faults.join('; ')}`, { details: { faults } })
}
