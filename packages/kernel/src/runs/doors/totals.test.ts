import { expect, it } from 'vitest'
import { createTotals } from './totals.ts'

it('counts a short list each time and a long one once a second, each question by itself', async () => {
  let now = 0
  let counted = 0
  const totals = createTotals(() => now)
  const ask = (question: string, rows: number): Promise<number> =>
    totals.of(question, async () => {
      counted += 1
      return rows
    })
  expect([await ask('few', 3), await ask('few', 4)]).toEqual([3, 4])
  expect([await ask('many', 5000), await ask('many', 5001), await ask('other', 7000)]).toEqual([5000, 5000, 7000])
  now = 999
  expect(await ask('many', 5002)).toBe(5000)
  now = 1000
  expect(await ask('many', 900)).toBe(900)
  expect(await ask('many', 901)).toBe(901)
  expect(counted).toBe(6)
})
