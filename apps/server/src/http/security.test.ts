import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOST, openServer } from '../testing/open.ts'
import type { Caller, TestServer } from '../testing/open.ts'

let server: TestServer
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface Problem {
  code: string
  status: number
  requestId: string
}
const problem = async (response: Response) => (await response.json()) as Problem // every failed answer is one

describe('who may ask: by name and origin', () => {
  const page = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
  test.each<[string, string, Record<string, string>, number, string?]>([
    ['the loopback address', '/health/live', { host: HOST }, 200],
    ['localhost', '/health/live', { host: 'localhost:7777' }, 200],
    ['IPv6 loopback', '/health/live', { host: '[::1]:7777' }, 200],
    ['upper case', '/health/live', { host: 'LOCALHOST:7777' }, 200],
    ['a rebound name', '/health/live', { host: 'evil.example:7777' }, 403, 'host-refused'],
    ['a name that begins like ours', '/health/live', { host: '127.0.0.1.evil.example:7777' }, 403, 'host-refused'],
    ['another port', '/health/live', { host: '127.0.0.1:80' }, 403, 'host-refused'],
    ['no port', '/health/live', { host: '127.0.0.1' }, 403, 'host-refused'],
    ['our own page', '/health/live', { origin: `http://${HOST}`, ...page }, 200],
    ['another site', '/health/live', { origin: 'https://evil.example' }, 403, 'origin-refused'],
    ['another port of this machine', '/health/live', { origin: 'http://127.0.0.1:3000' }, 403, 'origin-refused'],
    ['a sandboxed page', '/health/live', { origin: 'null' }, 403, 'origin-refused'],
    [
      'another site, without an Origin',
      '/api/v1/health',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      403,
      'origin-refused',
    ],
    [
      'another port, without an Origin',
      '/api/v1/health',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      403,
      'origin-refused',
    ],
    [
      'a frame of another site',
      '/',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      403,
      'origin-refused',
    ],
    [
      'a link on another site, opening the page',
      '/health/live',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      200,
    ],
    ['a program without either', '/health/live', {}, 200],
  ])('%s', async (_who, path, headers, status, code) => {
    const response = await server.ask(path, { headers })
    expect(response.status).toBe(status)
    if (code) expect((await problem(response)).code).toBe(code)
  })

  test('a configured name is answered, and only with its port', async () => {
    const { createAllowedHosts } = await import('./hosts.ts')
    const hosts = createAllowedHosts(() => 7777, ['life.example:443'])
    expect(hosts.host('life.example:443')).toBe(true)
    expect(hosts.origin('https://life.example')).toBe(true)
    expect(hosts.origin('http://life.example')).toBe(false)
    expect(hosts.host('life.example:8443')).toBe(false)
  })
})

