import type { UsageGroup } from '@life-os/contract'

const DAY = 86_400_000
const NOTHING = { calls: 0, failed: 0, cached: 0, input: 0, output: 0, micros: 0, latency: null }
const words = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** One group a day, oldest first, also for days on which nothing was asked. Keys are UTC days, `2026-11-21`. */
export function filledDays(groups: readonly UsageGroup[], from: number, days: number): UsageGroup[] {
  const known = new Map(groups.map((group) => [group.key, group]))
  return Array.from({ length: days }, (_, index) => {
    const key = new Date(from + index * DAY + DAY / 2).toISOString().slice(0, 10)
    return known.get(key) ?? { key, ...NOTHING }
  })
}

/** `21 Nov`. */
export const dayLabel = (key: string): string => words.format(new Date(`${key}T12:00:00Z`))
