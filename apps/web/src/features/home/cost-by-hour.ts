import type { Run } from '@life-os/contract'
import { midnight } from '../../lib/format.ts'

/** Micro-units spent in each hour since midnight, up to this one. */
export function costByHour(runs: readonly Pick<Run, 'createdAt' | 'cost'>[], now = Date.now()): number[] {
  const today = midnight(now)
  const hours = Array.from({ length: Math.max(1, Math.floor((now - today) / 3_600_000) + 1) }, () => 0)
  for (const run of runs) {
    const hour = Math.floor((run.createdAt - today) / 3_600_000)
    if (hour >= 0 && hour < hours.length) hours[hour] = (hours[hour] ?? 0) + run.cost.micros
  }
  return hours
}
