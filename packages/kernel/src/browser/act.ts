import { setTimeout as wait } from 'node:timers/promises'
import type { PageField } from '@life-os/contract'
import type { Frame, Locator } from 'playwright-core'
import type { RunBrowser } from './browser.ts'
import { formDrifted, originRefused, secretFieldGone } from './faults.ts'
import { marked } from './fill.ts'
import { formAt } from './form.ts'
import type { OpenPage } from './page.ts'
import { settle } from './settle.ts'
import { findTarget } from './target.ts'
import type { BrowserTarget } from '@life-os/plugin-sdk'

export interface Action {
  kind: 'click' | 'press'
  target?: BrowserTarget | undefined
  key?: string | undefined
  expect?: 'navigation' | 'download' | 'nothing' | undefined
  accept?: boolean | undefined
}

/** What an action would do, read from the page: a person sees it before it is made. */
export interface Foreseen {
  locator: Locator | null
  /** `button “Send”`, with the key that is pressed. */
  words: string
  form: { method: string; url: string } | null
  fields: PageField[]
}

/** Milliseconds: a click that starts nothing has done what it does by then. */
const QUIET = 500
const DOWNLOAD = 60_000
const CLICK = 10_000
/** A script that has sent something is given so long to lead elsewhere. */
const ANSWER = 1500

/** Error: `browser-target`. */
export async function foresee(open: OpenPage, action: Action, signal: AbortSignal): Promise<Foreseen> {
  const locator = action.target ? await findTarget(open.page, action.target, signal) : null
  const found = locator ? await formAt(locator) : { form: null, fields: [] }
  const named = locator ? await nameOf(locator) : 'the page'
  const key = action.kind === 'press' ? `${action.key ?? 'Enter'} on ` : ''
  return { locator, words: `${key}${named}${action.accept === true ? ', and yes to its question' : ''}`, ...found }
}

/** As the accessibility tree names it. */
async function nameOf(locator: Locator): Promise<string> {
  const [line = ''] = (await locator.ariaSnapshot({ timeout: 2000 }).catch(() => '')).split('\n')
  const match = /^- '?([a-z]+)(?: "((?:[^"\\]|\\.)*)")?/.exec(line)
  if (!match) return 'an element'
  return match[2] === undefined ? (match[1] ?? '') : `${match[1]} “${match[2].slice(0, 200)}”`
}

/**
 * Makes the action: secrets are entered, the page has its network, forms may go to allowed origins. A form that the page
 * sends by itself must be the one that was shown. Errors: `browser-form-changed`, `browser-origin`, both with nothing sent.
 */
export async function perform(
  browser: RunBrowser,
  open: OpenPage,
  action: Action,
  foreseen: Foreseen,
  reveal: (secret: string) => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  const { guard } = browser
  guard.act(foreseen.form ? { url: foreseen.form.url, fields: shownText(foreseen.fields) } : null)
  let moved = false
  const follow = (frame: Frame): void => void (moved ||= frame === open.page.mainFrame())
  open.page.on('framenavigated', follow)
  try {
    await enterSecrets(open, reveal)
    open.accepts = action.accept === true
    browser.letGo(open)
    await press(open, action, foreseen.locator)
    await afterwards(browser, open, action, () => moved, signal)
  } finally {
    open.page.off('framenavigated', follow)
    open.accepts = false
    guard.act(undefined)
  }
  if (guard.drifted && guard.sent === 0) throw formDrifted()
  const strayed = guard.strayed()
  if (strayed !== null && guard.sent === 0) throw originRefused(strayed)
}

/** Nothing leaves the page yet. Errors: those of `reveal`, `browser-form-changed`. */
async function enterSecrets(open: OpenPage, reveal: (secret: string) => Promise<string>): Promise<void> {
  for (const { secret, mark } of open.secrets) {
    const value = await reveal(secret)
    await marked(open, mark)
      .fill(value, { timeout: 5000 })
      .catch(() => {
        throw secretFieldGone(secret) // the driver's own words hold what it could not type
      })
  }
  open.secrets = []
}

const shownText = (fields: readonly PageField[]): [string, string][] =>
  fields.flatMap(({ kind, name, value }): [string, string][] =>
    kind === 'text' && name !== '' && value.length < 4000 ? [[name, value]] : [],
  )

async function press({ page }: OpenPage, action: Action, locator: Locator | null): Promise<void> {
  if (action.kind === 'press')
    return locator ? locator.press(action.key ?? 'Enter', { timeout: CLICK }) : page.keyboard.press(action.key ?? 'Enter')
  if (locator) await locator.click({ timeout: CLICK, noWaitAfter: true })
}

/** Waits for what is expected, and for a page that another takes the place of. */
async function afterwards(
  browser: RunBrowser,
  open: OpenPage,
  { expect }: Action,
  moved: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const until = Date.now() + (expect === 'download' ? DOWNLOAD : expect === 'navigation' ? CLICK : QUIET)
  let sentAt: number | null = null
  const happened = (): boolean => {
    if (browser.guard.drifted || open.page.isClosed() || moved()) return true
    if (expect === 'download') return open.downloads.length > 0
    if (browser.guard.sent > 0) sentAt ??= Date.now()
    return sentAt !== null && Date.now() - sentAt > ANSWER // a script sent it, and stays on its page
  }
  while (Date.now() < until && !happened()) await wait(50, undefined, { signal })
  if (!open.page.isClosed()) await settle(open.page, signal)
}
