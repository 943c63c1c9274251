import type http from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCallLabels } from '../../labels/index.ts'
import { get, openSecretBench } from './testing.ts'
import type { Place, SecretBench } from './testing.ts'

const VALUE = 'canary/of+the "wire"&7'
let bench: SecretBench
let secrets: SecretBench['secrets']
let here: Place
let elsewhere: Place
beforeEach(async () => {
  bench = await openSecretBench(VALUE)
  ;({ secrets, here, elsewhere } = bench)
})
afterEach(() => bench[Symbol.asyncDispose]())

const everything = (...values: unknown[]): string => JSON.stringify(values) + values.map(String).join('\n')

describe('in a preview', () => {
  test('the request is shown with the name of the secret, and nothing is opened', async () => {
    await secrets.set(bench.secret(), 'ada')
    const host = await bench.hostFor()
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
    const { services, recording } = (await bench.hostFor()).preview()
    const send = services.handle('net.fetch', [here.url, { method: 'POST', auth: { secret: 'api' } }], new AbortController().signal)
    await expect(send).rejects.toMatchObject({ code: 'recording-ended' })
    expect(recording).toMatchObject({ changes: [{ secret: 'api' }], warnings: [{ code: 'secret-missing' }] })
  })
})

describe('an OAuth2 secret', () => {
  const oauth = () =>
    bench.secret({ kind: 'oauth2', value: 'canary-refresh', oauth: { tokenUrl: `${elsewhere.url}/token`, clientId: 'life-os' } })
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
    const host = await bench.hostFor()
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
    const host = await bench.hostFor()
    const failure = await get(host, here.url, { secret: 'api' }, { method: 'POST' }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'secret-refresh-failed', applied: 'no' })
    expect(host.effects).toMatchObject([{ state: 'not-applied' }])
  })
})

test('reading the bare value takes its own permission and is in the audit record', async () => {
  await secrets.set(bench.secret(), 'ada')
  const host = await bench.hostFor([{ kind: 'secret.read', resource: 'api' }])
  expect(await host.call('secrets.read', 'api')).toBe(VALUE)
})

test('reading the bare value makes the call private, in a preview too: it goes nowhere that nobody named', async () => {
  await secrets.set(bench.secret(), 'ada')
  const host = await bench.hostFor([{ kind: 'secret.read', resource: 'api' }])
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
  await secrets.set(bench.secret(), 'ada')
  const host = await bench.hostFor()
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
