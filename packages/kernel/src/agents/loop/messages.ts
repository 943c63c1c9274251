import type { GenerateAnswer, ModelMessage, ModelPart } from '@life-os/contract'
import { attachedParts, attachedWords } from './attached.ts'
import type { Sources } from './citations.ts'
import type { CallResult, TurnInput } from './types.ts'

const text = (words: string): ModelPart => ({ type: 'text', text: words })

/** The conversation as a turn begins: the rules, what was said before, and what the person says and brings along now. */
export function firstMessages(system: string, { say, history, attachments, brought }: TurnInput, sources: Sources): ModelMessage[] {
  const words = [say, ...attachments.map(attachedWords)].filter((line) => line.trim() !== '').join('\n')
  return [
    { role: 'system', content: [text(system)] },
    ...history.filter((message) => message.role !== 'system'),
    { role: 'user', content: [text(words), ...attachedParts(attachments, brought, sources)] },
  ]
}

export const userSays = (words: string): ModelMessage => ({ role: 'user', content: [text(words)] })

/** What the model said, as it is told again in the next round. */
export function modelSaid({ text: words, calls }: Pick<GenerateAnswer, 'text' | 'calls'>): ModelMessage {
  const said = words.trim() === '' && calls.length > 0 ? [] : [text(words)]
  return {
    role: 'assistant',
    content: [...said, ...calls.map(({ id, tool, input }): ModelPart => ({ type: 'tool-call', id, tool, input }))],
  }
}

/** What became of the calls, in their order. */
export function resultsOf(calls: GenerateAnswer['calls'], results: readonly CallResult[]): ModelMessage {
  const content = calls.map(({ id, tool }, index): ModelPart => {
    const { output, failed } = results[index] ?? { output: null, failed: true }
    return { type: 'tool-result', id, tool, output, ...(failed && { failed }) }
  })
  return { role: 'tool', content }
}
