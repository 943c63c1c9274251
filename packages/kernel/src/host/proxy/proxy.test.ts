import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LifeOsError } from '@life-os/contract'
import { createRedactor } from '../../secrets/index.ts'
import { temporaryFolder } from '../fixtures.ts'
import type { Lookup } from '../net/address.ts'
import { noSecrets } from '../net/credential.ts'
import type { HostSecrets } from '../net/credential.ts'
import type { CallScope } from '../types.ts'
import { openEgress } from './proxy.ts'
import type { Egress, EgressOptions } from './proxy.ts'
import { serveTest, trustCertificates } from './testing.ts'
import type { Served } from './testing.ts'

let folder: string
let site: Served
let egress: Egress | undefined
const CANARY = 'canary-7f3a9c1e5b2d'
beforeEach(async () => {
  folder = temporaryFolder()
  site = await serveTest((request, response) => {
    if (request.url === '/echo') return void request.pipe(response.writeHead(200, { 'x-seen': 'yes' }))
    response.end(`hello ${request.url}`)
  })
})
afterEach(async () => {
  await egress?.[Symbol.asyncDispose]()
  egress = undefined
  await site[Symbol.asyncDispose]()
  fs.rmSync(folder, { recursive: true })
})

const scopeOf = (...resources: string[]): CallScope => ({
  run: 'r',
  path: 'p',
  try: 1,
  plugin: 'test',
  pluginVersion: '1.0.0',
  tool: 'test.tool',
  key: 'k',
  effect: 'external',
  reversal: 'none',
  allowed: resources.map((resource) => ({ kind: 'net', resource })),
  labels: [],
})
const loopback: Lookup = async () => [{ address: '127.0.0.1', family: 4 }]
async function open(options: Partial<EgressOptions> & { places: string[] }): Promise<string> {
  egress = await openEgress({
    scope: scopeOf(...options.places, `127.0.0.1:${site.port}`),
    lookup: loopback,
    auth: [],
    secrets: noSecrets,
    identity: null,
    signal: new AbortController().signal,
    ...options,
  })
  return egress.socket
}

interface Answered {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}
function ask(
  socket: string,
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      socketPath: socket,
      path: url,
      method: options.method ?? 'GET',
      headers: { host: 'proxy', ...options.headers },
    })
    request.on('error', reject)
    request.on('response', async (answer) => {
      const chunks = await Array.fromAsync(answer as AsyncIterable<Buffer>) // no encoding set
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() })
    })
    request.end(options.body)
  })
}
function connect(socket: string, place: string): Promise<{ status: number; socket: net.Socket; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath: socket, method: 'CONNECT', path: place })
    request.on('error', reject)
    request.on('connect', (answer, stream: net.Socket, head) =>
      resolve({ status: answer.statusCode ?? 0, socket: stream, body: head.toString() }),
    )
    request.end()
  })
}

