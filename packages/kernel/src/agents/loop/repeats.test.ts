import { expect, test } from 'vitest'
import { createRepeats } from './repeats.ts'

const got = (output: unknown) => ({ output, failed: false })

test('the same call with the same result is refused the third time, then ends the turn, whatever the order of its input', () => {
  const repeats = createRepeats()
  for (const input of [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ]) {
    expect(repeats.verdict('t', input)).toBe('make')
    repeats.note('t', input, got('x'))
  }
  expect([repeats.verdict('t', { a: 1, b: 2 }), repeats.verdict('t', { b: 2, a: 1 })]).toEqual(['repeated', 'again'])
  expect(repeats.verdict('t', { a: 1 })).toBe('make')
})

test('a result that changes is progress, a failure after a success too', () => {
  const repeats = createRepeats()
  for (const result of [got(1), got(2), got(3), { output: 3, failed: true }, got(3)]) {
    expect(repeats.verdict('t', {})).toBe('make')
    repeats.note('t', {}, result)
  }
})

test('after something was changed the same call is made again', () => {
  const repeats = createRepeats()
  for (let time = 0; time < 2; time += 1) repeats.note('t', {}, got('x'))
  repeats.changed()
  expect(repeats.verdict('t', {})).toBe('make')
})
