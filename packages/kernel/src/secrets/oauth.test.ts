import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NewSecret } from '@life-os/contract'
import { forEachStore, freshPlace } from '../store/testing.ts'
import { openSecrets } from './testing.ts'
import type { Secrets } from './types.ts'

/** A token endpoint as RFC 6749 describes it, over a real socket. */
let server: http.Server
let tokenUrl: string
let asked: { headers: http.IncomingHttpHeaders; form: URLSearchParams; method: string | undefined }[]
let respond: (response: http.ServerResponse, count: number) => void
const json = (response: http.ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' }).end(JSON.stringify(body))

beforeEach(async () => {
  asked = []
  respond = (response, count) =>
    json(response, 200, {
      access_token: `access-token-${count}`,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: `refresh-token-${count}`,
    })
  server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      asked.push({ headers: request.headers, form: new URLSearchParams(body), method: request.method })
      respond(response, asked.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token` // a TCP server has a port
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const PLACE = 'api.example:443'
const never = new AbortController().signal
const secret = (more: Partial<NonNullable<NewSecret['oauth']>> = {}): NewSecret => ({
  name: 'drive',
  kind: 'oauth2',
  title: '',
  hosts: [PLACE],
  value: 'refresh-token-0',
  oauth: { tokenUrl, clientId: 'life os', ...more },
})
const value = async (secrets: Secrets, rejected?: string): Promise<string> =>
  (await secrets.use('drive', PLACE, never, undefined, rejected)).value

forEachStore((_name, open) => {
  test('a refresh token becomes an access token, which is kept until shortly before its end and across a restart', async () => {
    await using opened = await open()
    let now = 1_000_000_000_000
    const clock = { now: () => now }
    const secrets = await openSecrets(opened.store, clock)
    await secrets.set(secret({ scope: 'files read' }), 'ada')
    expect(await value(secrets)).toBe('access-token-1')
    expect(Object.fromEntries(asked[0]!.form)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-token-0',
      scope: 'files read',
      client_id: 'life os',
    })
    expect(asked[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    })
    expect(asked[0]!.headers.authorization).toBeUndefined()
    now += 3_539_000
    const again = await openSecrets(opened.store, clock)
    expect(await value(again)).toBe('access-token-1')
    expect(again.redactor.text('access-token-1 refresh-token-1')).toBe('[secret:drive] [secret:drive]')
    expect((await again.get('drive'))?.expiresAt).toBe(1_000_003_600_000)
    now += 2000
    expect(await value(again)).toBe('access-token-2')
    expect(asked[1]!.form.get('refresh_token')).toBe('refresh-token-1')
    expect(again.redactor.text('refresh-token-2')).toBe('[secret:drive]')
  })

  test('one refresh at a time: everybody who waits gets its token', async () => {
    await using opened = await open()
    const secrets = await openSecrets(opened.store)
    await secrets.set(secret(), 'ada')
    const values = await Promise.all(Array.from({ length: 10 }, () => value(secrets)))
    expect(new Set(values)).toEqual(new Set(['access-token-1']))
    expect(asked).toHaveLength(1)
  })

  test('a token that was refused is refreshed once, also by several at once; one that was refreshed meanwhile is not', async () => {
    await using opened = await open()
    const secrets = await openSecrets(opened.store)
    await secrets.set(secret(), 'ada')
    const first = await value(secrets)
    expect(await Promise.all([value(secrets, first), value(secrets, first)])).toEqual(['access-token-2', 'access-token-2'])
    expect(await value(secrets, first)).toBe('access-token-2')
    expect(asked).toHaveLength(2)
  })
})

describe('what does not reach the database', () => {
  const open = async () => {
    const place = await freshPlace('sqlite')
    const store = await place.open()
    const close = async () => {
      await store[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    }
    return { store, [Symbol.asyncDispose]: close }
  }

  test('a client with a secret proves itself as section 2.3.1 says', async () => {
    await using opened = await open()
    const secrets = await openSecrets(opened.store)
    await secrets.set(secret({ clientSecret: 'p: w+d' }), 'ada')
    await value(secrets)
    expect(Buffer.from(asked[0]!.headers.authorization!.slice(6), 'base64').toString()).toBe('life+os:p%3A+w%2Bd')
    expect(asked[0]!.form.has('client_id')).toBe(false)
  })

  const failures: [string, (response: http.ServerResponse) => void, string, RegExp][] = [
    [
      'invalid_grant',
      (response) => json(response, 400, { error: 'invalid_grant', error_description: 'refresh-token-0 is gone' }),
      'user',
      /invalid_grant.*Sign in/,
    ],
    ['invalid_client', (response) => json(response, 401, { error: 'invalid_client' }), 'user', /invalid_client/],
    [
      'temporarily_unavailable',
      (response) => json(response, 503, { error: 'temporarily_unavailable' }),
      'operational',
      /temporarily_unavailable.*later/,
    ],
    [
      'an error page that repeats what it got',
      (response) => response.writeHead(500).end('<h1>refresh-token-0</h1>'),
      'operational',
      /status 500/,
    ],
    ['no JSON', (response) => response.writeHead(200).end('access_token=abc'), 'operational', /something else than a token/],
    ['JSON without a token', (response) => json(response, 200, { token_type: 'Bearer' }), 'operational', /something else than a token/],
    ['a token of another type', (response) => json(response, 200, { access_token: 42 }), 'operational', /something else than a token/],
    ['a token too short', (response) => json(response, 200, { access_token: 'abc' }), 'operational', /too short/],
    ['a redirect', (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), 'operational', /status 307/],
    [
      'an endless answer',
      (response) => response.writeHead(200).end(Buffer.alloc(1024 * 1024, 'x')),
      'operational',
      /more than 262144 bytes/,
    ],
    ['a broken connection', (response) => response.socket?.destroy(), 'operational', /connection/],
    ['nothing at all', () => {}, 'operational', /in time/],
  ]
  test.each(failures)('the endpoint answers with %s', async (_what, answer, kind, words) => {
    await using opened = await open()
    const secrets = await openSecrets(opened.store, { patience: 300 })
    await secrets.set(secret(), 'ada')
    respond = answer
    const failure = await value(secrets).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'secret-refresh-failed', class: kind, applied: 'no', message: expect.stringMatching(words) })
    expect(JSON.stringify([failure, String(failure)])).not.toContain('refresh-token-0')
    expect(asked).toHaveLength(1)
    respond = (response) => json(response, 200, { access_token: 'access-token-late' })
    expect(await value(secrets)).toBe('access-token-late')
    expect(await value(secrets)).toBe('access-token-late')
    expect(asked).toHaveLength(2)
  })

  test('while a token holds, an endpoint that fails does no harm', async () => {
    await using opened = await open()
    let now = 1_000_000_000_000
    const secrets = await openSecrets(opened.store, { now: () => now })
    await secrets.set(secret(), 'ada')
    await value(secrets)
    respond = (response) => response.writeHead(502).end()
    now += 3_590_000
    expect(await value(secrets)).toBe('access-token-1')
    now += 20_000
    await expect(value(secrets)).rejects.toMatchObject({ code: 'secret-refresh-failed' })
  })

  test('who is stopped no longer waits, and the refresh goes on for the others', async () => {
    await using opened = await open()
    const secrets = await openSecrets(opened.store)
    await secrets.set(secret(), 'ada')
    const held = Promise.withResolvers<http.ServerResponse>()
    respond = (response) => held.resolve(response)
    const stop = new AbortController()
    const stopped = secrets.use('drive', PLACE, stop.signal)
    const response = await held.promise
    stop.abort(new Error('stopped'))
    await expect(stopped).rejects.toThrow('stopped')
    json(response, 200, { access_token: 'access-token-held', refresh_token: 'refresh-token-held' })
    expect(await value(secrets)).toBe('access-token-held')
    expect(asked).toHaveLength(1)
  })

  test('a secret set anew during its refresh keeps the new value', async () => {
    await using opened = await open()
    const secrets = await openSecrets(opened.store)
    await secrets.set(secret(), 'ada')
    const held = Promise.withResolvers<http.ServerResponse>()
    respond = (response) => held.resolve(response)
    const old = value(secrets)
    const response = await held.promise
    await secrets.set({ ...secret(), value: 'refresh-token-new' }, 'ada')
    json(response, 200, { access_token: 'access-token-old', refresh_token: 'refresh-token-old' })
    await expect(old).rejects.toMatchObject({ code: 'secret-refresh-failed' })
    respond = (next) => json(next, 200, { access_token: 'access-token-new' })
    expect(await value(secrets)).toBe('access-token-new')
    expect(asked.at(-1)!.form.get('refresh_token')).toBe('refresh-token-new')
  })
})
