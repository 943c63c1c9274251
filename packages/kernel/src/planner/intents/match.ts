import type { PlanInput } from '@life-os/contract'
import { stem } from '../words/stem.ts'
import { FILLERS, GLUE, NOUNS } from '../words/synonyms.ts'
import { keysAt, type Token } from '../words/tokens.ts'
import type { Said } from './said.ts'
import { read, type Reader, type Reading } from './read.ts'

/** A saying made ready: keys of words, and inputs. */
export type Piece = { kind: 'key'; key: string } | { kind: 'slot'; name: string; input: PlanInput }

/** What a saying makes of a goal. */
export interface Match {
  /** 0 for word by word; each thing that differs adds. */
  cost: number
  /** Words of the saying that were said. */
  words: number
  readings: ReadonlyMap<string, Reading>
  /** Inputs of the saying that were not said, or of which nothing could be made: then with the words. */
  unread: ReadonlyMap<string, string | null>
}

/** Longer ones are no command; they go to a model. */
export const MOST_WORDS = 60
const COST = { filler: 0.01, synonym: 0.02, phrase: 0.005, slip: 0.06, turned: 0.03, empty: 0.22, unread: 0.3, cut: 0.18 }

const fillers = FILLERS.map((filler) => filler.split(' ').map(stem)).toSorted((a, b) => b.length - a.length)
const glue = new Set([...GLUE, ...NOUNS].map(stem))
const idle = new Set(fillers.flatMap((words) => (words.length === 1 ? words : [])))

/** Whether a word of a saying may be left out of it, for it says nothing. */
export const isIdle = (key: string): boolean => idle.has(key)

/** The cheapest way in which a whole goal is what a saying says; null where it is not. */
export function match(pieces: readonly Piece[], said: Said, reader: Reader): Match | null {
  if (said.tokens.length > MOST_WORDS) return null
  const found = new Matching(pieces, said, reader).from(0, 0)
  return found && found.words > 0 ? plus(found, said.turned ? COST.turned : 0) : null
}

class Matching {
  readonly #pieces: readonly Piece[]
  readonly #tokens: readonly Token[]
  readonly #stems: readonly string[]
  readonly #spelled: readonly string[]
  readonly #slips: readonly boolean[]
  readonly #reader: Reader
  readonly #known = new Map<number, Match | null>()

  constructor(pieces: readonly Piece[], { tokens, stems }: Said, reader: Reader) {
    this.#pieces = pieces
    this.#tokens = tokens
    this.#stems = tokens.map((token) => token.stem)
    this.#spelled = stems
    this.#slips = stems.map((one, index) => one !== tokens[index]?.stem)
    this.#reader = reader
  }

  /** The rest of the saying against the rest of the goal. */
  from(piece: number, at: number): Match | null {
    const key = piece * (MOST_WORDS + 1) + at
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = this.#look(piece, at)
    this.#known.set(key, found)
    return found
  }

  #look(piece: number, at: number): Match | null {
    const next = this.#pieces[piece]
    const candidates: (Match | null)[] = []
    if (at === this.#tokens.length) candidates.push(this.#cut(piece))
    else if (!next || next.kind === 'key') candidates.push(...this.#skipped(piece, at))
    if (next?.kind === 'key') candidates.push(...this.#word(next.key, piece, at))
    if (next?.kind === 'slot') candidates.push(...this.#slot(next, piece, at))
    return cheapest(candidates)
  }

  #skipped(piece: number, at: number): (Match | null)[] {
    return fillers
      .filter((filler) => filler.every((word, index) => this.#stems[at + index] === word))
      .map((filler) => plus(this.from(piece, at + filler.length), COST.filler))
  }

  #word(key: string, piece: number, at: number): (Match | null)[] {
    const fitting = (stems: readonly string[]) => keysAt(stems, at).filter((found) => found.key === key)
    const took = (length: number, cost: number): Match | null => plus(this.from(piece + 1, at + length), cost, glue.has(key) ? 0 : 1)
    const slips = this.#slips[at] === true || this.#slips[at + 1] === true ? fitting(this.#spelled) : []
    return [
      ...fitting(this.#stems).map(({ length, exact }) => took(length, exact ? 0 : length > 1 ? COST.phrase : COST.synonym)),
      ...slips.map(({ length }) => took(length, COST.synonym + this.#slipsIn(at, length) * COST.slip)),
    ]
  }

  #slipsIn(at: number, length: number): number {
    return this.#slips.slice(at, at + length).filter(Boolean).length
  }

  #slot(slot: Piece & { kind: 'slot' }, piece: number, at: number): (Match | null)[] {
    const found: (Match | null)[] = [unread(this.from(piece + 1, at), slot.name, null, COST.empty)]
    for (let end = at + 1; end <= this.#tokens.length; end += 1) {
      if (end - at > 1 && (this.#tokens[end - 1]?.start ?? 0) < (this.#tokens[end - 2]?.start ?? 0)) break // an input stands in one piece
      const rest = this.from(piece + 1, end)
      if (!rest) continue
      const said = this.#tokens.slice(at, end)
      const reading = read(said, slot.name, slot.input, this.#reader)
      const words = this.#reader.goal.slice(said[0]?.start, said.at(-1)?.end)
      if (!reading) found.push(unread(rest, slot.name, words, COST.unread))
      else found.push({ ...plus(rest, reading.cost), readings: new Map([[slot.name, reading], ...rest.readings]) })
    }
    return found
  }

  /** The end of the goal: the saying may end here too if nothing but inputs, and the small words before them, is left of it. */
  #cut(piece: number): Match | null {
    const left = this.#pieces.slice(piece)
    if (!left.every((part) => part.kind === 'slot' || glue.has(part.key))) return null
    const names = left.flatMap((part) => (part.kind === 'slot' ? [part.name] : []))
    if (left.length > 0 && names.length === 0) return null
    return { cost: names.length * COST.cut, words: 0, readings: new Map(), unread: new Map(names.map((name) => [name, null])) }
  }
}

function plus<M extends Match | null>(match: M, cost: number, words = 0): M {
  return match && { ...match, cost: match.cost + cost, words: match.words + words }
}

const unread = (match: Match | null, name: string, words: string | null, cost: number): Match | null =>
  match && { ...match, cost: match.cost + cost, unread: new Map([[name, words], ...match.unread]) }

function cheapest(matches: readonly (Match | null)[]): Match | null {
  let best: Match | null = null
  for (const match of matches) if (match && (!best || match.cost < best.cost)) best = match
  return best
}
