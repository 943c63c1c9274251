/** A fair lock between asynchronous pieces of work of this process. */
export interface Lock {
  /** The release function at once, or undefined when it is taken. */
  tryAcquire(): (() => void) | undefined
  acquire(): Promise<() => void>
}

export function createLock(): Lock {
  let held = false
  const waiting: ((release: () => void) => void)[] = []
  const releaseOnce = (): (() => void) => {
    let released = false
    return () => {
      if (released) return
      released = true
      const next = waiting.shift()
      if (next) next(releaseOnce())
      else held = false
    }
  }
  return {
    tryAcquire() {
      if (held) return undefined
      held = true
      return releaseOnce()
    },
    acquire() {
      if (held) return new Promise((resolve) => waiting.push(resolve))
      held = true
      return Promise.resolve(releaseOnce())
    },
  }
}
