/** Scripts that put no spaces between words: each of their characters counts as one. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const TOKEN = new RegExp(String.raw`[${UNSPACED}]\p{M}*|[[\p{L}\p{N}\p{M}]--[${UNSPACED}]]+`, 'gv')
const WORD = new RegExp(String.raw`[${UNSPACED}]|[[\p{L}\p{N}]--[${UNSPACED}]]+`, 'gv')

const LONGEST_WORD = 64 // UTF-16 units; both databases limit what they index
/** PostgreSQL takes less than a megabyte of words for one row; three bytes a unit at most. */
const LONGEST_TEXT = 250_000 // UTF-16 units

/** A piece of a text with the words it is found by: folded, so that `Ärger` is found by `arger`. */
export interface Token {
  readonly start: number
  readonly end: number
  readonly words: readonly string[]
}

/** The tokens of a text in order, with their places in it. */
export function* tokensOf(text: string): Generator<Token> {
  for (const match of text.matchAll(TOKEN)) {
    const words = fold(match[0])
    if (words.length > 0) yield { start: match.index, end: match.index + match[0].length, words }
  }
}

/** What the column `words` of a searchable row holds: the folded words of its text, joined by one space, cut where no database could take more. */
export function wordsOf(text: string): string {
  const words: string[] = []
  let length = 0
  for (const token of tokensOf(text))
    for (const word of token.words) {
      length += word.length + 1
      if (length > LONGEST_TEXT) return words.join(' ')
      words.push(word)
    }
  return words.join(' ')
}

function fold(token: string): string[] {
  const bare = token
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
  return Array.from(bare.matchAll(WORD), ([word]) => (word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD).toWellFormed() : word))
}
