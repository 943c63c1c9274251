import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'

/** Milliseconds a page is given to come to rest; one that never does is taken as it is. */
const LOAD = 10_000
const QUIET = 3000

/** Waits until a page has loaded and its network is quiet, within bounds: many pages are never done. */
export async function settle(page: Page, signal: AbortSignal): Promise<void> {
  const within = (state: 'load' | 'networkidle', timeout: number): Promise<unknown> =>
    Promise.race([page.waitForLoadState(state, { timeout }).catch(() => undefined), wait(timeout, undefined, { signal, ref: false })])
  await within('load', LOAD)
  await within('networkidle', QUIET)
}
