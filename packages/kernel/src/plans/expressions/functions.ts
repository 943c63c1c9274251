import { posix } from 'node:path'
import { EXPRESSION_LIMITS } from './limits.ts'
import { matches } from './patterns.ts'
import { leave } from './values.ts'
import { isUnknown, UnknownRead } from './unknown.ts'

/** One function of the expression language beside CEL's own. Arguments arrive as CEL values: integers are BigInt. */
export interface PlanFunction {
  signature: string
  description: string
  run: (...parameters: never[]) => unknown
}

/** The method that `text.matches(pattern)` is compiled to, so that CEL's own backtracking one cannot be reached. */
export const MATCHES = 'matchesRe2'

const bounded = (text: string): string => {
  if (text.length > EXPRESSION_LIMITS.text) throw new Error(`a text of more than ${EXPRESSION_LIMITS.text} characters`)
  return text
}

/** Milliseconds since 1970, or a date in ISO text (UTC where it names no zone), as a Date. */
function time(value: bigint | number | string): Date {
  const text = typeof value === 'string' ? (/T[\d:.]+$/.test(value) ? `${value}Z` : value) : undefined
  const date = new Date(text ?? Number(value))
  if (Number.isNaN(date.getTime())) throw new Error(`'${value}' is no time: give milliseconds or a date such as 2026-03-01`)
  return date
}

const datePart = (name: string, description: string, part: (date: Date) => number): PlanFunction[] =>
  ['int', 'double', 'string'].map((type) => ({
    signature: `${name}(${type}): int`,
    description: `${description} (UTC) of a time in milliseconds or ISO text`,
    run: (value: bigint | number | string) => BigInt(part(time(value))),
  }))

/** A list's values in plain form; an unknown one makes the call unknown. */
function plain(list: Iterable<unknown>): unknown[] {
  const values = [...list].map(leave)
  if (isUnknown(values)) throw new UnknownRead()
  return values
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  throw new Error('only a list of numbers or a list of texts can be sorted')
}

/** The first of each set of equal values; values stay in CEL's form. */
function unique(list: readonly unknown[]): unknown[] {
  const seen = new Set<string>()
  const values = [...list]
  return values.filter((_, index) => {
    const key = JSON.stringify(plain([values[index]]))
    return !seen.has(key) && seen.add(key)
  })
}

function sum(list: readonly unknown[]): bigint | number {
  const numbers = [...list]
  if (numbers.every((value) => typeof value === 'bigint')) return numbers.reduce<bigint>((total, value) => total + (value as bigint), 0n) // every() said so
  return numbers.reduce<number>((total, value) => {
    if (typeof value !== 'bigint' && typeof value !== 'number') throw new Error('only numbers can be summed')
    return total + Number(value)
  }, 0)
}

const stem = (path: string): string => posix.basename(path, posix.extname(path))

export const PLAN_FUNCTIONS: readonly PlanFunction[] = [
  {
    signature: `string.${MATCHES}(string): bool`,
    description: 'text.matches(pattern): whether an RE2 pattern occurs in the text',
    run: matches,
  },
  {
    signature: 'string.replace(string, string): string',
    description: 'the text with every occurrence of one text replaced by another',
    run: (text: string, from: string, to: string) => {
      bounded(text)
      const grown = from === '' ? text.length : text.split(from).length - 1
      if (grown * to.length > EXPRESSION_LIMITS.text) throw new Error(`a text of more than ${EXPRESSION_LIMITS.text} characters`)
      return text.replaceAll(from, () => to)
    },
  },
  { signature: 'basename(string): string', description: 'the last part of a path', run: (path: string) => posix.basename(path) },
  { signature: 'dirname(string): string', description: 'a path without its last part', run: (path: string) => posix.dirname(path) },
  { signature: 'stem(string): string', description: 'the last part of a path without its extension', run: stem },
  {
    signature: 'extension(string): string',
    description: "what follows the last dot of a path's last part, without the dot; '' when nothing does",
    run: (path: string) => posix.extname(path).slice(1),
  },
  ...datePart('year', 'the year', (date) => date.getUTCFullYear()),
  ...datePart('month', 'the month, 1 to 12,', (date) => date.getUTCMonth() + 1),
  ...datePart('day', 'the day of the month', (date) => date.getUTCDate()),
  ...datePart('hour', 'the hour', (date) => date.getUTCHours()),
  ...datePart('minute', 'the minute', (date) => date.getUTCMinutes()),
  ...['int', 'double'].map((type) => ({
    signature: `isoDate(${type}): string`,
    description: 'the date of a time in milliseconds (UTC), such as 2026-03-01',
    run: (value: bigint | number) => time(value).toISOString().slice(0, 10),
  })),
  {
    signature: 'pad(int, int): string',
    description: 'a number with zeros in front: pad(3, 2) is 03',
    run: (value: bigint, width: bigint) =>
      `${value < 0n ? '-' : ''}${String(value < 0n ? -value : value).padStart(Math.min(Number(width), 40), '0')}`,
  },
  {
    signature: 'json(dyn): string',
    description: 'a value as JSON text',
    run: (value: unknown) => bounded(JSON.stringify(plain([value])[0])),
  },
  { signature: 'list.sum(): dyn', description: 'the sum of a list of numbers', run: sum },
  { signature: 'list.unique(): list<dyn>', description: 'a list without repeats', run: unique },
  {
    signature: 'list.sort(): list<dyn>',
    description: 'a list of numbers or texts in ascending order',
    run: (list: readonly unknown[]) =>
      plain(list)
        .toSorted(compare)
        .map((value) => (Number.isSafeInteger(value) ? BigInt(value as number) : value)),
  }, // isSafeInteger said so
  {
    signature: 'list.flatten(): list<dyn>',
    description: 'a list of lists as one list',
    run: (list: readonly unknown[]) => [...list].flatMap((item) => (Array.isArray(item) ? [...item] : [item])),
  },
]
