import { randomUUID } from 'node:crypto'
import { LifeOsError } from '@life-os/contract'
import type { BrowserTarget } from '@life-os/plugin-sdk'
import type { Locator } from 'playwright-core'
import type { RunBrowser } from './browser.ts'
import type { PageElement } from './dom.ts'
import { originRefused } from './faults.ts'
import { SECRET_MARK } from './form.ts'
import type { OpenPage } from './page.ts'
import { findTarget, wordsOf } from './target.ts'

export interface Filling {
  target: BrowserTarget
  value?: string | undefined
  /** Its name; the value is entered when the action is really made. */
  secret?: string | undefined
  checked?: boolean | undefined
  option?: string | undefined
  files?: { name: string; mimeType: string; buffer: Buffer }[] | undefined
}

const TIMEOUT = 5000

/** Fills fields. From the first on nothing leaves the page. Errors: `browser-target`, `browser-field`. */
export async function fillFields(
  browser: RunBrowser,
  open: OpenPage,
  fields: readonly Filling[],
  allows: (origin: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  browser.hold(open)
  for (const field of fields) {
    signal.throwIfAborted()
    const locator = await findTarget(open.page, field.target, signal)
    await checkFrame(locator, allows)
    await enter(open, locator, field).catch((error: unknown) => {
      throw error instanceof LifeOsError ? error : unfillable(field, error)
    })
  }
}

/** What is filled in stays with origins that were allowed: a frame of somebody else's could show a field of the same name. */
async function checkFrame(locator: Locator, allows: (origin: string) => boolean): Promise<void> {
  using handle = await heldElement(locator)
  const address = (await handle.element?.ownerFrame())?.url() ?? ''
  const origin = URL.parse(address)?.origin
  if (/^https?:/.test(address) && origin !== undefined && !allows(origin)) throw originRefused(origin)
}

async function heldElement(locator: Locator) {
  const element = await locator.elementHandle({ timeout: TIMEOUT })
  return { element, [Symbol.dispose]: () => void element?.dispose().catch(() => undefined) }
}

async function enter(open: OpenPage, locator: Locator, field: Filling): Promise<void> {
  const { value, secret, checked, option, files } = field
  if (open.secrets.length > 0) await unmark(open, locator)
  if (secret !== undefined) return mark(open, locator, secret)
  if (checked !== undefined) return locator.setChecked(checked, { timeout: TIMEOUT })
  if (option !== undefined)
    return void (await locator
      .selectOption([{ label: option }], { timeout: 1000 })
      .catch(() => locator.selectOption(option, { timeout: TIMEOUT })))
  if (files !== undefined) return locator.setInputFiles(files, { timeout: TIMEOUT })
  return locator.fill(value ?? '', { timeout: TIMEOUT })
}

/** A page sees no secret before the action that sends it; until then its field is empty and bears the secret's name. */
async function mark(open: OpenPage, locator: Locator, secret: string): Promise<void> {
  await locator.fill('', { timeout: TIMEOUT })
  const id = randomUUID()
  const set = (element: PageElement, [name, value, own]: readonly [string, string, string]): void => {
    element.setAttribute(name, value)
    element.setAttribute(`${name}-field`, own)
  }
  await locator.evaluate(set as never, [SECRET_MARK, secret, id] as never) // a page's element, typed by what is used of it
  open.secrets = [...open.secrets, { secret, mark: id }]
}

/** A field that is filled in again waits for no secret any more: a call that is made after its preview finds its own marks. */
async function unmark(open: OpenPage, locator: Locator): Promise<void> {
  const take = (element: PageElement, name: string): string | null => {
    const had = element.getAttribute(`${name}-field`)
    for (const one of [name, `${name}-field`]) element.removeAttribute(one)
    return had
  }
  const had = await locator.evaluate(take as unknown as (element: unknown, name: string) => string | null, SECRET_MARK) // a page's element, typed by what is used of it
  open.secrets = open.secrets.filter(({ mark: own }) => own !== had)
}

/** Where a secret goes, by its mark; error `browser-form-changed` where the page moved it. */
export function marked(open: OpenPage, mark: string): Locator {
  return open.page.locator(`[${SECRET_MARK}-field="${mark}"]`)
}

function unfillable({ target }: Filling, error: unknown): LifeOsError {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/^locator\.\w+: /, '') ?? ''
  return new LifeOsError('browser-field', `The ${wordsOf(target)} could not be filled in: ${reason}`, { class: 'user', applied: 'no' })
}
