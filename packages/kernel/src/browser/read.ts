import type { BrowserTarget } from '@life-os/plugin-sdk'
import type { Page } from 'playwright-core'
import type { PageControl, PageDocument, PageElement } from './dom.ts'
import { SECRET_MARK } from './form.ts'
import { settle } from './settle.ts'
import { findTarget } from './target.ts'
import { within } from './within.ts'

const PASSWORDS = 'input[type=password]'
/** A page longer than this is cut in a picture of the whole. */
const TALLEST = 16_000
const TREE = 5000
/** Bytes of a picture that is kept for every action; a screen of noise is 3.4 MB as PNG. */
const SMALL = 1_000_000
const MASKED = '••••••'
/** What covers a password in a picture: plain in a light and in a dark page. */
const MASK = '#6b7280'
const RECORDS = 5000
const FIELD = 10_000

/** Accessibility tree with refs, and the text that a person would read; what is typed into password fields is in neither. */
export async function readPage(page: Page, most: number): Promise<{ tree: string; text: string; cut: boolean }> {
  const asked = page.frames().map((frame) => within(frame.locator(PASSWORDS).evaluateAll(valuesOf as never), []))
  const typed = (await Promise.all(asked)).flat() as string[] // valuesOf gives texts
  const whole = page.ariaSnapshot({ mode: 'ai', timeout: TREE })
  const tree = (await within(whole, null, TREE)) ?? (await within(page.ariaSnapshot({ timeout: TREE }), '', TREE)) // a blocked frame never answers: then without frames and refs
  const text = String(await within(page.evaluate(textOf as never), ''))
  const shown = { tree: without(tree, typed), text: without(text, typed) }
  const cut = shown.tree.length > most || shown.text.length > most
  return { tree: shown.tree.slice(0, most), text: shown.text.slice(0, most), cut }
}

const valuesOf = (elements: PageControl[]): string[] => elements.map((element) => element.value).filter((value) => value !== '')
const textOf = (): string => (globalThis as unknown as { document: PageDocument }).document.body?.innerText ?? '' // runs in the page
const without = (text: string, values: readonly string[]): string => values.reduce((left, value) => left.replaceAll(value, MASKED), text)

/** PNG, with password fields and secrets covered. A page that is just giving way to another is looked at once more. */
export async function picture(page: Page, options: Picture, signal: AbortSignal): Promise<Buffer> {
  return take(page, options, signal).catch(async (error: unknown) => {
    if (!(error instanceof Error) || !/context was destroyed|navigat/i.test(error.message)) throw error
    await settle(page, signal)
    return take(page, options, signal)
  })
}
export interface Picture {
  full?: boolean
  target?: BrowserTarget
}

/** The same as it is kept for every action: what fits on the screen, as JPEG where a page makes a large PNG of it. */
export async function smallPicture(page: Page, signal: AbortSignal): Promise<Buffer> {
  const png = await picture(page, {}, signal)
  return png.length <= SMALL ? png : page.screenshot({ ...covered(page), type: 'jpeg', quality: 40 })
}

const covered = (page: Page) => {
  const mask = page.frames().flatMap((frame) => [frame.locator(PASSWORDS), frame.locator(`[${SECRET_MARK}]`)])
  return { mask, maskColor: MASK, animations: 'disabled', caret: 'hide', timeout: 15_000 } as const
}

async function take(page: Page, options: Picture, signal: AbortSignal): Promise<Buffer> {
  const shot = { ...covered(page), type: 'png' } as const
  if (options.target) return (await findTarget(page, options.target, signal)).screenshot(shot)
  if (options.full !== true) return page.screenshot(shot)
  const { width } = page.viewportSize() ?? { width: 1280 }
  const height = await page.evaluate('Math.ceil(document.documentElement.scrollHeight)').then(Number)
  if (height <= TALLEST) return page.screenshot({ ...shot, fullPage: true })
  return page.screenshot({ ...shot, fullPage: true, clip: { x: 0, y: 0, width, height: TALLEST } })
}

/** Width and height of a PNG (W3C PNG, 11.2.2): 16 bytes before them are signature and chunk header. */
export const sizeOf = (png: Buffer): { width: number; height: number } => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) })

export interface Shape {
  each?: string | undefined
  fields: Record<string, { css: string; attribute?: string | undefined }>
}

/** One record an element of `each`, or one of the whole page; null where nothing is found. */
export async function extract(page: Page, shape: Shape): Promise<Record<string, string | null>[]> {
  return page.evaluate(recordsOf as unknown as (given: unknown) => Record<string, string | null>[], {
    shape,
    records: RECORDS,
    field: FIELD,
  }) // typed here by what is used of the page
}

function recordsOf({ shape, records, field }: { shape: Shape; records: number; field: number }): Record<string, string | null>[] {
  const { document } = globalThis as unknown as { document: PageDocument & { documentElement: PageElement } } // runs in the page
  const roots = shape.each === undefined ? [document.documentElement] : [...document.querySelectorAll(shape.each)]
  return roots.slice(0, records).map((root) =>
    Object.fromEntries(
      Object.entries(shape.fields).map(([name, { css, attribute }]) => {
        const found = css === '' ? root : root.querySelector(css)
        if (!found) return [name, null]
        const address = attribute === 'href' || attribute === 'src' ? found.getAttribute(attribute) : null
        const value =
          address === null
            ? attribute === undefined
              ? found.innerText.trim()
              : found.getAttribute(attribute)
            : (URL.parse(address, document.baseURI)?.href ?? address)
        return [name, value === null ? null : value.slice(0, field)]
      }),
    ),
  )
}
