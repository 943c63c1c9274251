import { joinLabels, type AnswerPart, type Labels, type ModelMessage, type ModelPart } from '@life-os/contract'
import { PICTURES, attachedWords } from '../../agents/index.ts'
import { fromColumn } from '../../store/index.ts'
import type { MessageRow } from '../../store/index.ts'
import { keptOf } from '../answer/settle.ts'
import { textOfParts } from '../answer/read.ts'
import type { StoredCompaction } from '../compaction/stored.ts'

/** What models are told of the conversation so far, and the labels of all of it. */
export interface History {
  messages: ModelMessage[]
  labels: Labels
}

/** Pictures that were answered are shown again for so many messages, so that one can ask on about them. */
const PICTURES_OF = 2
const LONGEST_INPUT = 200 // characters of a call's input

/**
 * The branch as messages for a model. `branch`: from the root up to what is answered now, exclusive. Where a summary stands for
 * the older ones they are left out, word for word decisions aside.
 */
export function historyOf(branch: readonly MessageRow[], compaction: StoredCompaction | null): History {
  const from = compaction ? branch.findIndex(({ id }) => id === compaction.until) : -1
  const applies = compaction !== null && from >= 0
  const told = applies ? branch.slice(from) : branch
  const seen = new Set(
    told
      .filter(({ role }) => role === 'person')
      .slice(-PICTURES_OF)
      .map(({ id }) => id),
  )
  const messages = told.flatMap((row, index) => {
    const answered = told[index + 1]?.state === 'done'
    return row.role === 'person' ? [said(row, answered && seen.has(row.id))] : answered || row.state !== null ? [replied(row)] : []
  })
  const labels = joinLabels(...told.map((row) => fromColumn(row.labels)), ...(applies ? [compaction.labels] : []))
  return { messages: applies ? [summaryOf(compaction), ...messages] : messages, labels }
}

/** The summary as a model is told of it: what was decided stands in the person's own words. */
export function summaryOf({ summary, decisions }: Pick<StoredCompaction, 'summary' | 'decisions'>): ModelMessage {
  const decided =
    decisions.length > 0 ? `\n\nWhat the person decided, word by word:\n${decisions.map(({ words }) => `- ${words}`).join('\n')}` : ''
  return { role: 'user', content: [{ type: 'text', text: `[Earlier in this conversation, in short]\n${summary}${decided}` }] }
}

function said(row: MessageRow, withPictures: boolean): ModelMessage {
  const attachments = fromColumn(row.attachments_json)
  const notes = attachments.map(attachedWords)
  const pictures = attachments.flatMap((one): ModelPart[] =>
    withPictures && one.kind === 'blob' && PICTURES.has(one.mime) ? [{ type: 'file', blob: one.blob, mime: one.mime, name: one.name }] : [],
  )
  return { role: 'user', content: [{ type: 'text', text: [row.text, ...notes].filter((line) => line !== '').join('\n') }, ...pictures] }
}

function replied(row: MessageRow): ModelMessage {
  const parts = keptOf(row)?.parts ?? []
  const end = row.state === 'done' ? [] : [`[This answer was ${row.state === 'failed' ? 'broken off by a failure' : 'stopped'} here.]`]
  const lines = [...parts.flatMap(noteOf), textOfParts(parts), ...end]
  return { role: 'assistant', content: [{ type: 'text', text: lines.filter((line) => line !== '').join('\n') }] }
}

/** One line for what was done beside talking. */
function noteOf(part: AnswerPart): string[] {
  switch (part.type) {
    case 'tool':
      return [`[${part.tool} ${short(part.input)}: ${part.error ? `${part.state}, ${part.error.message}` : part.state}]`]
    case 'plan':
      return [`[plan “${part.name}”: ${part.state}]`]
    case 'question':
      return [`[asked: ${part.text} · answer: ${part.answer ?? 'none'}]`]
    case 'text':
    case 'notice':
      return []
  }
}

function short(value: unknown): string {
  const text = JSON.stringify(value ?? null)
  return text.length > LONGEST_INPUT ? `${text.slice(0, LONGEST_INPUT).toWellFormed()}…` : text
}
