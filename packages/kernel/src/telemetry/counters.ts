/** Counts and durations by name; read by health and, later, by the metrics page. */
export interface Counters {
  count(name: string, by?: number): void
  /** Adds one duration in milliseconds. */
  time(name: string, milliseconds: number): void
  read(): Record<string, { count: number; total: number; max: number }>
}

export function createCounters(): Counters {
  const entries = new Map<string, { count: number; total: number; max: number }>()
  const entry = (name: string) => {
    const known = entries.get(name)
    if (known) return known
    const made = { count: 0, total: 0, max: 0 }
    entries.set(name, made)
    return made
  }
  return {
    count(name, by = 1) {
      entry(name).count += by
    },
    time(name, milliseconds) {
      const known = entry(name)
      known.count += 1
      known.total += milliseconds
      known.max = Math.max(known.max, milliseconds)
    },
    read: () => Object.fromEntries([...entries].map(([name, value]) => [name, { ...value }])),
  }
}
