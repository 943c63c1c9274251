import { stem } from '../words/stem.ts'
import { nearest } from '../words/spelling.ts'
import { FILLERS, GLUE, NOUNS, SYNONYMS } from '../words/synonyms.ts'
import { tokensOf, type Token } from '../words/tokens.ts'

/** What was said, in one order of its words. */
export interface Said {
  tokens: readonly Token[]
  /** What each word counts as: its stem, or that of the word which it is a slip of. */
  stems: readonly string[]
  /** The place was said first: “in ~/Pictures, find duplicates”. */
  turned: boolean
}

/** A place that is said first is among so many words. */
const MOST_AHEAD = 8
const MOST_TURNS = 3

const wordsOf = (lines: readonly string[]): string[] => lines.flatMap((line) => line.split(' ').map(stem))
/** Words that sayings are made of. A denial is none of them, and what is near one is not made one. */
const SPOKEN: ReadonlySet<string> = new Set(wordsOf(SYNONYMS.flat()).filter((word) => word.length > 3))
/** Everyday words that are near one of a saying and mean something else. */
const OTHERS = ['short', 'remote', 'there', 'then', 'them', 'when', 'where', 'send', 'share', 'start', 'stop', 'tiny', 'more', 'mode']
const KNOWN: ReadonlySet<string> = new Set([...SPOKEN, ...wordsOf([...SYNONYMS.flat(), ...FILLERS, ...GLUE, ...NOUNS, ...OTHERS])])

/** A goal's words as they stand, and with what stands before its verb put behind it. */
export function waysOf(goal: string): Said[] {
  const tokens = tokensOf(goal)
  const stems = tokens.map(spelled)
  const turn = (at: number): Said => ({
    tokens: [...tokens.slice(at), ...tokens.slice(0, at)],
    stems: [...stems.slice(at), ...stems.slice(0, at)],
    turned: true,
  })
  return [{ tokens, stems, turned: false }, ...seams(tokens, goal).map(turn)]
}

/** Where what is said first may end: at a comma or colon, after a path, after something quoted. */
function seams(tokens: readonly Token[], goal: string): number[] {
  const found: number[] = []
  for (let at = 1; at < tokens.length && at <= MOST_AHEAD && found.length < MOST_TURNS; at += 1) {
    const [before, after] = [tokens[at - 1], tokens[at]]
    if (!before || !after) continue
    if (before.kind !== 'word' || /[,;:–—]/.test(goal.slice(before.end, after.start))) found.push(at)
  }
  return found
}

/** A word's stem; for one that nobody knows, that of the word of sayings which it is a slip of. Its first letter is rarely wrong. */
function spelled({ kind, stem: own }: Token): string {
  if (kind !== 'word' || own.length < 4 || KNOWN.has(own) || !/^[\p{L}-]+$/u.test(own)) return own
  const near = nearest(own, SPOKEN)
  return near !== null && (near[0] === own[0] || near[1] === own[0]) ? near : own
}
