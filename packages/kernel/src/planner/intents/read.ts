import type { PlanInput } from '@life-os/contract'
import { parseInputs } from '../../plans/index.ts'
import { stem } from '../words/stem.ts'
import type { Token } from '../words/tokens.ts'
import { placeWords, type PlaceWords } from './place-words.ts'
import { readDate, readDuration, readNumber } from './quantities.ts'

/** What words may mean for an input. `cost`: how much was made of them, 0 for what is plain. A place is looked at later. */
export type Reading = { kind: 'value'; value: unknown; cost: number } | { kind: 'place'; place: PlaceWords; cost: number }

export interface Reader {
  goal: string
  now: number
}

/** Reads words as a value of an input; null where they cannot be one. What stands in them is data and nothing else. */
export function read(tokens: readonly Token[], name: string, input: PlanInput, reader: Reader): Reading | null {
  const first = tokens[0]
  const last = tokens.at(-1)
  if (!first || !last) return null
  const words = tokens.length === 1 ? first.text : reader.goal.slice(first.start, last.end)
  const value = (found: unknown, cost = 0): Reading | null => (fits(input, found) ? { kind: 'value', value: found, cost } : null)
  switch (input.type) {
    case 'path':
    case 'file': {
      const place = placeWords(tokens, reader.goal)
      return place && { kind: 'place', place, cost: costOf(place) }
    }
    case 'number':
      return value(readNumber(words, `${name} ${input.title ?? ''}`))
    case 'boolean':
      return value(booleanOf(words))
    case 'date':
      return value(readDate(words, reader.now))
    case 'choice':
      return value(choiceOf(words, input.choices))
    case 'list':
      return readList(tokens, name, input, reader)
    case 'text':
      return readText(tokens, words, input)
    case 'secret':
    case 'record':
      return null
  }
}

/** A bare word may be the name of a folder, and may be anything else. */
const costOf = (place: PlaceWords): number =>
  place.kind === 'path' ? (place.sure ? 0 : 0.05) : place.base === null ? 0.12 : place.names.length > 0 ? 0.03 : 0.01

function fits(input: PlanInput, value: unknown): boolean {
  if (value === null || value === undefined) return false
  try {
    parseInputs({ value: input }, { value })
    return true
  } catch {
    return false // parseInputs tells a fault by throwing; which one makes no difference here
  }
}

function booleanOf(words: string): boolean | null {
  if (/^(yes|true|on|with|sure|do)$/i.test(words)) return true
  return /^(no|false|off|without|not)$/i.test(words) ? false : null
}

/** A choice is said in its own words: `kind and year` for `kind-and-year`. */
function choiceOf(words: string, choices: readonly string[]): string | null {
  const keyOf = (text: string): string =>
    text
      .split(/[\s\-_]+/)
      .filter((word) => !/^(the|a|an|its|their|path|one|ones|first)$/i.test(word))
      .map(stem)
      .join(' ')
  const exact = choices.find((choice) => choice.toLowerCase() === words.toLowerCase())
  if (exact !== undefined) return exact
  const key = keyOf(words)
  const found = key === '' ? [] : choices.filter((choice) => keyOf(choice) === key)
  return found.length === 1 ? (found[0] ?? null) : null
}

const ADDRESS = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:\/\S*)?$/i

function readText(tokens: readonly Token[], words: string, input: PlanInput & { type: 'text' }): Reading | null {
  const only = tokens.length === 1 ? tokens[0] : undefined
  const value = (found: string, cost: number): Reading | null => (fits(input, found) ? { kind: 'value', value: found, cost } : null)
  if (only?.kind === 'quoted') return value(only.text, 0)
  if (input.pattern !== undefined) {
    if (!only && tokens.some(({ kind }) => kind === 'url')) return null // two addresses, or one with words behind it, are no address
    const duration = readDuration(words)
    const address = only?.kind === 'word' && ADDRESS.test(words) ? value(`https://${words}`, 0.03) : null
    return value(words, 0) ?? address ?? (duration === null ? null : value(duration, 0))
  }
  return value(words, only ? 0.03 : 0.1)
}

function readList(tokens: readonly Token[], name: string, input: PlanInput & { type: 'list' }, reader: Reader): Reading | null {
  const groups = groupsOf(tokens, reader.goal)
  const readings = groups.map((group) => read(group, name, input.of, reader))
  const values = readings.flatMap((reading) => (reading?.kind === 'value' ? [reading.value] : []))
  if (values.length !== groups.length || values.length === 0 || !fits(input, values)) return null // places in lists would each have to be looked at
  return { kind: 'value', value: values, cost: Math.max(...readings.map((reading) => reading?.cost ?? 0)) }
}

/** The words between commas, `and` and `or`. */
function groupsOf(tokens: readonly Token[], goal: string): Token[][] {
  const groups: Token[][] = [[]]
  tokens.forEach((token, index) => {
    const before = tokens[index - 1]
    if (before && /[,;]/.test(goal.slice(before.end, token.start))) groups.push([])
    if (token.kind === 'word' && /^(and|or)$/i.test(token.text)) groups.push([])
    else groups.at(-1)?.push(token)
  })
  return groups.filter((group) => group.length > 0)
}
