import { termAt, type SearchQuery } from './query.ts'
import { tokensOf, type Token } from './words.ts'

const BEFORE = 60 // characters shown before the first word that was found
const LENGTH = 200

/** The place of a text where words were found, on one line, each found word between « and ». */
export function excerptOf(text: string, query: SearchQuery): string {
  const tokens = [...tokensOf(text)]
  const found = foundTokens(tokens, query)
  const first = tokens.find((_, index) => found.has(index))
  const start = first ? startOf(tokens, first) : 0
  const end = endOf(tokens, start, text.length)
  let shown = start > 0 ? '… ' : ''
  let at = start
  for (const [from, until] of runsOf(tokens, found)) {
    if (from < start || until > end) continue
    shown += `${plain(text.slice(at, from))}«${plain(text.slice(from, until))}»`
    at = until
  }
  return `${shown}${plain(text.slice(at, end))}${end < text.length ? ' …' : ''}`.replaceAll(/\s+/gu, ' ').trim()
}

/** Which tokens a term covers. A token has several words where one sign stands for them. */
function foundTokens(tokens: readonly Token[], query: SearchQuery): Set<number> {
  const words = tokens.flatMap((token) => token.words)
  const owner = tokens.flatMap((token, index) => token.words.map(() => index))
  const found = new Set<number>()
  for (let at = 0; at < words.length; at++)
    for (const term of query) for (const index of owner.slice(at, at + termAt(words, at, term))) found.add(index)
  return found
}

/** Found tokens that follow each other are marked as one. */
function* runsOf(tokens: readonly Token[], found: ReadonlySet<number>): Generator<[from: number, until: number]> {
  for (let index = 0; index < tokens.length; index++) {
    if (!found.has(index)) continue
    const from = tokens[index]?.start ?? 0
    while (found.has(index + 1)) index++
    yield [from, tokens[index]?.end ?? from]
  }
}

/** The first token that is shown begins no more than `BEFORE` characters earlier. */
function startOf(tokens: readonly Token[], first: Token): number {
  if (first.start <= BEFORE) return 0
  return tokens.find((token) => token.start >= first.start - BEFORE)?.start ?? first.start
}

function endOf(tokens: readonly Token[], start: number, length: number): number {
  if (length - start <= LENGTH) return length
  return tokens.findLast((token) => token.end <= start + LENGTH && token.end > start)?.end ?? Math.min(length, start + LENGTH)
}

/** The marks are ours alone. */
const plain = (text: string): string => text.replaceAll('«', '‹').replaceAll('»', '›')
