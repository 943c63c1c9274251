import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Need, NewSecret } from '@life-os/contract'
import { openSecrets } from '../../secrets/testing.ts'
import type { Secrets } from '../../secrets/index.ts'
import { createCallLabels } from '../../labels/index.ts'
import { freshPlace } from '../../store/testing.ts'
import { temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost } from '../testing.ts'

const VALUE = 'canary/of+the "wire"&7'
let stack: AsyncDisposableStack
let secrets: Secrets
let folder: string
let home: string
let here: Place
let elsewhere: Place

interface Seen {
  method: string | undefined
  url: string
  headers: http.IncomingHttpHeaders
  body: string
}
interface Place {
  port: number
  place: string
  url: string
  seen: Seen[]
  answer: (request: Seen, response: http.ServerResponse) => void
}

/** A server on an address of its own of this machine. */
async function serve(address: string): Promise<Place> {
  const made: Place = { port: 0, place: '', url: '', seen: [], answer: (_, response) => response.end('hello') }
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const seen = { method: request.method, url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() }
      made.seen.push(seen)
      made.answer(seen, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  made.port = (server.address() as AddressInfo).port // a TCP server has a port
  made.place = `${address}:${made.port}`
  made.url = `http://${made.place}`
  stack.defer(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return made
}

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  const place = stack.use(await freshPlace('sqlite'))
  const store = stack.use(await place.open())
  home = place.home
  here = await serve('127.0.0.1')
  elsewhere = await serve('127.0.0.2')
  secrets = await openSecrets(store)
  folder = temporaryFolder()
  stack.defer(() => fs.rmSync(folder, { recursive: true, force: true }))
})
afterEach(() => stack.disposeAsync())

const secret = (more: Partial<NewSecret> = {}): NewSecret => ({
  name: 'api',
  kind: 'token',
  title: '',
  hosts: [here.place],
  value: VALUE,
  ...more,
})
async function hostFor(more: Need[] = [{ kind: 'secret.use', resource: 'api' }]): Promise<TestHost> {
  const nets = [here, elsewhere].map(({ place }) => ({ kind: 'net', resource: place }))
  return stack.use(await createTestHost(folder, { home, secrets, sleep: async () => {}, allowed: [...nets, ...more] }))
}
interface Answered {
  url: string
  status: number
  headers: Record<string, string>
  body: Uint8Array
}
const get = (host: TestHost, url: string, auth: object, more: object = {}) => host.call<Answered>('net.fetch', url, { auth, ...more })
const everything = (...values: unknown[]): string => JSON.stringify(values) + values.map(String).join('\n')

describe('in a preview', () => {
  test('the request is shown with the name of the secret, and nothing is opened', async () => {
    await secrets.set(secret(), 'ada')
    const host = await hostFor()
    const { services, recording } = host.preview()
    const send = services.handle(
      'net.fetch',
      [`${here.url}/x?a=1`, { method: 'POST', body: 'text', auth: { secret: 'api', as: 'query', name: 'key' } }],
      new AbortController().signal,
    )
    await expect(send).rejects.toMatchObject({ code: 'recording-ended' })
    expect(recording.changes).toMatchObject([{ kind: 'request-send', url: `${here.url}/x?a=1&key=[secret:api]`, secret: 'api' }])
    expect((await secrets.get('api'))?.usedAt).toBeNull()
    expect(here.seen).toEqual([])
  })
  test('a secret that is missing is said, and the change shown all the same', async () => {
    const { services, recording } = (await hostFor()).preview()
    const send = services.handle('net.fetch', [here.url, { method: 'POST', auth: { secret: 'api' } }], new AbortController().signal)
    await expect(send).rejects.toMatchObject({ code: 'recording-ended' })
    expect(recording).toMatchObject({ changes: [{ secret: 'api' }], warnings: [{ code: 'secret-missing' }] })
  })
})

