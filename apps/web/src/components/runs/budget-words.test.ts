import { expect, test } from 'vitest'
import { budgetOf, budgetWords, reachedBy } from './budget-words.ts'

const stopped = (details: Record<string, unknown>) => ({ code: 'budget-exceeded', class: 'user' as const, message: 'No more.', details })

test('a limit that was reached is told in units of its field, with more than the next step may take', () => {
  expect(reachedBy(stopped({ part: 'tokens', spent: 3000, limit: 8000, needs: 5200 }))).toMatchObject({ part: 'tokens', suggested: 10_400 })
  expect(reachedBy(stopped({ part: 'micros', spent: 90_000, limit: 100_000, needs: 20_000 }))).toMatchObject({
    part: 'money',
    unit: 'USD',
    spent: 0.09,
    limit: 0.1,
    suggested: 0.1,
  })
  expect(reachedBy(stopped({ part: 'time', spent: 40_000, limit: 35_000, needs: 0 }))).toMatchObject({ unit: 'minutes', suggested: 1 })
  expect(reachedBy(stopped({ code: 'x' }))).toBeNull()
  expect(reachedBy({ code: 'emergency-stop', class: 'user', message: '' })).toBeNull()
})

test('what is typed is a budget, and anything but an amount is none', () => {
  const of = (part: string) => {
    const reached = reachedBy(stopped({ part, spent: 1, limit: 1 }))
    if (!reached) throw new Error(part)
    return reached
  }
  expect(budgetOf(of('tokens'), '20,000')).toEqual({ tokens: 20_000 })
  expect(budgetOf(of('micros'), '0,50')).toEqual({ money: '0.500000 USD' })
  expect(budgetOf(of('time'), '1.5')).toEqual({ time: '90s' })
  for (const wrong of ['', '0', '-1', 'many']) expect(budgetOf(of('steps'), wrong)).toBeNull()
  expect(budgetWords({ tokens: 5, time: '10m' })).toBe('5 tokens, 10m of work')
})
