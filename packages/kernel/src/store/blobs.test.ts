import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forEachStore } from './testing.ts'

const HOUR = 3_600_000
const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex')
const fails = (code: string) => expect.objectContaining({ code })
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

forEachStore((_name, open) => {
  test('bytes, text, streams and files come back as they were', async () => {
    await using opened = await open()
    const { blobs } = opened.store
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        const { hash, size } = await blobs.put(bytes)
        expect([hash, size]).toEqual([sha256(bytes), bytes.length])
        expect(Buffer.from(await blobs.get(hash))).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 15 },
    )
    const text = await blobs.put('été')
    expect(text).toEqual({ hash: sha256('été'), size: 5 })
    expect(await blobs.put(chunks('é', 't', 'é'))).toEqual(text)
    const file = join(opened.place.home, 'some file')
    writeFileSync(file, 'content')
    expect(await blobs.putFile(file)).toEqual({ hash: sha256('content'), size: 7 })
  })

  test('a blob lies two folders deep, for its owner only, and putting it twice keeps one', async () => {
    await using opened = await open()
    const { store, place } = opened
    const { hash } = await store.blobs.put('twice')
    const again = await store.blobs.put(chunks('twi', 'ce'))
    expect(again.hash).toBe(hash)
    const path = await store.blobs.path(hash)
    expect(path).toBe(join(place.home, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(filesOf(join(place.home, 'blobs'))).toEqual([hash])
    expect(await store.db.selectFrom('blobs').select(['hash', 'size']).execute()).toEqual([{ hash, size: 5 }])
  })

  test('a stream that fails leaves nothing', async () => {
    await using opened = await open()
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new Error('the source broke')
    }
    await expect(opened.store.blobs.put(broken())).rejects.toThrow('the source broke')
    expect(filesOf(join(opened.place.home, 'blobs'))).toEqual([])
  })

  test.each(['0'.repeat(64), '../../audit.key', ''])('what is not stored is missing: %j', async (hash) => {
    await using opened = await open()
    const { blobs } = opened.store
    expect(await blobs.has(hash)).toBe(false)
    await expect(blobs.get(hash)).rejects.toEqual(fails('blob-missing'))
    await expect(blobs.path(hash)).rejects.toEqual(fails('blob-missing'))
    await expect(blobs.keep(hash, 'run:1')).rejects.toEqual(fails('blob-missing'))
  })

  test('damaged content is not handed out', async () => {
    await using opened = await open()
    const { blobs } = opened.store
    const { hash } = await blobs.put('good')
    writeFileSync(await blobs.path(hash), 'evil')
    await expect(blobs.get(hash)).rejects.toEqual(fails('blob-corrupt'))
  })

  test('collecting spares what is kept, what is young and what was wanted again', async () => {
    let now = 10 * HOUR
    await using opened = await open({ clock: () => now })
    const {
      store: { blobs },
    } = opened
    const [kept, until, twice, old] = [await blobs.put('kept'), await blobs.put('until'), await blobs.put('twice'), await blobs.put('old')]
    await blobs.keep(kept.hash, 'effect:1')
    await blobs.keep(kept.hash, 'effect:2')
    await blobs.keep(until.hash, 'run:1', now + 5 * HOUR)
    now += 2 * HOUR
    const young = await blobs.put('young')
    await blobs.put('twice')
    expect(await blobs.collect()).toEqual({ removed: 1, bytes: 3 })
    expect(await blobs.has(old.hash)).toBe(false)
    for (const { hash } of [kept, until, twice, young]) expect(await blobs.has(hash)).toBe(true)
    now += 4 * HOUR
    await blobs.release('effect:1')
    await blobs.collect()
    expect([await blobs.has(kept.hash), await blobs.has(until.hash), await blobs.has(young.hash)]).toEqual([true, false, false])
    await blobs.release('effect:2')
    await blobs.collect()
    expect(filesOf(join(opened.place.home, 'blobs'))).toEqual([])
  })

  test('collecting while the same content is put never loses it', async () => {
    await using opened = await open({ clock: () => 0 })
    const { blobs } = opened.store
    for (let round = 0; round < 20; round++) {
      const [{ hash }] = await Promise.all([blobs.put('contested'), blobs.collect(-1)])
      const stored = await blobs.put('contested')
      expect(stored.hash).toBe(hash)
      expect(readFileSync(await blobs.path(hash), 'utf8')).toBe('contested')
      await blobs.collect(-1)
    }
  })

  test('what a crash left is swept: temporary files and blobs without a row', async () => {
    await using opened = await open()
    const { store, place } = opened
    const { hash } = await store.blobs.put('no row')
    await store.db.deleteFrom('blobs').execute()
    const leftover = join(place.home, 'blobs', 'partial', 'leftover')
    writeFileSync(leftover, 'half')
    const long = new Date(Date.now() - 2 * HOUR)
    utimesSync(leftover, long, long)
    await store.blobs.collect()
    expect(filesOf(join(place.home, 'blobs'))).toEqual([hash]) // still young
    utimesSync(await store.blobs.path(hash), long, long)
    await store.blobs.collect()
    expect(filesOf(join(place.home, 'blobs'))).toEqual([])
  })
})
