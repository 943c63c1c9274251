import http from 'node:http'
import type { AddressInfo } from 'node:net'
import zlib from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { coversPlace, isPublic } from './address.ts'
import type { Lookup } from './address.ts'
import { loopback, openNetBench } from './testing.ts'
import type { Answered, NetBench } from './testing.ts'

let bench: NetBench
let port: number
let folder: string
beforeEach(async () => {
  bench = await openNetBench()
  ;({ port, folder } = bench)
})
afterEach(() => bench[Symbol.asyncDispose]())

const text = (answered: Answered): string => Buffer.from(answered.body).toString()

describe('which address', () => {
  test.each([
    ['example.org:443', 'example.org', '443', true],
    ['example.org:443', 'example.org', '80', false],
    ['*.example.org:443', 'a.b.example.org', '443', true],
    ['*.example.org:443', 'example.org', '443', false],
    ['*:443', 'anything', '443', true],
    ['example.org:*', 'example.org', '8080', true],
    ['example.org:443', 'example.org.evil', '443', false],
    ['[::1]:80', '[::1]', '80', true],
  ])('%s covers %s:%s: %s', (resource, host, at, covered) => expect(coversPlace(resource, host, at)).toBe(covered))

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '172.16.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    'fe80::1',
    'fc00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::',
    'nonsense',
  ])('%s is not public', (address) => expect(isPublic(address)).toBe(false))
  test.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('%s is public', (address) => expect(isPublic(address)).toBe(true))

  test('a private address needs a grant that names it; patterns and names are none', async () => {
    for (const resources of [[`*:${port}`], [`*:*`], [`evil.example:${port}`]]) {
      const host = await bench.hostWith([], { allowed: resources.map((resource) => ({ kind: 'net', resource })) })
      await expect(host.call('net.fetch', `http://evil.example:${port}/`)).rejects.toMatchObject({ code: 'address-private' })
    }
    const outside = await bench.hostWith([], { allowed: [{ kind: 'net', resource: '*:443' }] })
    await expect(outside.call('net.fetch', `http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'address-not-allowed' })
    expect(bench.requests).toHaveLength(0)
    const named = await bench.hostWith([])
    expect(text(await named.call('net.fetch', `http://127.0.0.1:${port}/`))).toBe('hello')
  })

  test.each(['2130706433', '0x7f.1', '017700000001', '127.1'])(
    'the spelling %s of a loopback address is seen through',
    async (spelling) => {
      const host = await bench.hostWith([], { allowed: [{ kind: 'net', resource: `*:${port}` }] })
      await expect(host.call('net.fetch', `http://${spelling}:${port}/`)).rejects.toMatchObject({ code: 'address-private' })
    },
  )

  test('a name is resolved once a hop: one that answers otherwise later gains nothing, and is refused on the next hop', async () => {
    const asked: string[] = []
    const answers = ['127.0.0.1', '10.0.0.7']
    const rebinding: Lookup = async (name) => {
      asked.push(name)
      return [{ address: answers[asked.length - 1] ?? '10.0.0.7', family: 4 }]
    }
    const host = await bench.hostWith([`rebind.example:${port}`], { lookup: rebinding })
    bench.answer = (request, response) =>
      request.url === '/' ? response.writeHead(302, { location: '/next' }).end() : response.end('inside')
    await expect(host.call('net.fetch', `http://rebind.example:${port}/`)).rejects.toMatchObject({ code: 'address-private' })
    expect(asked).toEqual(['rebind.example', 'rebind.example'])
    expect(bench.requests).toHaveLength(1)
  })

  test('one private address among public ones refuses the name', async () => {
    const host = await bench.hostWith([`mixed.example:${port}`], {
      lookup: async () => [
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
    })
    await expect(host.call('net.fetch', `http://mixed.example:${port}/`)).rejects.toMatchObject({ code: 'address-private' })
  })
})

describe('fetch', () => {
  test('follows redirects and checks each hop against the grants', async () => {
    const host = await bench.hostWith([`a.example:${port}`])
    bench.answer = (request, response) =>
      request.url === '/'
        ? response.writeHead(301, { location: '/there' }).end()
        : response.end(`at ${request.url} for ${request.headers.host}`)
    const answered = await host.call<Answered>('net.fetch', `http://a.example:${port}/`)
    expect([answered.url, text(answered)]).toEqual([`http://a.example:${port}/there`, `at /there for a.example:${port}`])
    bench.answer = (_, response) => response.writeHead(302, { location: `http://b.example:${port}/` }).end()
    await expect(host.call('net.fetch', `http://a.example:${port}/`)).rejects.toMatchObject({ code: 'address-not-allowed' })
  })

  test('credentials do not follow to another origin', async () => {
    const host = await bench.hostWith([`a.example:${port}`, `b.example:${port}`])
    bench.answer = (request, response) =>
      request.headers.host?.startsWith('a.') ? response.writeHead(302, { location: `http://b.example:${port}/` }).end() : response.end()
    await host.call('net.fetch', `http://a.example:${port}/`, { headers: { Authorization: 'Bearer x', Cookie: 'a=b', 'X-Other': 'kept' } })
    expect(bench.requests.map(({ headers }) => [headers.authorization, headers.cookie, headers['x-other']])).toEqual([
      ['Bearer x', 'a=b', 'kept'],
      [undefined, undefined, 'kept'],
    ])
  })

  test('too many redirects', async () => {
    const host = await bench.hostWith([])
    bench.answer = (_, response) => response.writeHead(302, { location: '/again' }).end()
    await expect(host.call('net.fetch', `http://127.0.0.1:${port}/`, { maxRedirects: 3 })).rejects.toMatchObject({
      code: 'too-many-redirects',
    })
    expect(bench.requests).toHaveLength(4)
  })

  test.each([
    ['gzip', zlib.gzipSync],
    ['br', zlib.brotliCompressSync],
    ['deflate', zlib.deflateSync],
    ['zstd', zlib.zstdCompressSync],
  ] as const)('unpacks %s', async (encoding, pack) => {
    const host = await bench.hostWith([])
    bench.answer = (_, response) =>
      response.writeHead(200, { 'content-encoding': encoding, 'content-type': 'text/plain' }).end(pack(Buffer.from('grüße')))
    const answered = await host.call<Answered>('net.fetch', `http://127.0.0.1:${port}/`)
    expect(text(answered)).toBe('grüße')
    expect(answered.headers['content-encoding']).toBeUndefined()
  })

  test('a bomb is cut off at the limit, a packing nobody knows is refused', async () => {
    const host = await bench.hostWith([])
    const bomb = zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024))
    bench.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    await expect(host.call('net.fetch', `http://127.0.0.1:${port}/`, { maxBytes: 1024 * 1024 })).rejects.toMatchObject({
      code: 'response-too-large',
    })
    bench.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip, gzip, gzip, gzip' }).end(bomb)
    await expect(host.call('net.fetch', `http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'encoding-unknown' })
    bench.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'sdch' }).end('x')
    await expect(host.call('net.fetch', `http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'encoding-unknown' })
  })

  test('a body larger than allowed, a server that stays silent, one that is not there', async () => {
    const host = await bench.hostWith([])
    bench.answer = (_, response) => response.end(Buffer.alloc(100))
    await expect(host.call('net.fetch', `http://127.0.0.1:${port}/`, { maxBytes: 99 })).rejects.toMatchObject({
      code: 'response-too-large',
    })
    bench.answer = () => {}
    await expect(host.call('net.fetch', `http://127.0.0.1:${port}/`, { timeout: 60 })).rejects.toMatchObject({
      code: 'request-timeout',
      applied: 'no',
    })
    bench.answer = (_, response) => response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy())
    await expect(host.call('net.fetch', `http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'connection-lost' })
    const closed = http.createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const free = (closed.address() as AddressInfo).port // a TCP server has a port
    await new Promise((resolve) => closed.close(resolve))
    const other = await bench.hostWith([`127.0.0.1:${free}`])
    await expect(other.call('net.fetch', `http://127.0.0.1:${free}/`)).rejects.toMatchObject({ code: 'connection-failed', applied: 'no' })
  })

  test('cancelling ends it with the caller’s reason', async () => {
    const host = await bench.hostWith([])
    const controller = new AbortController()
    const reason = new Error('enough')
    bench.answer = () => controller.abort(reason)
    await expect(host.services.handle('net.fetch', [`http://127.0.0.1:${port}/`], controller.signal)).rejects.toBe(reason)
  })

  test.each([['file:///etc/passwd'], ['ftp://example.org/'], ['http://user:secret@127.0.0.1/'], ['nonsense']])(
    '%s is no address for it',
    async (url) => {
      const host = await bench.hostWith([])
      await expect(host.call('net.fetch', url)).rejects.toMatchObject({ code: 'url-invalid' })
    },
  )

  test('headers that would smuggle something are refused', async () => {
    const host = await bench.hostWith([])
    for (const headers of [{ Host: 'other' }, { 'x-a': 'b\r\nx-c: d' }, { 'Transfer-Encoding': 'chunked' }, { 'bad name': 'x' }]) {
      await expect(host.call('net.fetch', `http://127.0.0.1:${port}/`, { headers })).rejects.toMatchObject({ code: 'header-not-allowed' })
    }
  })
})