describe('signing in', () => {
  test.each([
    ['GET', '/api/v1/me'],
    ['GET', '/api/v1/runs'],
    ['POST', '/api/v1/runs'],
    ['GET', '/api/v1/health'],
    ['GET', '/api/v1/events'],
    ['GET', `/api/v1/blobs/${'0'.repeat(64)}`],
    ['POST', '/api/v1/blobs'],
    ['GET', '/api/v1/thumbnail?path=/etc/passwd'],
    ['GET', '/api/v1/folders'],
    ['DELETE', '/api/v1/stop'],
    ['POST', '/api/v1/stop'],
    ['PATCH', '/api/v1/settings'],
    ['POST', '/api/v1/tokens'],
  ])('nobody gets %s %s', async (method, path) => {
    const response = await server.ask(path, { method, ...(method !== 'GET' && method !== 'DELETE' && { body: '{}' }) })
    expect(response.status).toBe(401)
    expect((await problem(response)).code).toBe('not-signed-in')
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
  })

  test('the link opens a session once and is told when it is used', async () => {
    const { id } = await server.kernel.auth.owner()
    const link = await server.kernel.auth.link(id)
    const first = await server.ask(`/sign-in?link=${link}`)
    expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^lifeos_[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
    const me = await server.ask('/api/v1/me', { headers: { cookie: cookie.split(';')[0] ?? '' } })
    expect(await me.json()).toMatchObject({ person: { id, name: 'Ada', role: 'admin' }, csrf: expect.stringMatching(/.{40}/) })
    const again = await server.ask(`/sign-in?link=${link}`)
    expect(again.headers.get('location')).toBe('/sign-in?problem=link-invalid')
    expect(again.headers.get('set-cookie')).toBeNull()
    const unused = await server.kernel.auth.link(id)
    const known = await server.ask(`/sign-in?link=${unused}`, { headers: { cookie: cookie.split(';')[0] ?? '' } })
    expect([known.headers.get('location'), known.headers.get('set-cookie')]).toEqual(['/', null])
    const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect((await server.ask(`/sign-in?link=${unused}`, { headers: foreign })).headers.get('set-cookie')).toBeNull()
    expect((await server.ask(`/sign-in?link=${unused}`)).headers.get('set-cookie')).not.toBeNull()
  })

  test('signing out ends the session and clears the cookie', async () => {
    const caller = await server.signedIn()
    const out = await server.ask('/api/v1/sign-out', { method: 'POST' }, caller)
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await server.ask('/api/v1/me', {}, caller)).status).toBe(401)
  })

  test('a made-up cookie or token is nobody', async () => {
    const { cookie } = await server.signedIn()
    const forged = `${cookie.split('=')[0]}=${'A'.repeat(43)}`
    expect((await server.ask('/api/v1/me', { headers: { cookie: forged } })).status).toBe(401)
    const token = await server.ask('/api/v1/me', { headers: { authorization: 'Bearer lifeos_made-up' } })
    expect((await problem(token)).code).toBe('token-invalid')
    expect((await problem(await server.ask('/api/v1/me', { headers: { authorization: 'Basic QTpC' } }))).code).toBe('token-invalid')
  })
})

describe('forged requests', () => {
  test.each([
    ['no token', () => ({})],
    ['an empty one', () => ({ 'x-csrf-token': '' })],
    ['another session’s', (other: string) => ({ 'x-csrf-token': other })],
  ])('a change with the cookie and %s is refused', async (_what, headersOf) => {
    const { cookie } = await server.signedIn()
    const other = await server.signedIn()
    for (const [method, path] of [
      ['PATCH', '/api/v1/settings'],
      ['POST', '/api/v1/runs'],
      ['POST', '/api/v1/blobs'],
      ['DELETE', '/api/v1/stop'],
      ['PUT', '/api/v1/me/passphrase'],
    ] as const) {
      const response = await server.ask(path, {
        method,
        headers: { cookie, ...headersOf(other.csrf) },
        ...(method !== 'DELETE' && { body: '{}' }),
      })
      expect([path, response.status, (await problem(response)).code]).toEqual([path, 403, 'csrf-missing'])
    }
  })

  test('reading needs none, and the right one passes', async () => {
    const caller = await server.signedIn()
    expect((await server.ask('/api/v1/settings', { headers: { cookie: caller.cookie } })).status).toBe(200)
    expect((await server.ask('/api/v1/settings', { method: 'PATCH', body: '{"theme":"dark"}' }, caller)).status).toBe(200)
  })

  test('a form of another page cannot sign somebody in', async () => {
    const link = await server.kernel.auth.link((await server.kernel.auth.owner()).id)
    const response = await server.ask('/api/v1/sign-in', {
      method: 'POST',
      body: `link=${link}`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    })
    expect((await problem(response)).code).toBe('origin-refused')
  })
})

