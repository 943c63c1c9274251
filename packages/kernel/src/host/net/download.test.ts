import { createHash } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost, TestHostOptions } from '../testing.ts'
import type { Lookup } from './address.ts'
import { fileNameOf } from './file-name.ts'

let server: http.Server
let port: number
let answer: http.RequestListener
let requests: http.IncomingMessage[]
let folder: string
const open: TestHost[] = []
beforeEach(async () => {
  requests = []
  answer = (_, response) => response.end('hello')
  server = http.createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port // a TCP server has a port
  folder = temporaryFolder()
})
afterEach(async () => {
  for (const host of open.splice(0)) await host[Symbol.asyncDispose]()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  fs.rmSync(folder, { recursive: true, force: true })
})

const loopback: Lookup = async () => [{ address: '127.0.0.1', family: 4 }]
/** Names lead to the test's server, as if it were a public one: it is granted by its address beside the name. */
async function hostWith(allowed: string[], options: TestHostOptions = {}): Promise<TestHost> {
  const needs = [...allowed, `127.0.0.1:${port}`].map((resource) => ({ kind: 'net', resource }))
  const host = await createTestHost(folder, { lookup: loopback, sleep: async () => {}, ...options, allowed: options.allowed ?? needs })
  open.push(host)
  return host
}
describe('download', () => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251))
  const sha256 = createHash('sha256').update(content).digest('hex')
  const ranged =
    (tag: () => string, cut: () => number): http.RequestListener =>
    (request, response) => {
      const range = request.headers['if-range'] === tag() ? /bytes=(\d+)-/.exec(request.headers.range ?? '') : null
      const from = range ? Number(range[1]) : 0
      const head = {
        etag: tag(),
        'content-length': content.length - from,
        'content-type': 'application/zip; x=y',
        'content-disposition': `attachment; filename="../../bad name.zip"`,
        ...(range && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
      }
      response.writeHead(range ? 206 : 200, head)
      const end = Math.min(content.length, from + cut())
      response.write(content.subarray(from, end), () => (end < content.length ? response.destroy() : response.end()))
    }

  test('goes on where the connection broke', async () => {
    const host = await hostWith([])
    answer = ranged(
      () => '"one"',
      () => 200_000,
    )
    const got = await host.call<{ blob: string; size: number; mime: string; fileName: string }>(
      'net.download',
      `http://127.0.0.1:${port}/x`,
      { sha256 },
    )
    expect(got).toMatchObject({ blob: sha256, size: content.length, mime: 'application/zip', fileName: 'bad name.zip' })
    expect(requests.length).toBeGreaterThan(1)
    expect(requests.at(-1)?.headers.range).toMatch(/^bytes=\d+-$/)
    expect(fs.readdirSync(`${host.home}/downloads`)).toEqual([])
  })

  test('a thing that changed meanwhile is fetched anew, not joined', async () => {
    const host = await hostWith([])
    answer = ranged(
      () => (requests.length === 1 ? '"one"' : '"two"'),
      () => (requests.length === 1 ? 100_000 : content.length),
    )
    expect(await host.call('net.download', `http://127.0.0.1:${port}/x`)).toMatchObject({ blob: sha256 })
    expect(requests[1]?.headers['if-range']).toBe('"one"')
  })

  test('a later try with the same key goes on with what there is', async () => {
    const host = await hostWith([])
    answer = ranged(
      () => '"one"',
      () => (requests.length === 1 ? 150_000 : 0),
    )
    await expect(host.call('net.download', `http://127.0.0.1:${port}/x`)).rejects.toMatchObject({ code: 'connection-lost' })
    requests = []
    answer = ranged(
      () => '"one"',
      () => content.length,
    )
    expect(await host.call('net.download', `http://127.0.0.1:${port}/x`)).toMatchObject({ blob: sha256 })
    expect(requests[0]?.headers.range).toMatch(/^bytes=[1-9]\d*-$/)
  })

  test('wrong bytes, too many of them, and a refusal are not kept', async () => {
    const host = await hostWith([])
    answer = (_, response) => response.end(content)
    await expect(host.call('net.download', `http://127.0.0.1:${port}/x`, { sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'checksum-mismatch',
    })
    await expect(host.call('net.download', `http://127.0.0.1:${port}/x`, { maxBytes: 1000 })).rejects.toMatchObject({
      code: 'response-too-large',
    })
    answer = (_, response) => response.writeHead(404).end()
    await expect(host.call('net.download', `http://127.0.0.1:${port}/x`)).rejects.toMatchObject({
      code: 'request-failed',
      details: { status: 404 },
    })
  })

  test('is a read: a preview fetches it too, and writing it to a file is the change', async () => {
    const host = await hostWith([], {
      allowed: [
        { kind: 'net', resource: `127.0.0.1:${port}` },
        { kind: 'fs.write', resource: `${folder}/**` },
      ],
    })
    answer = (_, response) => response.end(content)
    const preview = host.preview()
    const call = (service: string, ...args: unknown[]) => preview.services.handle(service, args, new AbortController().signal)
    const { blob } = (await call('net.download', `http://127.0.0.1:${port}/x`)) as { blob: string }
    await call('fs.writeBlob', `${folder}/x.bin`, blob)
    expect(preview.recording.changes).toMatchObject([{ kind: 'file-write', path: `${folder}/x.bin`, hash: sha256, bytes: content.length }])
    expect(fs.readdirSync(folder)).toEqual([])
    await host.call('fs.writeBlob', `${folder}/x.bin`, blob)
    expect(host.effects.map((effect) => effect.change)).toEqual(preview.recording.changes)
    expect(fs.readFileSync(`${folder}/x.bin`).equals(content)).toBe(true)
  })

  test.each([
    [`attachment; filename="report.pdf"`, 'report.pdf'],
    [`attachment; filename*=UTF-8''na%C3%AFve%20file.txt; filename="x.txt"`, 'naïve file.txt'],
    [`attachment; filename="..\\\\..\\\\evil.exe"`, 'evil.exe'],
    [undefined, 'page.html'],
    ['attachment; filename="..."', 'page.html'],
    [`attachment; filename="${'a'.repeat(300)}.txt"`, `${'a'.repeat(251)}.txt`],
  ])('the proposed name of %j is %s', (disposition, name) =>
    expect(fileNameOf(disposition, 'https://example.org/a/page.html?x=1')).toBe(name),
  )
})
