import { expect, test } from 'vitest'
import { date } from './date.ts'

const at = (now: string) => ({ clock: { now: async () => Date.parse(now) } }) as Parameters<typeof date.run>[1] // all that it asks of the host
const told = (input: Partial<Parameters<typeof date.run>[0]>, now = '2026-06-30T23:30:00Z') =>
  date.run({ zone: 'UTC', add: {}, ...input }, at(now))

test.each<[Partial<Parameters<typeof date.run>[0]>, object]>([
  [{}, { day: '2026-06-30', weekday: 'Tuesday', quarter: 2, days: null }],
  [{ zone: 'Asia/Tokyo' }, { day: '2026-07-01', quarter: 3 }],
  [{ day: '2024-02-29', add: { years: 1 } }, { day: '2025-02-28' }],
  [{ day: '2026-01-15', add: { months: -13, weeks: 1, days: -1 } }, { day: '2024-12-21' }],
  [{ day: '2021-01-01' }, { week: '2020-W53' }],
  [
    { day: '2024-12-30', until: '2024-12-25' },
    { week: '2025-W01', days: -5 },
  ],
])('%j is %j', async (input, expected) => {
  expect(await told(input)).toMatchObject(expected)
})

test.each([
  [{ day: '2026-02-30' }, 'date-invalid'],
  [{ zone: 'Europe/Atlantis' }, 'zone-unknown'],
  [{ day: '2026-01-01', add: { years: 1e15 } }, 'date-invalid'],
])('%j is refused', async (input, code) => {
  await expect(told(input)).rejects.toMatchObject({ code })
})
