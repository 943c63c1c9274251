import type { BrowserDone } from '@life-os/plugin-sdk'
import { LifeOsError } from '@life-os/contract'
import { extract, fillFields, foresee, openPage, originRefused, perform, picture, readPage, sizeOf } from '../../browser/index.ts'
import type { Action, Filling, OpenPage, RunBrowser } from '../../browser/index.ts'
import type { Handlers } from '../fs/services.ts'
import { parseUrl } from '../net/address.ts'
import { fault } from '../paths/faults.ts'
import { checkEffect } from '../paths/scope.ts'
import { checkAnswered } from '../paths/unread.ts'
import { RECORDING_ENDED } from '../types.ts'
import { parse } from './arguments.ts'
import type { ArgumentsOf } from './arguments.ts'
import { actChange, sessionChange } from './change.ts'
import type { BrowserContext } from './context.ts'
import { doneOf, keep, leave, redactorFor, stateOf, takeDownloads } from './kept.ts'
import { admitOrigin, allowsOrigin, reachOf } from './reach.ts'
import { checkSecret, checkSecretGoes, reachWithSecrets, reveal } from './secrets.ts'
import { keepSession, openSession } from './session.ts'

const TIMEOUT = 30_000
const MOST = 20_000
/** Bytes of one file that is handed to a page. */
const UPLOAD = 50 * 1024 ** 2

/** `browser.*`: pages of the run's own browser, held to what was decided for this call. */
export function createBrowserServices(context: BrowserContext): Handlers {
  return {
    'browser.open': (args, signal) => open(context, parse('open', args), signal),
    'browser.snapshot': (args, signal) => snapshot(context, parse('snapshot', args), signal),
    'browser.screenshot': (args, signal) => screenshot(context, parse('screenshot', args), signal),
    'browser.pdf': (args, signal) =>
      onPage(context, parse('pdf', args)[0], signal, async (browser, page) => {
        await stateOf(context, browser, page)
        const kept = await keep(context, await page.page.pdf({ printBackground: true }))
        await leave(context, browser, page, 'pdf', signal)
        return kept
      }),
    'browser.extract': (args, signal) => records(context, parse('extract', args), signal),
    'browser.fill': (args, signal) => fill(context, parse('fill', args), signal),
    'browser.act': (args, signal) => act(context, parse('act', args), signal),
    'browser.close': (args, signal) =>
      onPage(context, parse('close', args)[0], signal, async (browser, page) => {
        await leave(context, browser, page, 'close', signal)
        await browser.close(page)
      }),
    'browser.saveSession': (args, signal) => saveSession(context, parse('saveSession', args), signal),
  }
}

async function open(context: BrowserContext, [address, options]: ArgumentsOf<'open'>, signal: AbortSignal) {
  const { scope, host } = context
  const url = parseUrl(address)
  const session = options?.session ?? null
  checkAnswered(scope, { kind: 'browser', resource: url.origin })
  admitOrigin(scope, url, session)
  const opened = await use(context, session, signal, async (browser) => {
    const had = browser.openedBy(scope.key, url.href)
    if (had) return { ...(await stateOf(context, browser, had)), downloads: [] }
    const state = session === null ? undefined : await openSession(context, session, url, signal)
    const settings = host.settings()
    await host.robots.check(scope, url, settings.robotsIgnored, signal)
    await host.rate.turn(url.origin, signal)
    scope.seen.add('untrusted', url.origin) // before the page: errors carry words of it too
    const request = { url, key: scope.key, session, ...(state && { state }), timeout: options?.timeout ?? TIMEOUT }
    const page = await openPage(browser, request, signal)
    const downloads = await takeDownloads(context, page, signal)
    const shown = await stateOf(context, browser, page)
    await leave(context, browser, page, 'open', signal)
    return { ...shown, downloads }
  })
  return opened
}

/** The run's browser for this call. */
function use<Result>(
  context: BrowserContext,
  session: string | null,
  signal: AbortSignal,
  work: (browser: RunBrowser) => Promise<Result>,
): Promise<Result> {
  const { host, scope } = context
  host.serving(scope.run, scope)
  return host.browsers.use(scope.run, reachOf(scope, session), signal, work)
}

/** A page of this run. It is looked at with what its own session allows. */
async function onPage<Result>(
  context: BrowserContext,
  handle: string,
  signal: AbortSignal,
  work: (browser: RunBrowser, page: OpenPage) => Promise<Result>,
): Promise<Result> {
  return use(context, null, signal, async (browser) => {
    const page = browser.page(handle)
    if (page.session !== null) browser.guard.admit(reachOf(context.scope, page.session))
    return work(browser, page)
  })
}

function snapshot(context: BrowserContext, [handle, options]: ArgumentsOf<'snapshot'>, signal: AbortSignal) {
  return onPage(context, handle, signal, async (browser, page) => {
    const state = await stateOf(context, browser, page)
    const read = await readPage(page.page, options?.maxChars ?? MOST)
    await leave(context, browser, page, 'read', signal)
    const redactor = redactorFor(context, page)
    return { ...state, tree: redactor.text(read.tree), text: redactor.text(read.text), cut: read.cut }
  })
}

function screenshot(context: BrowserContext, [handle, options]: ArgumentsOf<'screenshot'>, signal: AbortSignal) {
  return onPage(context, handle, signal, async (browser, page) => {
    await stateOf(context, browser, page)
    const png = await picture(
      page.page,
      { ...(options?.full !== undefined && { full: options.full }), ...(options?.target && { target: plain(options.target) }) },
      signal,
    )
    await leave(context, browser, page, 'screenshot', signal)
    return { blob: (await keep(context, png)).blob, ...sizeOf(png) }
  })
}

