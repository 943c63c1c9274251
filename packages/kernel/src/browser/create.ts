import { startRunBrowser } from './browser.ts'
import type { RunBrowser } from './browser.ts'
import { crashed, tooMany } from './faults.ts'
import type { BrowserDependencies, Reach } from './types.ts'

/** Browsers of runs: each started at its first call, stopped when its run ends or nobody has used it for a while. */
export interface Browsers extends AsyncDisposable {
  /**
   * One call at a time has a run's browser, with what that call may reach; afterwards its pages have no network. Errors:
   * `browser-missing`, `sandbox-missing`, `browser-failed`, `browser-busy`, `browser-crashed`.
   */
  use<Result>(run: string, reach: Reach, signal: AbortSignal, work: (browser: RunBrowser) => Promise<Result>): Promise<Result>
  closeRun(run: string): Promise<void>
  readonly running: number
}

const IDLE = 15 * 60_000
const MOST = 3

interface Held {
  browser: Promise<RunBrowser>
  turn: Promise<unknown>
  calls: number
  usedAt: number
  timer: NodeJS.Timeout | undefined
}

export function createBrowsers(dependencies: BrowserDependencies): Browsers {
  const { idle = IDLE, most = MOST, now = Date.now } = dependencies
  const runs = new Map<string, Held>()

  const end = async (run: string, held: Held): Promise<void> => {
    clearTimeout(held.timer)
    if (runs.get(run) === held) runs.delete(run)
    await held.browser.then((browser) => browser[Symbol.asyncDispose]()).catch(() => undefined) // it never started
  }
  const makeRoom = async (): Promise<void> => {
    if (runs.size < most) return
    const [oldest] = [...runs].filter(([, held]) => held.calls === 0).toSorted((one, other) => one[1].usedAt - other[1].usedAt)
    if (!oldest) throw tooMany(most)
    await end(...oldest)
  }
  const start = (run: string): Held => {
    const held: Held = { browser: startRunBrowser(dependencies, run), turn: Promise.resolve(), calls: 0, usedAt: now(), timer: undefined }
    runs.set(run, held)
    held.browser.then(
      (browser) => browser.chromium.gone.addEventListener('abort', () => void end(run, held), { once: true }),
      () => void end(run, held),
    )
    return held
  }

  return {
    get running() {
      return runs.size
    },
    async use(run, reach, signal, work) {
      if (!runs.has(run)) await makeRoom()
      const held = runs.get(run) ?? start(run)
      held.calls += 1
      clearTimeout(held.timer)
      const mine = held.turn.catch(() => undefined).then(async () => withReach(await held.browser, reach, signal, work))
      held.turn = mine
      try {
        return await mine
      } finally {
        held.calls -= 1
        held.usedAt = now()
        if (held.calls === 0 && runs.get(run) === held) held.timer = setTimeout(() => void end(run, held), idle).unref()
      }
    },
    async closeRun(run) {
      const held = runs.get(run)
      if (held) await end(run, held)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...runs].map(([run, held]) => end(run, held)))
    },
  }
}

/** Ends with the browser, with the call, or with the work, whichever is first. */
async function withReach<Result>(
  browser: RunBrowser,
  reach: Reach,
  signal: AbortSignal,
  work: (browser: RunBrowser) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted()
  const { gone } = browser.chromium
  const over = Promise.withResolvers<never>()
  const stop = (): void => over.reject(signal.aborted ? signal.reason : crashed(browser.guard.sent > 0 ? 'unknown' : 'no'))
  signal.addEventListener('abort', stop, { once: true })
  gone.addEventListener('abort', stop, { once: true })
  try {
    browser.guard.admit(reach)
    return await Promise.race([work(browser), over.promise])
  } catch (error) {
    if (gone.aborted && !signal.aborted) throw crashed(browser.guard.sent > 0 ? 'unknown' : 'no')
    throw error
  } finally {
    browser.guard.admit(null)
    browser.guard.act(undefined)
    signal.removeEventListener('abort', stop)
    gone.removeEventListener('abort', stop)
  }
}
