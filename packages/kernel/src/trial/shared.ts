import { setTimeout as wait } from 'node:timers/promises'
import { createBrowserHost, systemLookup } from '../host/index.ts'
import type { BrowserHost } from '../host/index.ts'
import { createSandbox } from '../sandbox/index.ts'
import type { SharedMeans } from './call-host.ts'

/** One sandbox and one browser for many calls. Calls follow each other: each finds the browser as if it had just started. */
export interface SharedTrial extends AsyncDisposable {
  /** For one call, with the settings that it would find. */
  meansFor(settings: Record<string, unknown>): Promise<SharedMeans>
}

/** Makes nothing before the first call that needs it. */
export function shareTrial(): SharedTrial {
  let made: Promise<Made> | undefined
  let current: Record<string, unknown> = {}
  return {
    async meansFor(settings) {
      current = settings
      const { sandbox, browser } = await (made ??= make(() => current))
      return { sandbox, browser }
    },
    async [Symbol.asyncDispose]() {
      const ending = await made
      made = undefined
      await ending?.stack.disposeAsync()
    },
  }
}

interface Made extends SharedMeans {
  stack: AsyncDisposableStack
}

async function make(settingsOf: () => Record<string, unknown>): Promise<Made> {
  await using stack = new AsyncDisposableStack()
  const sandbox = stack.use(await createSandbox())
  const sleep = (milliseconds: number, signal: AbortSignal) => wait(milliseconds, undefined, { signal })
  const browser = stack.use(createBrowserHost({ sandbox, lookup: systemLookup, settingsOf, now: Date.now, sleep }))
  return { sandbox, browser: asOneRun(browser), stack: stack.move() }
}

const RUN = 'trial'

/** Every run is served by one browser, which is emptied where a run ends instead of stopped. */
function asOneRun(host: BrowserHost): BrowserHost {
  const { browsers } = host
  return {
    ...host,
    browsers: {
      ...browsers,
      use: (_run, reach, signal, work) => browsers.use(RUN, reach, signal, work),
      async closeRun() {
        if (browsers.running === 0) return
        const nowhere = { allows: () => false, places: [], elsewhere: false }
        await browsers.use(RUN, nowhere, new AbortController().signal, (browser) => browser.clear())
      },
    },
    serving: (_run, scope) => host.serving(RUN, scope),
  }
}
