import { expect, test } from 'vitest'
import { budgetWords } from './agent-words.ts'

test('a budget is said in words', () => {
  expect(budgetWords({ time: '30m', tokens: 400_000 })).toBe('30 minutes · 400,000 tokens')
  expect(budgetWords({ time: '1h', money: '0.10 USD' })).toBe('1 hour · 0.10 USD')
  expect(budgetWords(undefined)).toBe('as the run has it')
})