function records(context: BrowserContext, [handle, shape]: ArgumentsOf<'extract'>, signal: AbortSignal) {
  return onPage(context, handle, signal, async (browser, page) => {
    await stateOf(context, browser, page)
    const found = await extract(page.page, shape)
    await leave(context, browser, page, 'extract', signal)
    return redactorFor(context, page).value(found)
  })
}

async function fill(context: BrowserContext, [handle, fields]: ArgumentsOf<'fill'>, signal: AbortSignal): Promise<BrowserDone> {
  const { scope } = context
  const fillings = await Promise.all(fields.map((field) => fillingOf(context, field)))
  return onPage(context, handle, signal, async (browser, page) => {
    await stateOf(context, browser, page)
    const url = new URL(page.page.url())
    for (const { secret } of fields) if (secret !== undefined) await checkSecret(context, secret, url)
    await fillFields(browser, page, fillings, (origin) => allowsOrigin(scope, origin), signal)
    const more = {
      fields: fields.map(({ target, value, secret, checked, option, files }) => ({
        target,
        value: secret === undefined ? (value ?? option ?? checked ?? files?.map(({ name }) => name)) : `[secret:${secret}]`,
      })),
    }
    return doneOf(context, browser, page, { done: 'fill', more }, signal)
  })
}

async function fillingOf(context: BrowserContext, field: ArgumentsOf<'fill'>[1][number]): Promise<Filling> {
  const { files, target, ...rest } = field
  if (!files) return { ...rest, target: plain(target) }
  const loaded = await Promise.all(
    files.map(async ({ blob, name }) => {
      context.labelling.seeBlob(blob)
      const bytes = await context.blobs.get(blob)
      if (bytes.length > UPLOAD)
        throw fault('file-too-large', `${name} is larger than ${UPLOAD / 1024 ** 2} MiB, the most that is handed to a page.`)
      return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }
    }),
  )
  return { target: plain(target), files: loaded }
}

/** Without what was left out. */
const plain = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>
  } // every undefined is taken out

async function act(context: BrowserContext, [handle, given]: ArgumentsOf<'act'>, signal: AbortSignal): Promise<BrowserDone> {
  const { scope, outgoing } = context
  checkEffect(scope, 'external', 'browser.act')
  const action: Action = { ...given, ...(given.target && { target: plain(given.target) }) } as Action // `plain` took the undefined parts out
  return onPage(context, handle, signal, async (browser, page) => {
    await stateOf(context, browser, page)
    admitOrigin(scope, new URL(page.page.url()), page.session)
    const foreseen = await foresee(page, action, signal)
    const to = foreseen.form && URL.parse(foreseen.form.url)
    if (to && !allowsOrigin(scope, to.origin)) throw originRefused(to.origin)
    if (to) admitOrigin(scope, to, to.origin === new URL(page.page.url()).origin ? page.session : null)
    for (const { secret } of page.secrets) await checkSecretGoes(context, secret, to ?? new URL(page.page.url()))
    const shot = await keep(context, await picture(page.page, {}, signal))
    const redactor = redactorFor(context, page)
    const change = redactor.value(
      actChange({ url: page.page.url(), title: await page.page.title(), action, foreseen, screenshot: shot.blob }),
    )
    if ('recording' in outgoing) {
      outgoing.recording.changes.push(change)
      throw fault(RECORDING_ENDED, 'What the page does then is known only after it was done.')
    }
    signal.throwIfAborted()
    if (page.secrets.length > 0) browser.guard.admit(await reachWithSecrets(context, page))
    const effect = await outgoing.sink.begin(change, {})
    try {
      await perform(browser, page, action, foreseen, (secret) => reveal(context, secret, page, signal), signal)
    } catch (error) {
      if (error instanceof LifeOsError && error.applied === 'no' && browser.guard.sent === 0) await outgoing.sink.abandon(effect)
      await leave(context, browser, page, `${change.summary} (failed)`, signal).catch(() => undefined) // the failure itself is what is told
      throw browser.guard.sent === 0 ? error : uncertain(error)
    }
    const done = await doneOf(
      context,
      browser,
      page,
      { done: change.summary, more: { form: change.form, fields: change.fields } },
      signal,
    ).catch((error: unknown) => {
      throw uncertain(error)
    })
    await outgoing.sink.finish(effect, {}, undefined, done)
    return done
  })
}

/** Something was sent, and what came of it is not known. */
function uncertain(error: unknown): unknown {
  if (!(error instanceof LifeOsError))
    return new LifeOsError('browser-failed', error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error), {
      class: 'operational',
      applied: 'unknown',
      cause: error,
    })
  const { code, message, details } = error
  return new LifeOsError(code, message, { class: error.class, applied: 'unknown', cause: error, ...(details && { details }) })
}

async function saveSession(context: BrowserContext, [handle, session]: ArgumentsOf<'saveSession'>, signal: AbortSignal): Promise<null> {
  const { scope, outgoing, sessions } = context
  checkEffect(scope, 'external', 'browser.saveSession')
  return onPage(context, handle, signal, async (browser, page) => {
    const state = await stateOf(context, browser, page)
    const change = sessionChange(state.url, state.title, session)
    if ('recording' in outgoing) {
      outgoing.recording.changes.push(change)
      throw fault(RECORDING_ENDED, 'The session is there only after it was saved.')
    }
    const effect = await outgoing.sink.begin(change, {})
    await keepSession(sessions, session, await page.context.storageState(), new URL(page.page.url()), scope.plugin)
    await outgoing.sink.finish(effect, {}, undefined, null)
    await leave(context, browser, page, `save-session ${session}`, signal)
    return null
  })
}
