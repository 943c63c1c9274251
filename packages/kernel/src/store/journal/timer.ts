import type { Durability } from '../types.ts'

/** How long the journal waits. Injected in tests. */
export interface Timing {
  /** After what is ready now, so that concurrent runs share a commit. Returns a cancel function. */
  soon(work: () => void): () => void
  /** After the longest time an append with durability `next` may stay in memory. */
  later(work: () => void): () => void
}

const NEXT_WITHIN = 50 // ms

export const realTiming: Timing = {
  soon(work) {
    const handle = setImmediate(work)
    return () => clearImmediate(handle)
  },
  later(work) {
    const handle = setTimeout(work, NEXT_WITHIN)
    return () => clearTimeout(handle)
  },
}

/** Starts the commit once: soon for `sync`, later for `next`; the earlier one wins. */
export function createTimer(commit: () => void, timing: Timing = realTiming) {
  let pending: { durability: Durability; cancel: () => void } | undefined
  const stop = (): void => {
    pending?.cancel()
    pending = undefined
  }
  const fire = (): void => {
    pending = undefined
    commit()
  }
  return {
    stop,
    start(durability: Durability): void {
      if (pending && (pending.durability === 'sync' || durability === 'next')) return
      stop()
      pending = { durability, cancel: durability === 'sync' ? timing.soon(fire) : timing.later(fire) }
    },
  }
}