describe('an OAuth2 secret', () => {
  const oauth = () =>
    secret({ kind: 'oauth2', value: 'canary-refresh', oauth: { tokenUrl: `${elsewhere.url}/token`, clientId: 'life-os' } })
  beforeEach(() => {
    let count = 0
    elsewhere.answer = (_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ access_token: `canary-access-${++count}`, expires_in: 3600 }))
  })
  test('goes as a bearer token, and one that is no longer taken is refreshed once', async () => {
    await secrets.set(oauth(), 'ada')
    here.answer = ({ headers }, response) =>
      headers.authorization === 'Bearer canary-access-2' ? response.end('in') : response.writeHead(401).end('canary-access-1')
    const host = await hostFor()
    const answer = await get(host, here.url, { secret: 'api' }, { method: 'POST', body: 'x' })
    expect(Buffer.from(answer.body).toString()).toBe('in')
    expect(here.seen.map(({ headers, body }) => [headers.authorization, body])).toEqual([
      ['Bearer canary-access-1', 'x'],
      ['Bearer canary-access-2', 'x'],
    ])
    here.answer = (_, response) => response.writeHead(401).end('canary-access-3 canary-refresh')
    const refused = await get(host, here.url, { secret: 'api' })
    expect([refused.status, Buffer.from(refused.body).toString()]).toEqual([401, '[secret:api] [secret:api]'])
    expect(here.seen).toHaveLength(4)
    expect(elsewhere.seen).toHaveLength(3)
  })
  test('whose refresh fails after a 401 leaves no effect open', async () => {
    await secrets.set(oauth(), 'ada')
    here.answer = (_, response) => {
      elsewhere.answer = (__, token) => token.writeHead(400).end('{"error":"invalid_grant"}')
      response.writeHead(401).end()
    }
    const host = await hostFor()
    const failure = await get(host, here.url, { secret: 'api' }, { method: 'POST' }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'secret-refresh-failed', applied: 'no' })
    expect(host.effects).toMatchObject([{ state: 'not-applied' }])
  })
})

test('reading the bare value takes its own permission and is in the audit record', async () => {
  await secrets.set(secret(), 'ada')
  const host = await hostFor([{ kind: 'secret.read', resource: 'api' }])
  expect(await host.call('secrets.read', 'api')).toBe(VALUE)
})

test('reading the bare value makes the call private, in a preview too: it goes nowhere that nobody named', async () => {
  await secrets.set(secret(), 'ada')
  const host = await hostFor([{ kind: 'secret.read', resource: 'api' }])
  const signal = new AbortController().signal
  const seen = createCallLabels([])
  const services = host.real({ seen })
  await expect(services.handle('secrets.read', ['other'], signal)).rejects.toMatchObject({ code: 'secret-not-allowed' })
  expect(seen.current).toEqual([])
  expect(await services.handle('secrets.read', ['api'], signal)).toBe(VALUE)
  expect(seen.explained).toEqual([{ label: 'private', from: 'secret api' }])
  const refusal = { code: 'private-not-allowed', message: expect.stringContaining('(from secret api)') }
  await expect(services.handle('net.fetch', [here.url], signal)).rejects.toMatchObject(refusal)
  const { services: previewing } = host.preview()
  await previewing.handle('secrets.read', ['api'], signal)
  await expect(previewing.handle('net.fetch', [here.url], signal)).rejects.toMatchObject(refusal)
  expect(here.seen).toEqual([])
  const named = host.real({ privateTo: [here.place] })
  await named.handle('secrets.read', ['api'], signal)
  expect(await named.handle('net.fetch', [here.url], signal)).toMatchObject({ status: 200 })
})

test('failures of the connection tell nothing', async () => {
  await secrets.set(secret(), 'ada')
  const host = await hostFor()
  for (const auth of [
    { secret: 'api', as: 'query', name: 'key' },
    { secret: 'api', as: 'header', name: 'x-key' },
  ]) {
    for (const break_ of [
      (response: http.ServerResponse) => response.socket?.destroy(),
      (response: http.ServerResponse) => response.writeHead(200, { 'content-length': '1000000' }).end(VALUE),
      (response: http.ServerResponse) => response.socket?.end(`HTTP/1.1 ${VALUE}\r\n\r\n`),
    ]) {
      here.answer = (_, response) => break_(response)
      const failure = await get(host, here.url, auth, { maxBytes: 100 }).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(Error)
      const { stack: trace, cause } = failure as Error
      expect(everything(failure, trace, cause, (cause as Error | undefined)?.stack)).not.toContain('canary')
    }
  }
})
