import fs from 'node:fs'
import type http from 'node:http'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestHost } from '../testing.ts'
import { get, openSecretBench } from './testing.ts'
import type { Answered, Place, SecretBench, Seen } from './testing.ts'

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

describe('each way a secret goes into a request', () => {
  test('bearer, which is what tokens get', async () => {
    await secrets.set(bench.secret({ value: 'canary-token' }), 'ada')
    await get(await bench.hostFor(), `${here.url}/x`, { secret: 'api' }, { headers: { Authorization: 'mine' } })
    expect(here.seen[0]!.headers.authorization).toBe('Bearer canary-token')
  })
  test('basic, which is what user and password get', async () => {
    await secrets.set(bench.secret({ kind: 'basic', user: 'ada' }), 'ada')
    await get(await bench.hostFor(), `${here.url}/x`, { secret: 'api' })
    expect(Buffer.from(here.seen[0]!.headers.authorization!.slice(6), 'base64').toString()).toBe(`ada:${VALUE}`)
  })
  test('a header', async () => {
    await secrets.set(bench.secret(), 'ada')
    await get(await bench.hostFor(), `${here.url}/x`, { secret: 'api', as: 'header', name: 'X-Api-Key' })
    expect(here.seen[0]!.headers['x-api-key']).toBe(VALUE)
  })
  test('a query, which the answer does not show', async () => {
    await secrets.set(bench.secret(), 'ada')
    const answer = await get(await bench.hostFor(), `${here.url}/x?q=a%20b&key=old`, { secret: 'api', as: 'query', name: 'key' })
    const { searchParams } = new URL(here.seen[0]!.url, here.url)
    expect([searchParams.get('q'), searchParams.getAll('key')]).toEqual(['a b', [VALUE]])
    expect(answer.url).toBe(`${here.url}/x?q=a%20b&key=old`)
  })
  test('a form', async () => {
    await secrets.set(bench.secret(), 'ada')
    const host = await bench.hostFor()
    await get(host, `${here.url}/x`, { secret: 'api', as: 'form', name: 'password' }, { method: 'POST', body: 'user=ada' })
    expect(Object.fromEntries(new URLSearchParams(here.seen[0]!.body))).toEqual({ user: 'ada', password: VALUE })
    expect(here.seen[0]!.headers['content-type']).toBe('application/x-www-form-urlencoded')
    const { change } = host.effects[0]!
    expect(change).toMatchObject({
      kind: 'request-send',
      body: 'user=ada&password=[secret:api]',
      secret: 'api',
      summary: expect.stringContaining('with the secret api'),
    })
    expect(everything(host.effects)).not.toContain('canary')
  })
})

describe('what is refused before anything is sent', () => {
  const refusals: [string, () => Promise<unknown>, string][] = [
    ['a secret that the call was not allowed', async () => get(await bench.hostFor([]), here.url, { secret: 'api' }), 'secret-not-allowed'],
    [
      'a secret that the call may only read',
      async () => get(await bench.hostFor([{ kind: 'secret.read', resource: 'api' }]), here.url, { secret: 'api' }),
      'secret-not-allowed',
    ],
    ['a place it is not meant for', async () => get(await bench.hostFor(), elsewhere.url, { secret: 'api' }), 'secret-elsewhere'],
    [
      'a secret that is not there',
      async () => get(await bench.hostFor([{ kind: 'secret.use', resource: 'none' }]), here.url, { secret: 'none' }),
      'secret-missing',
    ],
    [
      'a header of the host itself',
      async () => get(await bench.hostFor(), here.url, { secret: 'api', as: 'header', name: 'Host' }),
      'header-not-allowed',
    ],
    ['a header without a name', async () => get(await bench.hostFor(), here.url, { secret: 'api', as: 'header' }), 'arguments-invalid'],
    [
      'a form that is JSON',
      async () =>
        get(
          await bench.hostFor(),
          here.url,
          { secret: 'api', as: 'form', name: 'x' },
          { method: 'POST', headers: { 'content-type': 'application/json' } },
        ),
      'secret-unusable',
    ],
    ['reading it without being allowed', async () => (await bench.hostFor()).call('secrets.read', 'api'), 'secret-not-allowed'],
  ]
  test.each(refusals)('%s', async (_what, call, code) => {
    await secrets.set(bench.secret(), 'ada')
    const failure = await call().catch((error: unknown) => error)
    expect(failure).toMatchObject({ code, applied: 'no' })
    expect(everything(failure)).not.toContain('canary')
    expect([...here.seen, ...elsewhere.seen]).toEqual([])
  })

  test('a public address without TLS, also in the preview', async () => {
    await secrets.set(bench.secret({ hosts: ['api.example:80'] }), 'ada')
    const allowed = [
      { kind: 'net', resource: 'api.example:80' },
      { kind: 'secret.use', resource: 'api' },
    ]
    const lookup = async () => [{ address: '93.184.216.34', family: 4 as const }]
    await using host = await createTestHost(bench.folder, { home: bench.home, secrets, lookup, allowed })
    await expect(get(host, 'http://api.example/', { secret: 'api' })).rejects.toMatchObject({ code: 'secret-unencrypted' })
    const { services } = host.preview()
    const post = services.handle(
      'net.fetch',
      ['http://api.example/', { method: 'POST', auth: { secret: 'api' } }],
      new AbortController().signal,
    )
    await expect(post).rejects.toMatchObject({ code: 'secret-unencrypted' })
  })
  test('a value that a header cannot carry', async () => {
    await secrets.set(bench.secret({ value: 'canary-ÿ-line\nbreak' }), 'ada')
    await expect(get(await bench.hostFor(), here.url, { secret: 'api' })).rejects.toMatchObject({ code: 'secret-unusable' })
  })
})

