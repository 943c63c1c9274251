import { expect, test } from 'vitest'
import { dayLabel, filledDays } from './days.ts'

test('every day has its place, also one on which nothing was asked', () => {
  const group = { key: '2026-11-20', calls: 2, failed: 0, cached: 0, input: 10, output: 5, micros: 7, latency: 3 }
  const days = filledDays([group], Date.parse('2026-11-19T00:00:00Z'), 3)
  expect(days.map(({ key, micros }) => [key, micros])).toEqual([
    ['2026-11-19', 0],
    ['2026-11-20', 7],
    ['2026-11-21', 0],
  ])
  expect(dayLabel('2026-11-20')).toBe('20 Nov')
})
