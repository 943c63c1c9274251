import { tokensOf } from './words.ts'

const MOST_TERMS = 20

/** Words that follow each other. `open`: the last may go on, `invoi` finds `invoice`. */
export interface SearchTerm {
  readonly words: readonly string[]
  readonly open: boolean
}
/** What somebody looks for: every term has to be there. */
export type SearchQuery = readonly SearchTerm[]

/** Reads what a person typed: words in any order, `"exact words"` in quotes. Empty when nothing in it can be looked for. */
export function searchQuery(typed: string): SearchQuery {
  const pieces = Array.from(typed.matchAll(/["“”„]([^"“”„]*)["“”„]|([^\s"“”„]+)/gu), ([, quoted, loose]) => ({
    text: quoted ?? loose ?? '',
    open: quoted === undefined,
  }))
  return pieces
    .map(({ text, open }) => ({ words: Array.from(tokensOf(text)).flatMap((token) => token.words), open }))
    .filter(({ words }) => words.length > 0)
    .slice(0, MOST_TERMS)
}

/** How many words from `at` on a term takes there; 0 when it is not there. */
export function termAt(words: readonly string[], at: number, term: SearchTerm): number {
  const last = term.words.length - 1
  const found = term.words.every((wanted, index) => {
    const word = words[at + index]
    return word !== undefined && (index === last && term.open ? word.startsWith(wanted) : word === wanted)
  })
  return found ? term.words.length : 0
}