describe('plain requests', () => {
  test('go to the places of the command, as they were sent, and come back', async () => {
    const socket = await open({ places: [`site.example:${site.port}`] })
    const answered = await ask(socket, `http://site.example:${site.port}/echo`, {
      method: 'POST',
      headers: { 'x-mine': '1', 'proxy-authorization': 'Basic x', connection: 'x-hop', 'x-hop': 'gone' },
      body: 'a body',
    })
    expect(answered).toMatchObject({ status: 200, body: 'a body', headers: { 'x-seen': 'yes' } })
    expect(site.asked).toMatchObject([{ line: 'POST /echo', host: `site.example:${site.port}`, headers: { 'x-mine': '1' } }])
    expect(Object.keys(site.asked[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['proxy-authorization']))
    expect(site.asked[0]?.headers['x-hop']).toBeUndefined()
  })

  test('a body is a body, also where no length and an unusual method come with it', async () => {
    const socket = await open({ places: [`site.example:${site.port}`] })
    const body = `GET /smuggled HTTP/1.1\r\nhost: other.example\r\n\r\n`
    for (const method of ['GET', 'DELETE', 'OPTIONS'])
      expect(
        await ask(socket, `http://site.example:${site.port}/echo`, { method, headers: { 'transfer-encoding': 'chunked' }, body }),
      ).toMatchObject({
        status: 200,
        body,
      })
    expect(site.asked.map(({ line }) => line)).toEqual(['GET /echo', 'DELETE /echo', 'OPTIONS /echo'])
  })

  test('a host that a grant denies is refused, though its call was allowed it by a pattern', async () => {
    const allowed = ['*:*', `127.0.0.1:${site.port}`].map((resource) => ({ kind: 'net', resource }))
    const denial = { rule: 'grant-deny', grant: 'g', permission: `net:evil.example:${site.port}` } as const
    const denies = {
      of: ({ resource }: { resource: string }) => (resource.startsWith('evil.') ? denial : null),
      namedBelow: () => null,
      matchesBelow: () => null,
    }
    const places = [`good.example:${site.port}`, `evil.example:${site.port}`]
    const socket = await open({ places, scope: { ...scopeOf(), allowed, denies } })
    expect(await ask(socket, `http://good.example:${site.port}/`)).toMatchObject({ status: 200 })
    expect(await ask(socket, `http://evil.example:${site.port}/`)).toMatchObject({
      status: 403,
      body: expect.stringContaining('A grant forbids'),
    })
    expect(site.asked).toHaveLength(1)
  })

  test.each([
    ['another host', (port: number) => `http://other.example:${port}/`],
    ['another port', (port: number) => `http://site.example:${port + 1}/`],
    ['its bare address', (port: number) => `http://127.0.0.1:${port}/`],
    ['a path without a host', () => '/'],
    ['another scheme', (port: number) => `ftp://site.example:${port}/`],
    ['a name and password', (port: number) => `http://u:p@site.example:${port}/`],
  ])('are refused with a sentence: %s', async (_, url) => {
    const socket = await open({ places: [`site.example:${site.port}`] })
    const answered = await ask(socket, url(site.port))
    expect(answered).toMatchObject({ status: 403, body: expect.stringMatching(/^Life-OS: .+\.\n$/) })
    expect(site.asked).toEqual([])
  })

  test('the Host header does not choose the place', async () => {
    const socket = await open({ places: [`site.example:${site.port}`] })
    await ask(socket, `http://site.example:${site.port}/x`, { headers: { host: 'evil.example' } })
    expect(site.asked).toMatchObject([{ host: `site.example:${site.port}` }])
  })

  test('a place of the command that its call was not allowed is refused too', async () => {
    const socket = await open({ places: [`site.example:${site.port}`], scope: scopeOf('other.example:80') })
    expect(await ask(socket, `http://site.example:${site.port}/`)).toMatchObject({ status: 403 })
  })

  test('a name that leads to this machine gains nothing, also when it answers otherwise later', async () => {
    const socket = await open({ places: [`site.example:${site.port}`], scope: scopeOf(`site.example:${site.port}`) })
    expect(await ask(socket, `http://site.example:${site.port}/`)).toMatchObject({
      status: 403,
      body: expect.stringContaining('not a public address'),
    })
    await egress?.[Symbol.asyncDispose]()
    const answers = ['127.0.0.1', '10.0.0.7']
    let asked = 0
    const rebinding: Lookup = async () => [{ address: answers[asked++] ?? '10.0.0.7', family: 4 }]
    const again = await open({ places: [`site.example:${site.port}`], lookup: rebinding })
    expect(await ask(again, `http://site.example:${site.port}/`)).toMatchObject({ status: 200 })
    expect(asked).toBe(1)
    expect(await ask(again, `http://site.example:${site.port}/`)).toMatchObject({ status: 403 })
  })

  test('nobody there is 502', async () => {
    const places = ['site.example:1', '127.0.0.1:1']
    const socket = await open({ places, scope: scopeOf(...places) })
    expect(await ask(socket, 'http://site.example:1/')).toMatchObject({ status: 502, body: expect.stringContaining('cannot be reached') })
  })

  test('more bytes than it may carry end it', async () => {
    const socket = await open({ places: [`site.example:${site.port}`], traffic: 1000 })
    const endless = (): Promise<Answered> =>
      ask(socket, `http://site.example:${site.port}/echo`, { method: 'POST', body: 'x'.repeat(5000) })
    await endless()
    await expect
      .poll(
        () =>
          endless().then(
            () => 'carried',
            () => 'ended',
          ),
        { timeout: 10_000 },
      )
      .toBe('ended')
  })
})

describe('tunnels', () => {
  test('join the box with the place, and with no other', async () => {
    const socket = await open({ places: [`site.example:${site.port}`] })
    const { status, socket: stream } = await connect(socket, `site.example:${site.port}`)
    expect(status).toBe(200)
    stream.write('GET /inside HTTP/1.0\r\n\r\n')
    const chunks = await Array.fromAsync(stream as AsyncIterable<Buffer>) // no encoding set
    expect(Buffer.concat(chunks).toString()).toContain('hello /inside')
    for (const place of [
      `site.example:${site.port + 1}`,
      `other.example:${site.port}`,
      '127.0.0.1:22',
      'nonsense',
      `site.example:${site.port}/x`,
    ]) {
      const refused = await connect(socket, place)
      expect(refused.status).toBe(403)
      refused.socket.destroy()
    }
  })

  test('end with the proxy', async () => {
    const socket = await open({ places: [`site.example:${site.port}`] })
    const { socket: stream } = await connect(socket, `site.example:${site.port}`)
    const closed = new Promise((resolve) => stream.once('close', resolve))
    stream.resume()
    await egress?.[Symbol.asyncDispose]()
    await closed
    expect(fs.existsSync(socket)).toBe(false)
  })
})

describe('a secret', () => {
  const secretsFor = (place: string): HostSecrets => {
    const redactor = createRedactor()
    redactor.know({ name: 'forge', values: [CANARY], hosts: [place] })
    return {
      ...noSecrets,
      async use(name, asked) {
        if (name === 'forge' && asked === place) return { kind: 'token', value: CANARY }
        throw new LifeOsError('secret-elsewhere', `${name} is not meant for ${asked}.`)
      },
      redactor,
      redactorFor: () => redactor,
    }
  }

  test('is added outside, over TLS, and taken out of what the other side repeats', async () => {
    using certificate = trustCertificates(folder, ['forge.example'])
    await using forge = await serveTest((request, response) => {
      if (request.url === '/moved') return void response.writeHead(302, { location: `https://forge.example:${forge.port}/there` }).end()
      response.end(`you sent ${request.headers.authorization}`)
    }, certificate)
    const place = `forge.example:${forge.port}`
    const socket = await open({
      places: [place],
      scope: scopeOf(place, `127.0.0.1:${forge.port}`),
      auth: [{ secret: 'forge', place }],
      secrets: secretsFor(place),
    })
    const answered = await ask(socket, `http://${place}/repo`, { headers: { authorization: 'Bearer of the box' } })
    expect(forge.asked).toMatchObject([{ line: 'GET /repo', authorization: `Bearer ${CANARY}`, host: place }])
    expect(answered).toMatchObject({ status: 200, body: 'you sent Bearer [secret:forge]' })
    expect((await ask(socket, `http://${place}/moved`)).headers.location).toBe(`http://${place}/there`)
  })

  test('goes to no other place, and to none that cannot prove who it is', async () => {
    const place = `site.example:${site.port}`
    const socket = await open({
      places: [place, `other.example:${site.port}`],
      auth: [{ secret: 'forge', place }],
      secrets: secretsFor(place),
    })
    expect(await ask(socket, `http://${place}/`)).toMatchObject({ status: 502 })
    expect(await ask(socket, `http://other.example:${site.port}/`)).toMatchObject({ status: 200 })
    expect(site.asked.map(({ authorization }) => authorization)).toEqual([undefined])
  })

  test('that is meant for elsewhere is a refusal', async () => {
    const place = `site.example:${site.port}`
    const socket = await open({ places: [place], auth: [{ secret: 'forge', place }], secrets: secretsFor('elsewhere.example:443') })
    expect(await ask(socket, `http://${place}/`)).toMatchObject({ status: 403, body: expect.stringContaining('not meant for') })
    expect(site.asked).toEqual([])
  })
})

test('what is no HTTP is hung up on', async () => {
  const socket = await open({ places: [`site.example:${site.port}`] })
  const raw = net.connect(socket)
  raw.write('\x05\x01\x00')
  await new Promise((resolve) => raw.resume().once('close', resolve))
  expect(site.asked).toEqual([])
})
