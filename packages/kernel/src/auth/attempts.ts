/** Slows guessing: after `free` failures of one key each next one must wait twice as long, up to `longest`. */
export interface Attempts {
  /** Milliseconds until this key may try again; 0 when it may now. */
  wait(key: string): number
  fail(key: string): void
  succeed(key: string): void
}

export interface AttemptsOptions {
  now(): number
  free?: number
  first?: number
  longest?: number
  keys?: number
}

export function createAttempts({ now, free = 5, first = 1000, longest = 15 * 60_000, keys = 10_000 }: AttemptsOptions): Attempts {
  const failures = new Map<string, { count: number; last: number }>()
  const pause = (count: number) => (count < free ? 0 : Math.min(longest, first * 2 ** (count - free)))
  return {
    wait(key) {
      const known = failures.get(key)
      return known ? Math.max(0, known.last + pause(known.count) - now()) : 0
    },
    fail(key) {
      const known = failures.get(key)
      const stale = known && now() - known.last > longest
      failures.delete(key) // re-inserted last, so that the oldest key is dropped when there are too many
      failures.set(key, { count: known && !stale ? known.count + 1 : 1, last: now() })
      const oldest = failures.keys().next()
      if (failures.size > keys && !oldest.done) failures.delete(oldest.value)
    },
    succeed(key) {
      failures.delete(key)
    },
  }
}
