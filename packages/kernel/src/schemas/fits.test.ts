import { expect, test } from 'vitest'
import { faultsOf } from './index.ts'

const INVOICE = {
  type: 'object',
  properties: {
    total: { type: 'number', minimum: 0 },
    lines: { type: 'array', items: { $ref: '#/$defs/line' } },
    pattern: { type: 'string' },
  },
  required: ['total'],
  $defs: { line: { type: 'object', properties: { name: { type: 'string', enum: ['a', 'b'] } }, required: ['name'] } },
}

test.each<[string, unknown, (string | RegExp)[]]>([
  ['what fits', { total: 1, lines: [{ name: 'a' }], pattern: 'a property of that name, no keyword' }, []],
  ['a missing field', {}, [/^total: /]],
  ['a wrong type in a list', { total: 1, lines: [{ name: 'a' }, { name: 3 }] }, [/^lines\.1\.name: /]],
  [
    'a number that is too small, and a text that is none of these',
    { total: -1, lines: [{ name: 'c' }] },
    [/^total: /, /^lines\.0\.name: /],
  ],
  ['no object at all', 'text', [/^the whole: /]],
])('%s', (_name, value, expected) => {
  expect(faultsOf(INVOICE, value)).toEqual(expected.map((one) => expect.stringMatching(one)))
})

test('at most ten faults are told', () => {
  const many = { type: 'array', items: { type: 'number' } }
  expect(
    faultsOf(
      many,
      Array.from({ length: 50 }, () => 'x'),
    ),
  ).toHaveLength(10)
})

test('a pattern of a stranger is left out: it could think for ever', () => {
  const evil = { type: 'string', pattern: '^(a+)+$' }
  expect(faultsOf(evil, `${'a'.repeat(64)}!`)).toEqual([])
})

test('what is no schema, or one without end, refuses nothing', () => {
  let deep: Record<string, unknown> = { type: 'string' }
  for (let depth = 0; depth < 100; depth += 1) deep = { type: 'array', items: deep }
  expect(faultsOf(deep, 3)).toEqual([])
  expect(faultsOf({ type: 'nonsense' }, 3)).toEqual([])
})
