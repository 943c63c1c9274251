import type { AnswerPart, ThreadMessage } from '@life-os/contract'
import type { RunNews } from '../backend/client.ts'
import { printable } from '../output/colour.ts'
import type { Session } from '../session.ts'

const MODEL_STEP = /^answer\.turn\[\d+\]\.model$/

/** Tells an answer as it comes: whole lines as the answer, the one that is being written as the status. */
export interface AnswerLines {
  hear(news: RunNews): void
  /** What the answer says beyond what was told, once it rests. */
  rest(answer: ThreadMessage): void
}

export function answerLines({ io, paint }: Session): AnswerLines {
  const told = new Map<string, string>()
  const cards = new Set<string>()
  let step = ''
  let open = ''

  const take = (at: string, text: string): void => {
    if (at !== step) endLine()
    step = at
    told.set(at, (told.get(at) ?? '') + text)
    const lines = (open + text).split('\n')
    open = lines.pop() ?? ''
    for (const line of lines) io.out(line)
    io.status(open)
  }
  const endLine = (): void => {
    if (open !== '') io.out(open)
    open = ''
  }
  const card = (part: AnswerPart): void => {
    const words = cardWords(part)
    if (words === null || cards.has(words)) return
    cards.add(words)
    endLine()
    io.note(paint('dim', words))
  }
  return {
    hear(news) {
      if (news.kind === 'progress') {
        const { step: at, type, data } = news.note
        if (type === 'text-delta' && MODEL_STEP.test(at) && typeof data['text'] === 'string') take(at, data['text'])
        return
      }
      const { event } = news.entry
      if (event.type !== 'try-started' || !MODEL_STEP.test(event.path)) return
      if (told.has(event.path)) {
        endLine()
        io.note(paint('amber', 'The connection was lost; the answer is made again.'))
      }
      told.delete(event.path)
    },
    rest(answer) {
      for (const part of answer.parts) {
        if (part.type !== 'text') {
          card(part)
          continue
        }
        const known = told.get(part.step) ?? ''
        if (part.text.startsWith(known)) take(part.step, part.text.slice(known.length))
        else take(part.step, `\n${part.text}`)
        told.set(part.step, part.text)
      }
      endLine()
    },
  }
}

/** One line for what is done beside talking; null for what has no line. */
export function cardWords(part: AnswerPart): string | null {
  switch (part.type) {
    case 'text':
      return null
    case 'tool':
      return `· ${printable(part.title)} ${part.state}${part.error ? `: ${printable(part.error.message)}` : ''}`
    case 'plan':
      return `· Plan “${printable(part.name)}” ${part.state}, run ${part.run}`
    case 'question':
      return `? ${printable(part.text)}${part.answer === null ? '' : ` ${printable(part.answer)}`}`
    case 'notice':
      return `! ${printable(part.text)}`
  }
}

/** Where the parts of an answer come from, one line a source. */
export function sourceLines(answer: ThreadMessage): string[] {
  return answer.citations.map(({ number, document, page, heading }) =>
    [`[${number}]`, printable(document), page === null ? null : `page ${page}`, heading === null ? null : printable(heading)]
      .filter((part) => part !== null)
      .join(' · '),
  )
}
