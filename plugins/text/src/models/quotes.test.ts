import { expect, test } from 'vitest'
import { readableParts } from './parts.ts'
import { checked, quotesIn } from './quotes.ts'

const stands = quotesIn('Rent July:  CHF\n1’290.50, due on 3.7.2024. Deposit € 2.580,00')

test.each([
  ['as it stands', { value: 'Rent July', quotation: 'Rent July' }, true],
  ['over a line end, in other capitals', { value: 1290.5, quotation: 'chf 1’290.50' }, true],
  ['a number written the other way round', { value: 2580, quotation: '€ 2.580,00' }, true],
  ['a quotation that is not there', { value: 'Rent August', quotation: 'Rent August' }, false],
  ['another number than the quotation says', { value: 1920.5, quotation: 'CHF 1’290.50' }, false],
  ['no quotation', { value: 'Rent July', quotation: null }, false],
  ['an empty quotation', { value: 'Rent July', quotation: '  ' }, false],
])('%s', (_name, claim, believed) => {
  const found = checked(claim, stands)
  expect(found).toEqual(believed ? claim : { value: null, quotation: null, note: expect.any(String) as string })
})

test('what the text does not say is null without a note', () => {
  expect(checked({ value: null, quotation: null }, stands)).toEqual({ value: null, quotation: null })
})

test('parts are the text, break where it breaks, and come to an end', () => {
  const text = Array.from({ length: 3000 }, (_, index) => `Line ${index} 😀`).join('\n')
  const parts = readableParts(text)
  expect(parts.join('')).toBe(text)
  expect(parts.length).toBeGreaterThan(2)
  for (const part of parts.slice(0, -1)) expect(part.endsWith('\n')).toBe(true)
  expect(readableParts('😀'.repeat(20_000)).join('')).toBe('😀'.repeat(20_000))
  expect(readableParts('')).toEqual([])
  expect(() => readableParts('x'.repeat(800_000))).toThrow(/at most 720,000/)
})
