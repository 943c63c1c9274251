/** Page loads of one origin: so many at once, then one after the other. */
export interface Rate {
  /** Resolves when the next load may begin. */
  turn(origin: string, signal: AbortSignal): Promise<void>
}

export interface RateDependencies {
  now(): number
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}
const BURST = 5
const REMEMBERED = 1000

/** `everySecond`: loads a second, when the burst of five is used up. */
export function createRate({ now, sleep }: RateDependencies, everySecond: () => number): Rate {
  /** When the bucket of an origin is full again. */
  const full = new Map<string, number>()
  return {
    async turn(origin, signal) {
      const cost = 1000 / Math.max(0.01, everySecond())
      const at = Math.max(full.get(origin) ?? 0, now()) + cost
      full.delete(origin)
      full.set(origin, at)
      for (const oldest of full.keys()) {
        if (full.size <= REMEMBERED) break
        full.delete(oldest)
      }
      const early = at - now() - BURST * cost
      if (early > 0) await sleep(early, signal)
    },
  }
}
