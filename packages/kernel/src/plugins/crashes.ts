const WINDOW = 10 * 60_000
const MOST = 5
const LONGEST_WAIT = 10_000

/** Crashes of one plugin within the last ten minutes: how long to wait before the next start, and when to stop trying. */
export interface Crashes {
  /** True when it is one too many. */
  add(now: number): boolean
  /** Milliseconds to wait before starting again: none after the first crash, then 100 ms, doubling up to 10 s. */
  wait(now: number): number
  clear(): void
}

export function createCrashes(): Crashes {
  let times: number[] = []
  const recent = (now: number) => (times = times.filter((time) => now - time < WINDOW))
  return {
    add(now) {
      times.push(now)
      return recent(now).length >= MOST
    },
    wait(now) {
      const had = recent(now)
      const last = had.at(-1)
      if (last === undefined || had.length < 2) return 0
      return Math.max(0, last + Math.min(LONGEST_WAIT, 100 * 2 ** (had.length - 2)) - now)
    },
    clear: () => void (times = []),
  }
}
