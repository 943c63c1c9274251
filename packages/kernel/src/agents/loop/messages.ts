import type { Attachment, GenerateAnswer, ModelMessage, ModelPart } from '@life-os/contract'
import type { CallResult, TurnInput } from './types.ts'

const text = (words: string): ModelPart => ({ type: 'text', text: words })

/** The conversation as a turn begins: the rules, what was said before, and what the person says now. */
export function firstMessages(system: string, { say, history, attachments }: TurnInput): ModelMessage[] {
  const words = [say, ...attachments.map(attachedWords)].filter((line) => line.trim() !== '').join('\n')
  return [
    { role: 'system', content: [text(system)] },
    ...history.filter((message) => message.role !== 'system'),
    { role: 'user', content: [text(words), ...attachments.flatMap(pictureOf)] },
  ]
}

function attachedWords(one: Attachment): string {
  switch (one.kind) {
    case 'file':
    case 'folder':
      return `[attached ${one.kind}: ${one.path}]`
    case 'blob':
      return `[attached: ${one.name}, ${one.mime}, blob ${one.blob}]`
    case 'run':
      return `[attached run: ${one.name}, ${one.run}]`
  }
}

function pictureOf(one: Attachment): ModelPart[] {
  if (one.kind !== 'blob' || !one.mime.startsWith('image/')) return []
  return [{ type: 'file', blob: one.blob, mime: one.mime, name: one.name }]
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
