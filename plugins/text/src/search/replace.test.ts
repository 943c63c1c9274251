import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineCounter } from './lines.ts'
import { findMatches } from './query.ts'
import type { Query } from './query.ts'
import { replaceMatches } from './replace.ts'

const plain = (find: string, more: Partial<Query> = {}): Query => ({ find, regex: false, matchCase: true, wholeWords: false, ...more })
const expression = (find: string, more: Partial<Query> = {}): Query => plain(find, { regex: true, ...more })
const replaced = (text: string, query: Query, by: string, limit = 1000): string => replaceMatches(text, query, by, limit).text

describe('replaceMatches', () => {
  test.each([
    ['a plain text as it is', 'a.b a.b axb', plain('a.b'), '$1', '$1 $1 axb'],
    ['without case', 'Straße STRASSE Strasse', plain('strasse', { matchCase: false }), 'x', 'Straße x x'],
    ['whole words only', 'cat concat cat. Katze cät', plain('cat', { wholeWords: true }), 'dog', 'dog concat dog. Katze cät'],
    [
      'whole words beside letters that are not ASCII',
      'über übercat caté cat',
      plain('cat', { wholeWords: true }),
      'x',
      'über übercat caté x',
    ],
    ['groups', '2024-07-13', expression('(\\d+)-(\\d+)-(\\d+)'), '$3.$2.$1', '13.07.2024'],
    ['a named group and the whole', 'ab', expression('(?P<x>a)b'), '$<x>[$&]$$', 'a[ab]$'],
    ['a group that is not there stays as written', 'a', expression('(a)'), '$2 $<no> $10', '$2 $<no> a0'],
    ['line by line', 'a\nb\n', expression('^(.)$'), '> $1', '> a\n> b\n'],
    ['nothing for an empty match', 'abc', expression('x*'), 'y', 'abc'],
    ['outside the basic plane', '😀 cat😀cat 😀', plain('cat', { wholeWords: true }), 'x', '😀 x😀x 😀'],
  ])('replaces %s', (_what, text, query, by, expected) => {
    expect(replaced(text, query, by)).toBe(expected)
  })

  test('counts, and stops at the limit', () => {
    expect(replaceMatches('aaaa', plain('a'), 'b', 2)).toEqual({ text: 'bbaa', count: 2 })
    expect(replaceMatches('xyz', plain('a'), 'b', 2)).toEqual({ text: 'xyz', count: 0 })
  })

  test('says what is wrong with an expression, look-around and back-references included', () => {
    for (const find of ['(', 'a(?=b)', '(a)\\1', '(?<!a)b'])
      expect(() => [...findMatches('text', expression(find))]).toThrow(expect.objectContaining({ code: 'expression-invalid' }))
  })

  test('an expression that would keep a backtracking matcher busy for ages ends before the test times out', () => {
    const text = `${'a'.repeat(50_000)}!`
    expect(replaceMatches(text, expression('^(a+)+$'), '', 10).count).toBe(0)
  })

  test('plain replacing is what splitting and joining does', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '$', '&', '1', '\n') }),
        fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom('a', 'b') }),
        fc.string({ maxLength: 3 }),
        (text, find, by) => {
          expect(replaceMatches(text, plain(find), by, Number.MAX_SAFE_INTEGER).text).toBe(text.split(find).join(by))
        },
      ),
    )
  })

  test('a quoted plain search without case finds what lower-casing finds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'A', '.', '*', '(') }),
        fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom('a', '.', '*', '(') }),
        (text, find) => {
          expect(replaceMatches(text, plain(find, { matchCase: false }), '-', 1000).text).toBe(replaceBySlices(text, find))
        },
      ),
    )
  })
})

/** The reference: lower-cased positions in the text as written. */
function replaceBySlices(text: string, find: string): string {
  const lower = text.toLowerCase()
  let result = ''
  let last = 0
  for (let at = lower.indexOf(find); at >= 0; at = lower.indexOf(find, last)) {
    result += `${text.slice(last, at)}-`
    last = at + find.length
  }
  return result + text.slice(last)
}

test('lineCounter tells line, column and the line', () => {
  const locate = lineCounter('one\r\ntwo\n\nfour')
  expect(locate(0)).toEqual({ line: 1, column: 1, text: 'one' })
  expect(locate(6)).toEqual({ line: 2, column: 2, text: 'two' })
  expect(locate(10)).toEqual({ line: 4, column: 1, text: 'four' })
})
