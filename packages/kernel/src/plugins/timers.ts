/** Time as this module uses it; tests give their own. */
export interface Timers {
  now(): number
  /** Runs `work` once after some milliseconds unless disposed before. */
  after(milliseconds: number, work: () => void): Disposable
}

/** Real time; a waiting timer does not keep the server alive. */
export const realTimers: Timers = {
  now: () => Date.now(),
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds).unref()
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}