describe('redirects', () => {
  const ways = [
    { secret: 'api' },
    { secret: 'api', as: 'basic', name: 'ada' },
    { secret: 'api', as: 'header', name: 'x-key' },
    { secret: 'api', as: 'query', name: 'key' },
  ]
  test.each(ways)('within the place the secret goes along, to another it never does, nor back: %o', async (auth) => {
    await secrets.set(bench.secret({ value: 'canary-redirect' }), 'ada')
    const told = (seen: Seen) =>
      everything(seen).includes('canary') || everything(seen).includes(Buffer.from('ada:canary-redirect').toString('base64'))
    here.answer = ({ url }, response) => {
      if (url.startsWith('/first')) response.writeHead(302, { location: '/second' }).end()
      else if (url.startsWith('/second')) response.writeHead(302, { location: `${elsewhere.url}/third` }).end()
      else response.end('back')
    }
    elsewhere.answer = (_, response) => response.writeHead(302, { location: `${here.url}/fourth` }).end()
    const answer = await get(await bench.hostFor(), `${here.url}/first`, auth)
    expect(Buffer.from(answer.body).toString()).toBe('back')
    expect(here.seen.map(told)).toEqual([true, true, false])
    expect(elsewhere.seen.map(told)).toEqual([false])
  })

  test.each([
    encodeURIComponent,
    (value: string) => Buffer.from(`:${value}`).toString('base64url'),
    (value: string) => Buffer.from(value).toString('hex'),
  ])('a place that puts the secret into an address elsewhere is not followed (%#)', async (encode) => {
    await secrets.set(bench.secret(), 'ada')
    here.answer = (_, response) => response.writeHead(302, { location: `${elsewhere.url}/?got=${encode(VALUE)}` }).end()
    const failure = await get(await bench.hostFor(), here.url, { secret: 'api', as: 'query', name: 'key' }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'secret-redirected' })
    expect(everything(failure)).not.toContain('canary')
    expect(elsewhere.seen).toEqual([])
  })
  test('a POST that is redirected loses its form', async () => {
    await secrets.set(bench.secret(), 'ada')
    here.answer = ({ url }, response) => (url === '/first' ? response.writeHead(303, { location: '/second' }).end() : response.end())
    await get(await bench.hostFor(), `${here.url}/first`, { secret: 'api', as: 'form', name: 'key' }, { method: 'POST' })
    expect(here.seen.map(({ body }) => body.includes('canary'))).toEqual([true, false])
  })
})