describe('requests that change something', () => {
  test('are announced, and recorded instead of sent in a preview', async () => {
    const host = await bench.hostWith([])
    const preview = host.preview()
    const call = () =>
      preview.services.handle(
        'net.fetch',
        [`http://127.0.0.1:${port}/orders`, { method: 'POST', body: 'one' }],
        new AbortController().signal,
      )
    await expect(call()).rejects.toMatchObject({ code: 'recording-ended' })
    expect(bench.requests).toHaveLength(0)
    expect(preview.recording.unknown).toBe(true)
    await expect(preview.services.handle('fs.stat', [folder], new AbortController().signal)).rejects.toMatchObject({
      code: 'recording-ended',
    })
    await host.call('net.fetch', `http://127.0.0.1:${port}/orders`, { method: 'POST', body: 'one' })
    expect(bench.requests.map((request) => request.method)).toEqual(['POST'])
    expect(host.effects).toMatchObject([
      { state: 'finished', change: { kind: 'request-send', method: 'POST', body: 'one', reversal: 'none' } },
    ])
    expect(host.effects[0]?.change).toEqual(preview.recording.changes[0])
  })

  test('one lost after sending stays open and uncertain; one never sent is taken back', async () => {
    const host = await bench.hostWith(['127.0.0.1:1'])
    bench.answer = (request) => request.socket.destroy()
    await expect(host.call('net.fetch', `http://127.0.0.1:${port}/`, { method: 'PUT', body: 'x' })).rejects.toMatchObject({
      applied: 'unknown',
    })
    await expect(host.call('net.fetch', 'http://127.0.0.1:1/', { method: 'PUT', body: 'x' })).rejects.toMatchObject({
      code: 'connection-failed',
      applied: 'no',
    })
    expect(host.effects.map((effect) => effect.state)).toEqual(['started', 'not-applied'])
    const [lost] = host.effects
    expect(lost && (await host.host.reconcile(lost))).toEqual({ applied: 'unknown', after: null })
  })

  test('one that was answered with a way that is not allowed was made all the same', async () => {
    const host = await bench.hostWith([`a.example:${port}`])
    bench.answer = (_, response) => response.writeHead(302, { location: `http://b.example:${port}/` }).end()
    await expect(host.call('net.fetch', `http://a.example:${port}/`, { method: 'POST', body: 'x' })).rejects.toMatchObject({
      code: 'address-not-allowed',
      applied: 'unknown',
    })
    expect(host.effects.map((effect) => effect.state)).toEqual(['started'])
  })

  test.each([
    ['whose name is not found', `http://gone.example:1/`, 'address-unresolved'],
    ['where nobody listens', 'http://127.0.0.1:1/', 'connection-failed'],
    ['that is no web address', 'ftp://a.example/', 'url-invalid'],
  ])('one that was answered with a way %s was made all the same', async (_, location, code) => {
    const lookup: Lookup = async (name) => {
      if (name === 'gone.example') throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
      return loopback(name)
    }
    const host = await bench.hostWith([`a.example:${port}`, 'gone.example:1', '127.0.0.1:1'], { lookup })
    bench.answer = (__, response) => response.writeHead(303, { location }).end()
    const posted = host.call('net.fetch', `http://a.example:${port}/`, { method: 'POST', body: 'x' })
    await expect(posted).rejects.toMatchObject({ code, applied: 'unknown' })
    expect(host.effects.map((effect) => effect.state)).toEqual(['started'])
    await expect(host.call('net.fetch', 'http://gone.example:1/', { method: 'POST', body: 'x' })).rejects.toMatchObject({ applied: 'no' })
    expect(bench.requests).toHaveLength(1)
  })

  test('a tool that did not declare them is stopped, and the body of one is not sent on to another place', async () => {
    const reader = await bench.hostWith([], { effect: 'write' })
    await expect(reader.call('net.fetch', `http://127.0.0.1:${port}/`, { method: 'DELETE' })).rejects.toMatchObject({
      code: 'effect-not-declared',
    })
    const host = await bench.hostWith([])
    bench.answer = (_, response) => response.writeHead(307, { location: '/elsewhere' }).end()
    expect(await host.call('net.fetch', `http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' })).toMatchObject({ status: 307 })
    expect(bench.requests).toHaveLength(1)
  })
})
