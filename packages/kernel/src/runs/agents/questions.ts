import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import { ask } from '../questions.ts'
import { recordValue, valueOf } from '../record.ts'
import type { AgentAnswer, AgentQuestion, Frame } from '../world.ts'

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
    live.note({ type: 'step-finished', path, output: await recordValue(blobs, live.id, given, []) })
    return given
  }
  await ask(context, live, { ...question, step: path, labels: frame.labels })
  return 'suspended'
}
