import type { Run } from '@life-os/contract'

/** Micro-units spent in each hour since midnight, up to this one. */
export function costByHour(runs: readonly Pick<Run, 'createdAt' | 'cost'>[], now: number): number[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  const hours = Array.from({ length: Math.max(1, Math.floor((now - midnight) / 3_600_000) + 1) }, () => 0)
  for (const run of runs) {
    const hour = Math.floor((run.createdAt - midnight) / 3_600_000)
    if (hour >= 0 && hour < hours.length) hours[hour] = (hours[hour] ?? 0) + run.cost.micros
  }
  return hours
}