describe('what comes back', () => {
  /** Says all it was told again, in every way it can. */
  const echo = ({ url, headers, body }: Seen, response: http.ServerResponse): void => {
    const all = [url, ...Object.values(headers), body].map(String).join(' | ')
    const answer = [
      all,
      JSON.stringify(all),
      encodeURIComponent(all),
      Buffer.from(all).toString('base64'),
      Buffer.from(all).toString('hex'),
    ].join('\n')
    response
      .writeHead(418, { 'x-said': encodeURIComponent(all), 'set-cookie': `s=${Buffer.from(all).toString('base64url')}` })
      .end(`<pre>${answer}</pre>`)
  }
  const forms = [
    VALUE,
    JSON.stringify(VALUE).slice(1, -1),
    encodeURIComponent(VALUE),
    new URLSearchParams({ v: VALUE }).toString().slice(2),
    Buffer.from(VALUE).toString('hex'),
  ]
  /** Also what base64, twice over, says in it. */
  const clean = (shown: string, depth = 0): void => {
    for (const form of forms) expect(shown).not.toContain(form)
    if (depth < 2) for (const run of shown.match(/[\w+/-]{16,}/g) ?? []) clean(Buffer.from(run, 'base64').toString('latin1'), depth + 1)
  }

  test.each([
    { secret: 'api', as: 'header', name: 'x-key' },
    { secret: 'api', as: 'query', name: 'key' },
    { secret: 'api', as: 'basic', name: 'ada' },
  ])('a server that echoes everything tells the plugin nothing: %o', async (auth) => {
    await secrets.set(bench.secret(), 'ada')
    here.answer = echo
    const answer = await get(await bench.hostFor(), `${here.url}/x`, auth)
    const shown = `${answer.url}\n${Object.values(answer.headers).join('\n')}\n${Buffer.from(answer.body).toString()}`
    expect(answer.status).toBe(418)
    expect(shown).toContain('[secret:api]')
    clean(shown)
    here.answer = (_, response) => echo(here.seen[0]!, response)
    const later = await (await bench.hostFor()).call<Answered>('net.fetch', `${here.url}/what-did-i-say`)
    clean(`${Object.values(later.headers).join('\n')}\n${Buffer.from(later.body).toString()}`)
  })

  test('what a place says that was never told a secret is left as it is, byte for byte', async () => {
    await secrets.set(bench.secret({ value: 'summer' }), 'ada')
    elsewhere.answer = (_, response) => response.end('a summer day')
    const answer = await (await bench.hostFor()).call<Answered>('net.fetch', elsewhere.url)
    expect(Buffer.from(answer.body).toString()).toBe('a summer day')
  })

  test('a download is redacted as it comes, also over the cuts of its pieces, and no byte of the value is on the disk', async () => {
    await secrets.set(bench.secret(), 'ada')
    here.answer = (_, response) => {
      const bytes = Buffer.from(`begin ${VALUE} middle ${VALUE} end`)
      response.writeHead(200, { etag: '"1"' })
      for (const byte of bytes) response.write(Buffer.of(byte))
      response.end()
    }
    const host = await bench.hostFor()
    const { blob } = await host.call<{ blob: string }>('net.download', `${here.url}/f`, {
      auth: { secret: 'api', as: 'header', name: 'x-key' },
    })
    expect(here.seen[0]!.headers['x-key']).toBe(VALUE)
    expect(fs.readFileSync(path.join(bench.home, 'blobs', blob), 'utf8')).toBe('begin [secret:api] middle [secret:api] end')
    for (const file of fs.readdirSync(bench.home, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect(fs.readFileSync(path.join(file.parentPath, file.name)).includes('canary')).toBe(false)
  })

  test('a download that breaks goes on where it was, unless something was replaced', async () => {
    await secrets.set(bench.secret({ value: 'canary-download' }), 'ada')
    for (const [content, from] of [
      [`${'x'.repeat(1000)}canary-down${'y'.repeat(1000)}`, 1000],
      [`${'x'.repeat(500)}canary-download${'y'.repeat(1500)}`, undefined],
    ] as const) {
      here.seen.length = 0
      here.answer = ({ headers }, response) => {
        const begin = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0)
        const rest = content.slice(begin)
        const head = {
          etag: '"1"',
          'content-length': rest.length,
          ...(begin > 0 && { 'content-range': `bytes ${begin}-${content.length - 1}/${content.length}` }),
        }
        response.writeHead(begin > 0 ? 206 : 200, head)
        if (here.seen.length > 1) return void response.end(rest)
        response.write(rest.slice(0, 1005), () => response.socket?.destroy())
      }
      const host = await bench.hostFor()
      const url = `${here.url}/f${from ?? ''}`
      const { blob } = await host.call<{ blob: string }>('net.download', url, { auth: { secret: 'api' } })
      expect(fs.readFileSync(path.join(bench.home, 'blobs', blob), 'utf8')).toBe(content.replace('canary-download', '[secret:api]'))
      expect(here.seen.map(({ headers }) => headers.range)).toEqual([undefined, from === undefined ? undefined : `bytes=${from}-`])
    }
  })
})
