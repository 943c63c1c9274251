import { createHash } from 'node:crypto'
import fs from 'node:fs'
import type http from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fileNameOf } from './file-name.ts'
import { openNetBench } from './testing.ts'
import type { NetBench } from './testing.ts'

let bench: NetBench
let port: number
let folder: string
beforeEach(async () => {
  bench = await openNetBench()
  ;({ port, folder } = bench)
})
afterEach(() => bench[Symbol.asyncDispose]())

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
    const host = await bench.hostWith([])
    bench.answer = ranged(
      () => '"one"',
      () => 200_000,
    )
    const got = await host.call<{ blob: string; size: number; mime: string; fileName: string }>(
      'net.download',
      `http://127.0.0.1:${port}/x`,
      { sha256 },
    )
    expect(got).toMatchObject({ blob: sha256, size: content.length, mime: 'application/zip', fileName: 'bad name.zip' })
    expect(bench.requests.length).toBeGreaterThan(1)
    expect(bench.requests.at(-1)?.headers.range).toMatch(/^bytes=\d+-$/)
    expect(fs.readdirSync(`${host.home}/downloads`)).toEqual([])
  })

  test('a thing that changed meanwhile is fetched anew, not joined', async () => {
    const host = await bench.hostWith([])
    bench.answer = ranged(
      () => (bench.requests.length === 1 ? '"one"' : '"two"'),
      () => (bench.requests.length === 1 ? 100_000 : content.length),
    )
    expect(await host.call('net.download', `http://127.0.0.1:${port}/x`)).toMatchObject({ blob: sha256 })
    expect(bench.requests[1]?.headers['if-range']).toBe('"one"')
  })

  test('a later try with the same key goes on with what there is', async () => {
    const host = await bench.hostWith([])
    bench.answer = ranged(
      () => '"one"',
      () => (bench.requests.length === 1 ? 150_000 : 0),
    )
    await expect(host.call('net.download', `http://127.0.0.1:${port}/x`)).rejects.toMatchObject({ code: 'connection-lost' })
    bench.requests.length = 0
    bench.answer = ranged(
      () => '"one"',
      () => content.length,
    )
    expect(await host.call('net.download', `http://127.0.0.1:${port}/x`)).toMatchObject({ blob: sha256 })
    expect(bench.requests[0]?.headers.range).toMatch(/^bytes=[1-9]\d*-$/)
  })

  test('wrong bytes, too many of them, and a refusal are not kept', async () => {
    const host = await bench.hostWith([])
    bench.answer = (_, response) => response.end(content)
    await expect(host.call('net.download', `http://127.0.0.1:${port}/x`, { sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'checksum-mismatch',
    })
    await expect(host.call('net.download', `http://127.0.0.1:${port}/x`, { maxBytes: 1000 })).rejects.toMatchObject({
      code: 'response-too-large',
    })
    bench.answer = (_, response) => response.writeHead(404).end()
    await expect(host.call('net.download', `http://127.0.0.1:${port}/x`)).rejects.toMatchObject({
      code: 'request-failed',
      details: { status: 404 },
    })
  })

  test('is a read: a preview fetches it too, and writing it to a file is the change', async () => {
    const host = await bench.hostWith([], {
      allowed: [
        { kind: 'net', resource: `127.0.0.1:${port}` },
        { kind: 'fs.write', resource: `${folder}/**` },
      ],
    })
    bench.answer = (_, response) => response.end(content)
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
