import { stem } from './stem.ts'
import { SYNONYMS } from './synonyms.ts'

/** One word of what a person says; what is in quotes, an address and a path are one word each. */
export interface Token {
  kind: 'word' | 'quoted' | 'url' | 'path'
  /** As said, without quotes. */
  text: string
  /** Characters of the whole. */
  start: number
  end: number
  stem: string
}

/** At most so much stands in quotes: a quote that nothing closes must not cost a look at all that follows, again and again. */
const QUOTED =
  /"([^"]{0,4000})"|“([^”]{0,4000})”|„([^“”]{0,4000})[“”]|«([^»]{0,4000})»|`([^`]{0,4000})`|(?<![\p{L}\p{N}])'([^']{0,4000})'(?![\p{L}\p{N}])/u
const URL_LIKE = /[a-z][a-z0-9+.-]*:\/\/[^\s"”“«»]+/iu
/** From the root, from home (as shells of two systems write it), from a drive, from a server. A space in it is escaped or in quotes. */
const PATH =
  /(?:~(?=[/\\]|\s|$|[.,;:!?])|\$(?:HOME|\{HOME\})(?=\/|\s|$)|%USERPROFILE%|~?\/|[a-z]:(?=[\\/])|\\\\(?=\w))(?:\\ |(?<=[/\\])"[^"]{0,1000}"|[^\s"”“«»])*/u
const WORD = /[\p{L}\p{N}*$.][^\s"”“«»,;:!?()]*/u
const ANY = new RegExp(`(?:${QUOTED.source})|(${URL_LIKE.source})|(?<![^\\s(])(${PATH.source})|(${WORD.source})`, 'giu')

/** The words of a text, in order. Punctuation beside words is left out. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(ANY)].flatMap((match) => tokenOf(match) ?? [])
}

function tokenOf(match: RegExpMatchArray): Token | null {
  const start = match.index ?? 0
  const quoted = match.slice(1, 7).find((part) => part !== undefined)
  if (quoted !== undefined) return { kind: 'quoted', text: quoted, start, end: start + match[0].length, stem: '' }
  const kind = match[7] !== undefined ? 'url' : match[8] !== undefined ? 'path' : 'word'
  const said = trimmed(match[0], kind)
  if (said === '') return null
  const text = kind === 'path' ? asPath(said) : said
  return { kind, text, start, end: start + said.length, stem: kind === 'word' ? stem(said) : '' }
}

/** A sentence's end is no part of its last word; a bracket is when it was opened there. */
function trimmed(text: string, kind: Token['kind']): string {
  const closes = kind !== 'word' && !text.includes('(') ? '.,;:!?…)' : '.,;:!?…'
  let end = text.length
  while (end > 0 && closes.includes(text[end - 1] ?? '')) end -= 1
  return text.slice(0, end)
}

/** A path as this machine writes it. One of Windows that is not below home stays as it is, so that it can be told. */
function asPath(said: string): string {
  const home = /^(?:\$HOME|\$\{HOME\}|%USERPROFILE%)/i.exec(said)?.[0]
  const text = home === undefined ? said : `~${said.slice(home.length)}`
  if (/^(?:[a-z]:|\\\\)/i.test(text)) return text
  return (text.startsWith('~\\') ? text.replaceAll('\\', '/') : text.replaceAll('\\ ', ' ')).replaceAll('"', '')
}

interface Phrase {
  stems: readonly string[]
  key: string
}

/** Phrases by their first stem, the longest first. */
const PHRASES: ReadonlyMap<string, readonly Phrase[]> = phrasesOf()

function phrasesOf(): Map<string, Phrase[]> {
  const found = new Map<string, Phrase[]>()
  for (const group of SYNONYMS) {
    const key = stem(group[0] ?? '')
    for (const words of group) {
      const stems = words.split(' ').map(stem)
      const first = stems[0] ?? ''
      found.set(first, [...(found.get(first) ?? []), { stems, key }])
    }
  }
  for (const [first, phrases] of found)
    found.set(
      first,
      phrases.toSorted((a, b) => b.stems.length - a.stems.length),
    )
  return found
}

/** What the words from a place on can count as: each with how many words that takes. The word itself comes last. */
export function keysAt(stems: readonly string[], at: number): readonly { key: string; length: number; exact: boolean }[] {
  const first = stems[at]
  if (first === undefined || first === '') return []
  const phrases = (PHRASES.get(first) ?? []).filter(({ stems: phrase }) => phrase.every((word, index) => stems[at + index] === word))
  const found = phrases.map(({ stems: phrase, key }) => ({ key, length: phrase.length, exact: phrase.length === 1 && first === key }))
  return found.some(({ length, key }) => length === 1 && key === first) ? found : [...found, { key: first, length: 1, exact: true }]
}

/** Words as what they count as, phrases as one: for search, where no order matters. */
export function keysOf(text: string): string[] {
  const stems = tokensOf(text).map((token) => token.stem)
  const keys: string[] = []
  for (let at = 0; at < stems.length;) {
    const longest = keysAt(stems, at)[0]
    if (longest) keys.push(longest.key)
    at += longest?.length ?? 1
  }
  return keys
}
