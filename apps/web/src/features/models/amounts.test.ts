import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountOf, limitText } from './amounts.ts'

test.each([
  ['', undefined],
  ['  ', undefined],
  ['0', 0],
  ['0.50', 500_000],
  ['1,25', 1_250_000],
  ['12', 12_000_000],
  ['a lot', 'invalid'],
  ['-1', 'invalid'],
  ['1e3', 'invalid'],
  ['1.23.4', 'invalid'],
])('“%s”', (text, amount) => {
  expect(amountOf(text)).toBe(amount)
})

test('what is shown is read as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_000_000_000 }), (micros) => {
      expect(amountOf(limitText(micros))).toBe(micros)
    }),
  )
})
