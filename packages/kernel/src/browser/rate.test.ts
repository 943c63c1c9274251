import { expect, test } from 'vitest'
import { createRate } from './rate.ts'

test('five loads at once, then one after the other; each site for itself', async () => {
  let now = 0
  const slept: number[] = []
  const sleep = async (milliseconds: number) => {
    slept.push(milliseconds)
    now += milliseconds
  }
  const rate = createRate({ now: () => now, sleep }, () => 1)
  const { signal } = new AbortController()
  for (let load = 0; load < 7; load += 1) await rate.turn('https://a.example', signal)
  await rate.turn('https://b.example', signal)
  expect(slept).toEqual([1000, 1000])
  now += 60_000
  for (let load = 0; load < 5; load += 1) await rate.turn('https://a.example', signal)
  expect(slept).toHaveLength(2)
})
