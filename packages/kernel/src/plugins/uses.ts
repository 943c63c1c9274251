import type { Timers } from './timers.ts'

/** How many are using something, so that it can be put away once nobody does. */
export interface Uses {
  readonly count: number
  /** Counts one more until the answer is disposed. */
  take(): Disposable
  /** Resolves when nobody uses it, or after the time given in milliseconds. */
  none(atMost: number): Promise<void>
}

const LONGEST_TIMER = 2 ** 31 - 1

export function createUses(timers: Timers): Uses {
  let count = 0
  const waiting = new Set<() => void>()
  return {
    get count() {
      return count
    },
    take() {
      count++
      let taken = true
      return {
        [Symbol.dispose]() {
          if (!taken) return
          taken = false
          if (--count === 0) for (const go of waiting) go()
        },
      }
    },
    async none(atMost) {
      if (count === 0 || atMost <= 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.add(resolve)
      using _timer = timers.after(Math.min(atMost, LONGEST_TIMER), resolve)
      await promise
      waiting.delete(resolve)
    },
  }
}
