import type { ModelMessage, ModelPart } from '@life-os/contract'

/** Characters of a token, about: fewer than there are in English, so that the guess is rather too high. */
const OF_A_TOKEN = 3.2
/** A picture or another file, in tokens. */
const OF_A_FILE = 1500
/** What is left of an old result. */
const KEPT = 400 // characters
/** No single result is longer than this share of the room. */
const ONE_RESULT = 0.5

export const tokensOf = (value: unknown): number =>
  Math.ceil((typeof value === 'string' ? value : JSON.stringify(value ?? null)).length / OF_A_TOKEN)

function tokensIn(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, { content }) => sum + content.reduce((all, part) => all + tokensOfPart(part), 8), 0)
}

const tokensOfPart = (part: ModelPart): number => (part.type === 'file' ? OF_A_FILE : tokensOf(part.type === 'text' ? part.text : part))

/**
 * Messages within so many tokens: results of tools are shortened, the oldest first and those of the last round last, then what
 * was said longest ago is left out, never what this turn began with, at index `own`. The same messages and room give the same
 * result.
 */
export function fitted(messages: readonly ModelMessage[], room: number, own: number): { messages: ModelMessage[]; shortened: boolean } {
  const most = Math.floor(room * ONE_RESULT * OF_A_TOKEN)
  let fit = messages.map((message) => cut(message, most))
  let shortened = fit.some((message, index) => message !== messages[index])
  for (const [index, { role }] of fit.entries()) {
    if (tokensIn(fit) <= room) break
    if (role !== 'tool' || index >= fit.length - 1) continue
    fit = fit.with(index, cut(fit[index] ?? { role, content: [] }, KEPT))
    shortened = true
  }
  for (let first = 1; tokensIn(fit) > room && first < own; first += 1) {
    const rest = [...fit.slice(0, 1), ...fit.slice(first + 1)]
    if (tokensIn(rest) > room && first + 1 < own) continue
    fit = withoutOrphans(rest)
    shortened = true
    break
  }
  if (tokensIn(fit) > room) {
    fit = fit.map((message) => cut(message, KEPT))
    shortened = true
  }
  return { messages: fit, shortened }
}

/** A result whose call was left out says nothing to anybody. */
function withoutOrphans(messages: ModelMessage[]): ModelMessage[] {
  const from = messages.findIndex(({ role }, index) => index > 0 && role !== 'tool')
  return from < 0 ? messages : [...messages.slice(0, 1), ...messages.slice(from)]
}

function cut(message: ModelMessage, most: number): ModelMessage {
  if (message.role !== 'tool' || message.content.every((part) => part.type !== 'tool-result' || lengthOf(part.output) <= most))
    return message
  return {
    ...message,
    content: message.content.map((part) => (part.type === 'tool-result' ? { ...part, output: shorter(part.output, most) } : part)),
  }
}

const lengthOf = (output: unknown): number => (typeof output === 'string' ? output : (JSON.stringify(output) ?? '')).length

function shorter(output: unknown, most: number): unknown {
  const words = typeof output === 'string' ? output : (JSON.stringify(output) ?? '')
  if (words.length <= most) return output
  return `${words.slice(0, most).toWellFormed()}… [shortened: ${words.length} characters in all. Call the tool again for a part of it if you need more.]`
}
