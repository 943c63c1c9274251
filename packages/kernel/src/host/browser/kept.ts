import type { BrowserDone, BrowserPage } from '@life-os/plugin-sdk'
import { checkPlace, originRefused, smallPicture, within } from '../../browser/index.ts'
import type { OpenPage, RunBrowser, Traced } from '../../browser/index.ts'
import type { Redactor } from '../../secrets/types.ts'
import { placeOfUrl, redactorOf } from '../net/credential.ts'
import type { PageShown } from '../types.ts'
import type { BrowserContext } from './context.ts'
import { allowsOrigin } from './reach.ts'

/** Milliseconds for a file to arrive, and bytes of one. */
const ARRIVAL = 60_000

/** Knows the secrets that this page may have been told. */
export function redactorFor(context: BrowserContext, open: OpenPage, ways: readonly string[] = []): Redactor {
  const places = [open.page.url(), open.address, ...ways]
    .map((address) => URL.parse(address))
    .flatMap((one) => (one && /^https?:$/.test(one.protocol) ? [placeOfUrl(one)] : []))
  return redactorOf(context.secrets, places)
}

/** Where a page is. Error: `browser-origin` when it left what was allowed. */
export async function stateOf(context: BrowserContext, browser: RunBrowser, open: OpenPage): Promise<BrowserPage> {
  checkPlace(browser, open)
  const address = open.page.url()
  const url = URL.parse(address)
  if (url && /^https?:$/.test(url.protocol) && !allowsOrigin(context.scope, url.origin)) throw originRefused(url.origin)
  if (url) context.scope.seen.add('untrusted', url.origin === 'null' ? (URL.parse(open.address)?.origin ?? 'a web page') : url.origin)
  const redactor = redactorFor(context, open)
  return {
    page: open.handle,
    url: redactor.text(address),
    title: redactor.text((await within(open.page.title(), '')).slice(0, 500)),
    status: open.status,
  }
}

/** Bytes as a blob of this run, with the labels of the call. */
export async function keep(context: BrowserContext, bytes: Uint8Array | string): Promise<{ blob: string; size: number }> {
  const { hash, size } = await context.blobs.put(bytes)
  await context.blobs.keep(hash, `run:${context.scope.run}`)
  await context.labelling.noteBlob(hash, size)
  return { blob: hash, size }
}

/** Files that a page handed over since it was last asked. */
export async function takeDownloads(context: BrowserContext, open: OpenPage, signal: AbortSignal): Promise<BrowserDone['downloads']> {
  const taken: BrowserDone['downloads'] = []
  for (const download of open.downloads.splice(0)) {
    const clock = AbortSignal.any([signal, AbortSignal.timeout(ARRIVAL)])
    const file = await Promise.race([
      download.path(),
      new Promise<null>((resolve) => clock.addEventListener('abort', () => resolve(null), { once: true })),
    ]).catch(() => null)
    if (file === null) continue
    const { hash, size } = await context.blobs.putFile(file)
    await context.blobs.keep(hash, `run:${context.scope.run}`)
    await context.labelling.noteBlob(hash, size)
    taken.push({ blob: hash, size, name: plainName(download.suggestedFilename()) })
    await download.delete().catch(() => undefined)
  }
  return taken
}

/** A name without a folder, as the site proposes it. */
const plainName = (name: string): string =>
  name
    .replace(/[/\\\0-\x1f]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 200) || 'download'

/** The picture, the record and what came beside: what every action leaves. */
export async function doneOf(
  context: BrowserContext,
  browser: RunBrowser,
  open: OpenPage,
  what: { done: string; more?: Record<string, unknown> },
  signal: AbortSignal,
): Promise<BrowserDone> {
  const downloads = await takeDownloads(context, open, signal)
  const opened: BrowserPage[] = []
  for (const popup of open.opened.splice(0)) {
    const url = URL.parse(popup.url())
    if (url && /^https?:$/.test(url.protocol) && allowsOrigin(context.scope, url.origin))
      opened.push(await stateOf(context, browser, browser.adopt(popup, open)))
    else await popup.close().catch(() => undefined)
  }
  const dialogs = open.dialogs.splice(0)
  const state = await stateOf(context, browser, open)
  const screenshot = (await keep(context, await smallPicture(open.page, signal))).blob
  const trace = await record(context, browser, open, { did: what.done, ...what.more, page: state, dialogs, downloads })
  if ('sink' in context.outgoing) note(context, { did: what.done, url: state.url, screenshot, trace })
  return { ...state, screenshot, trace, downloads, opened, dialogs }
}

/** Milliseconds that reading waits for a picture; a page that cannot be drawn is read without. */
const DRAWN = 5000

/** The same of what only reads, noted beside what it answers. A preview, which is looked at while it is made, leaves nothing. */
export async function leave(context: BrowserContext, browser: RunBrowser, open: OpenPage, did: string, signal: AbortSignal): Promise<void> {
  if (!('sink' in context.outgoing) || !context.outgoing.sink.pageShown) return
  context.scope.seen.add('untrusted', URL.parse(open.address)?.origin ?? 'a web page')
  const drawn = await within(smallPicture(open.page, signal), null, DRAWN)
  const screenshot = drawn && (await keep(context, drawn)).blob
  const redactor = redactorFor(context, open)
  const page = {
    page: open.handle,
    url: redactor.text(open.page.url()),
    title: redactor.text((await within(open.page.title(), '')).slice(0, 500)),
  }
  const trace = await record(context, browser, open, { did, page })
  note(context, { did, url: page.url, screenshot, trace })
}

function note({ outgoing, scope }: BrowserContext, shown: Omit<PageShown, 'labels'>): void {
  if ('sink' in outgoing) outgoing.sink.pageShown?.({ ...shown, url: shown.url.slice(0, 2000), labels: [...scope.seen.current] })
}

/** With every request since the last one. An address may hold what any place on its way was told. */
async function record(context: BrowserContext, browser: RunBrowser, open: OpenPage, what: Record<string, unknown>): Promise<string> {
  const requests = browser.guard.taken().map(shown)
  const ways = requests.flatMap(({ url, refused }) => (refused === undefined ? [url] : []))
  const kept = await keep(context, JSON.stringify(redactorFor(context, open, ways).value({ ...what, requests })))
  return kept.blob
}

const shown = ({ method, url, type, refused }: Traced) => ({ method, url, type, ...(refused !== null && { refused }) })
