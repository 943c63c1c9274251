import { expect, test } from 'vitest'
import { budgetFrom, budgetNeeded } from './budget.ts'

test('a budget is read as a person says it', () => {
  expect(budgetFrom('20000 tokens, 0.50 usd, 10m, 5 steps, 2h from now')).toEqual({
    tokens: 20_000,
    money: '0.50 USD',
    time: '10m',
    steps: 5,
    deadline: '2h',
  })
  for (const wrong of ['', 'much', '20000', '-5 tokens', '1 tokens 2 steps'])
    expect(() => budgetFrom(wrong), wrong).toThrow(/say what it may spend from here on/)
})

test('what is told to go on with is read again, and suffices for the next step', () => {
  const needed = (part: string, limit: number, needs = 0) =>
    budgetFrom(budgetNeeded({ code: 'budget-exceeded', details: { part, limit, needs, spent: 0 } }) ?? '')
  expect(needed('tokens', 8000, 5000)).toEqual({ tokens: 10_000 })
  expect(needed('micros', 100_000)).toEqual({ money: '0.10 USD' })
  expect(needed('time', 35_000)).toEqual({ time: '1m' })
  expect(needed('deadline', 120_000)).toEqual({ deadline: '2m' })
  expect(budgetNeeded({ code: 'emergency-stop' })).toBeNull()
})