describe('scopes of tokens', () => {
  const id = '01900000-0000-7000-8000-000000000000'
  const cases: [string, string, 'read' | 'run' | 'approve' | 'admin'][] = [
    ['GET', '/api/v1/runs', 'read'],
    ['GET', '/api/v1/settings', 'read'],
    ['POST', '/api/v1/runs', 'run'],
    ['POST', `/api/v1/runs/${id}/cancel`, 'run'],
    ['POST', '/api/v1/stop', 'run'],
    ['POST', `/api/v1/approvals/${id}/answer`, 'approve'],
    ['POST', `/api/v1/runs/${id}/undo`, 'approve'],
    ['DELETE', '/api/v1/stop', 'admin'],
    ['PATCH', '/api/v1/settings', 'admin'],
    ['POST', '/api/v1/grants', 'admin'],
    ['GET', '/api/v1/audit', 'admin'],
    ['DELETE', '/api/v1/trash', 'admin'],
    ['GET', '/api/v1/people', 'admin'],
    ['POST', '/api/v1/plugins/files/disable', 'admin'],
  ]
  test.each(cases)('%s %s needs “%s” and nothing less', async (method, path, scope) => {
    const others = (['read', 'run', 'approve', 'admin'] as const).filter((other) => other !== scope)
    const init = { method, ...(method !== 'GET' && method !== 'DELETE' && { body: '{}' }) }
    const without = await server.ask(path, init, await server.token(others))
    expect([without.status, (await problem(without)).code]).toEqual([403, 'scope-missing'])
    if (method === 'GET') expect((await server.ask(path, init, await server.token([scope]))).status).toBe(200)
  })

  test('a token never makes tokens, sets passphrases or lists them', async () => {
    const token = await server.token(['read', 'run', 'approve', 'admin'])
    for (const [method, path, body] of [
      ['POST', '/api/v1/tokens', '{"name":"x","scopes":["read"]}'],
      ['PUT', '/api/v1/me/passphrase', '{"passphrase":"long enough words"}'],
      ['GET', '/api/v1/tokens', undefined],
    ] as const) {
      expect((await problem(await server.ask(path, { method, ...(body && { body }) }, token))).code).toBe('session-needed')
    }
  })
})

test('the owner’s socket needs no sign-in, no token and no name', async () => {
  const response = await server.ask('/api/v1/me', { headers: { host: 'whatever', origin: 'https://evil.example' } }, server.owner)
  expect(await response.json()).toMatchObject({ person: { name: 'Ada', role: 'admin' } })
})

test.each(['/', '/health/live', '/api/v1/health', '/api/openapi.json', '/api/docs', '/api/v1/nothing'])(
  '%s carries the security headers',
  async (path) => {
    const { headers } = await server.ask(path)
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self'(;|$)/)
    expect(
      Object.fromEntries(
        ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'].map(
          (name) => [name, headers.get(name)],
        ),
      ),
    ).toEqual({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  },
)

test('guessing is slowed', async () => {
  await using own = await openServer()
  const guess = (): Promise<Response> =>
    own.ask('/api/v1/sign-in', { method: 'POST', body: JSON.stringify({ name: 'Ada', passphrase: 'guess' }) })
  const statuses = []
  for (let count = 0; count < 7; count += 1) statuses.push((await guess()).status)
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
  expect(Number((await guess()).headers.get('retry-after'))).toBeGreaterThan(0)
})

test('a flood is held off per caller, with headers that say so', async () => {
  await using own = await openServer({ requestsPerMinute: 5 })
  const busy: Caller = await own.token(['read'])
  const asked = await Promise.all(Array.from({ length: 7 }, () => own.ask('/api/v1/settings', {}, busy)))
  expect(asked.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 429, 429])
  expect(asked.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('12')
  expect(asked[0]?.headers.get('ratelimit-limit')).toBe('5')
  expect((await own.ask('/api/v1/settings', {}, own.owner)).status).toBe(200)
})

test('secrets do not reach the log', async () => {
  const caller = await server.signedIn()
  const token = await server.token(['read'])
  await server.ask('/api/v1/settings', {}, token)
  const log = server.log.join('')
  expect(log).toContain('/api/v1/settings')
  for (const secret of [caller.csrf, caller.cookie.split('=')[1] ?? '', token.headers['authorization']?.slice(7) ?? ''])
    expect(log).not.toContain(secret)
})
