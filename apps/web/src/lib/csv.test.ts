import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCsv } from './csv.ts'

const print = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')).join('\n')

test.each([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a;b\r\n"x;y";"he said ""no"""\r\n',
    [
      ['a', 'b'],
      ['x;y', 'he said "no"'],
    ],
  ],
  [
    'a\tb\n1\t2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['"two\nlines",2\n', [['two\nlines', '2']]],
  ['one\ntwo\n', [['one'], ['two']]],
  ['', []],
])('%j', (text, rows) => {
  expect(parseCsv(text)).toEqual(rows)
})

test('what was printed is parsed as it was', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é') })
  fc.assert(
    fc.property(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 8 }), (rows) => {
      // Every row has as many columns, so that the comma is the most regular sign.
      expect(parseCsv(print(rows))).toEqual(rows)
    }),
  )
})

test('a limit ends it', () => {
  expect(parseCsv('a,b\n'.repeat(50), 10)).toHaveLength(10)
})
