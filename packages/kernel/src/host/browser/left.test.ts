// Every action on a page leaves a picture and a record of what it asked for, in a real Chromium.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserPage } from '@life-os/plugin-sdk'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createCallLabels } from '../../labels/index.ts'
import { createSandbox } from '../../sandbox/index.ts'
import { openSecrets, token } from '../../secrets/testing.ts'
import { freshPlace } from '../../store/testing.ts'
import type { Store } from '../../store/index.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost } from '../testing.ts'
import type { PageShown } from '../types.ts'
import { FORM, openSite, redirect } from './testing.ts'
import type { TestSite } from './testing.ts'

const CANARY = 'canary-31cd-of-a-code'
const stack = new AsyncDisposableStack()
let store: Store
let site: TestSite
let other: TestSite
let host: TestHost
const left: PageShown[] = []
beforeAll(async () => {
  const sandbox = stack.use(await createSandbox())
  const place = stack.use(await freshPlace('sqlite'))
  store = stack.use(await place.open())
  const secrets = await openSecrets(store)
  const folder = mkdtempSync(path.join(tmpdir(), 'lifeos-browser-left-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  site = stack.use(await openSite())
  other = stack.use(await openSite())
  const allowed = [site, other].map(({ origin }) => ({ kind: 'browser', resource: origin }))
  const secret = ['code', 'session'].map((resource) => ({ kind: 'secret.use', resource }))
  host = stack.use(
    await createTestHost(folder, { sandbox, secrets, home: place.home, blobs: store.blobs, allowed: [...allowed, ...secret] }),
  )
  await secrets.set(token('code', CANARY, [new URL(site.origin).host]), 'ada')
}, 60_000)
afterAll(() => stack.disposeAsync())
beforeEach(() => void (left.length = 0))

const { signal } = new AbortController()
const call = <Result>(service: string, ...args: unknown[]) => {
  const services = host.real({ seen: createCallLabels([]) }, { pageShown: (one) => void left.push(one) })
  return services.handle(`browser.${service}`, args, signal) as Promise<Result> // the test says which
}
const bytesOf = async (blob: string | null) => Buffer.from(await store.blobs.get(blob ?? ''))
interface Trace {
  did: string
  page: { url: string }
  requests: { method: string; url: string }[]
}
const traceOf = async ({ trace }: PageShown) => JSON.parse((await bytesOf(trace)).toString()) as Trace // as `record` writes it

test('each of them, whatever it does', { timeout: 90_000 }, async () => {
  site.on('/form', FORM)
  site.on('/sent', '<title>Thanks</title>Thank you')
  const { page } = await call<BrowserPage>('open', `${site.origin}/form`)
  await call('snapshot', page)
  await call('extract', page, { fields: { title: { css: 'h1' } } })
  await call('screenshot', page)
  await call('pdf', page)
  await call('saveSession', page, 'session')
  await call('fill', page, [{ target: { label: 'Your name' }, value: 'Ada' }])
  await call('act', page, { kind: 'click', target: { name: 'Send the order' }, expect: 'navigation' })
  await call('close', page)
  const did = left.map((one) => one.did)
  expect(did.slice(0, 7)).toEqual(['open', 'read', 'extract', 'screenshot', 'pdf', 'save-session session', 'fill'])
  expect(did.slice(7)).toEqual([expect.stringContaining('Send the order'), 'close'])
  for (const one of left) {
    expect(one).toMatchObject({ url: expect.stringContaining(site.origin), labels: ['untrusted'] })
    expect((await bytesOf(one.screenshot)).subarray(1, 4).toString()).toBe('PNG')
    expect(await traceOf(one)).toMatchObject({ did: one.did, page: { url: one.url } })
  }
  expect((await traceOf(left[0] as PageShown)).requests).toContainEqual(
    expect.objectContaining({ method: 'GET', url: `${site.origin}/form` }),
  )
  expect((await traceOf(left[7] as PageShown)).requests).toContainEqual(
    expect.objectContaining({ method: 'POST', url: `${site.origin}/sent` }),
  )
  for (const blob of left.flatMap(({ screenshot, trace }) => [screenshot ?? '', trace])) {
    const kept = await store.db.selectFrom('blob_refs').select('owner').where('hash', '=', blob).execute()
    expect(kept).toEqual([{ owner: expect.stringMatching(/^run:/) }])
  }
})

test('a preview leaves nothing', { timeout: 60_000 }, async () => {
  site.on('/form', FORM)
  const { services } = host.preview()
  await services.handle('browser.open', [`${site.origin}/form?preview`], signal)
  expect(left).toEqual([])
})

test('an action that fails leaves how the page was', { timeout: 60_000 }, async () => {
  site.on(
    '/form',
    `${FORM}<script>document.forms[0].addEventListener('submit', ({ target }) => void (target.elements.name.value = 'Eve'))</script>`,
  )
  const { page } = await call<BrowserPage>('open', `${site.origin}/form?fails`)
  await call('fill', page, [{ target: { label: 'Your name' }, value: 'Ada' }])
  const acted = call('act', page, { kind: 'click', target: { name: 'Send the order' }, expect: 'navigation' })
  await expect(acted).rejects.toMatchObject({ code: 'browser-form-changed' })
  expect(left.at(-1)).toMatchObject({ did: expect.stringMatching(/Send the order.*\(failed\)$/), screenshot: expect.any(String) })
  await call('close', page)
})

test('a page of noise leaves no large picture', { timeout: 60_000 }, async () => {
  site.on(
    '/noise',
    `<body style="margin:0"><canvas width=1280 height=900></canvas><script>
      const pen = document.querySelector('canvas').getContext('2d'), all = pen.createImageData(1280, 900)
      for (let at = 0; at < all.data.length; at++) all.data[at] = at % 4 === 3 ? 255 : Math.random() * 256
      pen.putImageData(all, 0, 0)</script>`,
  )
  const { page } = await call<BrowserPage>('open', `${site.origin}/noise`)
  const picture = await bytesOf(left[0]?.screenshot ?? null)
  expect(picture.length).toBeGreaterThan(100_000)
  expect(picture.length).toBeLessThan(1_000_000)
  await call('close', page)
})

test('a secret that went through an address on the way to elsewhere is in no record and no picture', { timeout: 90_000 }, async () => {
  site.on('/get', '<title>Code</title><form action="/take"><label>Code <input name="code"></label><button>Go on</button></form>')
  site.on('/take', redirect(`${other.origin}/end`))
  other.on('/end', '<title>Elsewhere</title>There')
  other.on('/begin', `<a href="${site.origin}/get">On</a>`)
  const { page } = await call<BrowserPage>('open', `${other.origin}/begin`)
  await call('act', page, { kind: 'click', target: { name: 'On' }, expect: 'navigation' })
  await call('fill', page, [{ target: { label: 'Code' }, secret: 'code' }])
  await call('act', page, { kind: 'click', target: { name: 'Go on' }, expect: 'navigation' })
  await call('snapshot', page)
  await call('close', page)
  expect(site.to('/take')[0]?.url).toContain(CANARY) // it was really sent
  for (const one of left) {
    expect(JSON.stringify(one)).not.toContain(CANARY)
    expect((await bytesOf(one.trace)).toString()).not.toContain(CANARY)
  }
})
