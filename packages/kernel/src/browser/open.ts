import { LifeOsError } from '@life-os/contract'
import type { RunBrowser, SessionState } from './browser.ts'
import { notReached, originRefused, timedOut } from './faults.ts'
import type { OpenPage } from './page.ts'
import { placeOf } from './rules.ts'
import { settle } from './settle.ts'

export interface OpenRequest {
  url: URL
  key: string
  session: string | null
  state?: SessionState
  /** Milliseconds. */
  timeout: number
}

/** Opens an address. Errors: `browser-origin`, `browser-unreachable`, `browser-timeout`, `browser-held`. */
export async function openPage(browser: RunBrowser, request: OpenRequest, signal: AbortSignal): Promise<OpenPage> {
  const { url, key, session, state, timeout } = request
  const address = url.href
  const open = await browser.newPage({ key, address, origin: url.origin, session, ...(state && { state }) })
  try {
    const answer = await open.page.goto(address, { timeout, waitUntil: 'domcontentloaded' })
    const refused = browser.guard.whyNot(placeOf(new URL(open.page.url())))
    if (refused) throw refused // what is shown is the proxy's own sentence
    open.status = answer?.status() ?? null
    await settle(open.page, signal)
    checkPlace(browser, open)
    return open
  } catch (error) {
    if (await isFile(open, error)) return open
    const reason = reasonOf(browser, url, error, timeout)
    await open.page.close().catch(() => undefined)
    throw reason
  }
}

/** A page stays on origins that were allowed. Errors: `browser-origin`. */
export function checkPlace(browser: RunBrowser, open: OpenPage): void {
  const strayed = browser.guard.strayed()
  if (strayed !== null && !isPage(open.page.url())) throw originRefused(strayed)
}

/** Told apart by the driver's own words; the file itself is announced a moment later. */
async function isFile(open: OpenPage, error: unknown): Promise<boolean> {
  if (!(error instanceof Error) || !error.message.includes('Download is starting')) return false
  if (open.downloads.length === 0) await open.page.waitForEvent('download', { timeout: 5000 }).catch(() => undefined)
  return open.downloads.length > 0
}

const isPage = (address: string): boolean => /^https?:/.test(address)

function reasonOf({ guard }: RunBrowser, url: URL, error: unknown, timeout: number): unknown {
  if (error instanceof LifeOsError) return error
  const strayed = guard.strayed()
  if (strayed !== null) return originRefused(strayed)
  const refused = guard.whyNot(placeOf(url))
  if (refused) return refused
  const words = error instanceof Error ? error.message : String(error)
  if (/Timeout \d+ms exceeded/.test(words)) return timedOut(`Opening ${url.href}`, Math.round(timeout / 1000))
  return notReached(url.href, /net::(ERR_[A-Z_]+)/.exec(words)?.[1] ?? words.split('\n')[0] ?? 'no reason known')
}
