import { LifeOsError } from '@life-os/plugin-sdk'
import { RE2JS } from 're2js'
import { z } from 'zod'

export const queryFields = {
  find: z.string().min(1).max(10_000).describe('What to look for'),
  regex: z
    .boolean()
    .default(false)
    .describe('Read `find` as a regular expression (RE2 syntax: no look-around, no back-references, always linear time)'),
  matchCase: z.boolean().default(true).describe('Tell upper from lower case'),
  wholeWords: z.boolean().default(false).describe('Only where no letter, digit or _ stands directly before or after'),
}
export interface Query {
  find: string
  regex: boolean
  matchCase: boolean
  wholeWords: boolean
}

/** One place found: offsets in UTF-16 units; `groups[0]` is the whole match, a group that took no part is null. */
export interface Match {
  start: number
  end: number
  groups: (string | null)[]
  named: Record<string, string | null>
}

/** Every match from left to right, not overlapping. Empty matches of an expression are left out: they have nothing to show or replace. */
export function* findMatches(text: string, query: Query): Generator<Match> {
  for (const match of query.regex || !query.matchCase ? byExpression(text, query) : byText(text, query.find)) {
    if (!query.wholeWords || isWholeWord(text, match)) yield match
  }
}

function* byText(text: string, find: string): Generator<Match> {
  for (let at = text.indexOf(find); at >= 0; at = text.indexOf(find, at + find.length)) {
    yield { start: at, end: at + find.length, groups: [find], named: {} }
  }
}

function* byExpression(text: string, query: Query): Generator<Match> {
  const expression = compile(query)
  const names = Object.entries(expression.namedGroups())
  const matcher = expression.matcher(text)
  while (matcher.find()) {
    const start = matcher.start()
    const end = matcher.end()
    if (end === start) continue
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index))
    yield { start, end, groups, named: Object.fromEntries(names.map(([name, index]) => [name, groups[index] ?? null])) }
  }
}

function compile(query: Query): RE2JS {
  const flags = RE2JS.MULTILINE | (query.matchCase ? 0 : RE2JS.CASE_INSENSITIVE)
  try {
    return RE2JS.compile(query.regex ? query.find : RE2JS.quote(query.find), flags)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new LifeOsError(
      'expression-invalid',
      `“${query.find}” is not an expression that can be used: ${reason}. Mend it, or turn off “regex” to look for the text itself.`,
      { cause },
    )
  }
}

const WORD = /[\p{Letter}\p{Mark}\p{Number}_]/u

function isWholeWord(text: string, match: Match): boolean {
  return !WORD.test(characterBefore(text, match.start)) && !WORD.test(characterAt(text, match.end))
}

function characterAt(text: string, index: number): string {
  const point = text.codePointAt(index)
  return point === undefined ? '' : String.fromCodePoint(point)
}

function characterBefore(text: string, index: number): string {
  const isPair = index >= 2 && /[\udc00-\udfff]/.test(text[index - 1] ?? '')
  return index === 0 ? '' : characterAt(text, index - (isPair ? 2 : 1))
}
