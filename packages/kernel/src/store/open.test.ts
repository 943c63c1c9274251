import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openStore } from './open.ts'
import { forEachStore, freshPlace, runRow } from './testing.ts'

const fails = (code: string) => expect.objectContaining({ code })
const isRoot = process.getuid?.() === 0
const NOBODY = 65_534

forEachStore((name, open) => {
  test('whole numbers up to 2^53 come as they are; beyond it the store refuses to guess', async () => {
    await using opened = await open()
    const { db } = opened.store
    await db.insertInto('blobs').values({ hash: 'a', size: Number.MAX_SAFE_INTEGER, at: 0 }).execute()
    expect(
      await db
        .selectFrom('blobs')
        .select(['size', ({ fn }) => fn.countAll<number>().as('n'), ({ fn }) => fn.sum<number>('at').as('sum')])
        .groupBy('size')
        .executeTakeFirst(),
    ).toEqual({ size: Number.MAX_SAFE_INTEGER, n: 1, sum: 0 })
    await sql`update blobs set size = 9007199254740993`.execute(db)
    await expect(db.selectFrom('blobs').select('size').execute()).rejects.toThrow(/too large/)
  })

  test('text sorts by bytes on both', async () => {
    await using opened = await open()
    await opened.store.db
      .insertInto('settings')
      .values(['b', 'A', 'a', 'Z', 'é', '_'].map((key) => ({ key, value_json: '0' })))
      .execute()
    const rows = await opened.store.db.selectFrom('settings').select('key').orderBy('key').execute()
    expect(rows.map(({ key }) => key)).toEqual(['A', 'Z', '_', 'a', 'b', 'é'])
  })

  test('a broken rule of the schema is a fault with a code', async () => {
    await using opened = await open()
    const { db } = opened.store
    await db.insertInto('settings').values({ key: 'a', value_json: '1' }).execute()
    await expect(db.insertInto('settings').values({ key: 'a', value_json: '2' }).execute()).rejects.toEqual(fails('store-constraint'))
    await expect(
      db.insertInto('run_events').values({ run: 'none', seq: 1, at: 1, type: 't', path: '', data_json: '{}', labels: '[]' }).execute(),
    ).rejects.toEqual(fails('store-constraint'))
  })

  test('a transaction is kept whole or not at all', async () => {
    await using opened = await open()
    const { store } = opened
    await expect(
      store.transaction(async (tx) => {
        await tx.insertInto('settings').values({ key: 'a', value_json: '1' }).execute()
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await store.transaction((tx) => tx.selectFrom('settings').selectAll().execute())).toEqual([])
  })

  test('the folder is for its owner only', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'lifeos-open-'))
    const home = join(parent, 'deep', 'home')
    await using opened = await open({ home })
    expect(statSync(home).mode & 0o777).toBe(0o700)
    if (name === 'sqlite')
      for (const file of ['lifeos.sqlite', 'lifeos.sqlite-wal']) expect(statSync(join(home, file)).mode & 0o777).toBe(0o600)
    await opened.store[Symbol.asyncDispose]()
    rmSync(parent, { recursive: true })
  })

  test('a backup is one file that opens with everything in it', async () => {
    await using opened = await open()
    const { store, place } = opened
    await store.db.insertInto('runs').values(runRow('r1')).execute()
    await store.journal.append('r1', 1, [{ kind: 'event', event: { type: 'run-waiting' } }], 'next')
    if (name === 'postgres') {
      await expect(store.backup(join(place.home, 'copy.sqlite'))).rejects.toEqual(fails('backup-elsewhere'))
      return
    }
    const restored = join(place.home, 'restored')
    mkdirSync(restored)
    await store.backup(join(restored, 'lifeos.sqlite'))
    expect(statSync(join(restored, 'lifeos.sqlite')).mode & 0o777).toBe(0o600)
    await using copy = await openStore({ home: restored })
    expect(await copy.journal.read('r1')).toHaveLength(1)
  })
})

describe('a damaged database', () => {
  test.each([
    [
      'overwritten with something else',
      (file: string) => writeFileSync(file, 'not a database at all, but long enough to be looked at by whoever opens it. '.repeat(80)),
    ],
    ['cut short', (file: string) => truncateSync(file, 20_000)],
    [
      'with garbage in the middle',
      (file: string) => {
        const bytes = readFileSync(file)
        bytes.fill(0xa5, 8192, 60_000)
        writeFileSync(file, bytes)
      },
    ],
  ])('%s is refused with one sentence, and left as it is', async (_how, damage) => {
    await using place = await freshPlace('sqlite')
    const store = await place.open()
    await store.db.insertInto('runs').values(runRow('r1')).execute()
    await store[Symbol.asyncDispose]()
    const file = join(place.home, 'lifeos.sqlite')
    damage(file)
    const damaged = readFileSync(file)
    await expect(place.open()).rejects.toEqual(fails('store-corrupt'))
    expect(readFileSync(file).equals(damaged)).toBe(true)
  })
})

describe('a folder that cannot be written', () => {
  test('is refused with one sentence', async () => {
    const home = mkdtempSync(join(tmpdir(), 'lifeos-open-'))
    try {
      chmodSync(home, 0o555)
      const fixture = fileURLToPath(new URL('fixtures/unprivileged.ts', import.meta.url))
      const { stdout } = await promisify(execFile)(process.execPath, [fixture, home], isRoot ? { uid: NOBODY, gid: NOBODY, env: {} } : {})
      expect(JSON.parse(stdout)).toEqual({ code: 'home-read-only', message: expect.stringContaining(home) as string })
    } finally {
      chmodSync(home, 0o700)
      rmSync(home, { recursive: true })
    }
  })

  test('so is one below a file', async () => {
    await using place = await freshPlace('sqlite')
    const home = join(place.home, 'file')
    writeFileSync(home, '')
    await expect(openStore({ home })).rejects.toEqual(fails('home-not-a-folder'))
  })
})

/** A file system of two megabytes. Only root may mount one. */
function smallDisk(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'lifeos-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path])
  return {
    path,
    [Symbol.dispose]: () => {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}
const mountable =
  isRoot && spawnSync('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d && rmdir $d']).status === 0

describe.skipIf(!mountable)('a full disk (needs root to mount a small one)', () => {
  test('fails what does not fit, keeps what was saved, and goes on when there is space', async () => {
    using disk = smallDisk()
    const home = join(disk.path, 'home')
    const filler = join(disk.path, 'filler')
    writeFileSync(filler, Buffer.alloc(600_000))
    {
      await using store = await openStore({ home })
      await store.db
        .insertInto('runs')
        .values([runRow('r1'), runRow('r2')])
        .execute()
      const text = 'x'.repeat(20_000)
      let saved = 0
      const append = async (): Promise<void> => {
        for (;;) {
          await store.journal.append(
            'r1',
            1,
            [{ kind: 'event', event: { type: 'warning-noted', path: 'a', code: 'c', message: text } }],
            'sync',
          )
          saved++
        }
      }
      await expect(append()).rejects.toEqual(fails('disk-full'))
      expect(saved).toBeGreaterThan(3)
      await expect(store.blobs.put(text.repeat(100))).rejects.toEqual(fails('disk-full'))
      expect(await store.journal.read('r1')).toHaveLength(saved)
      rmSync(filler)
      expect(await store.journal.append('r1', 1, [{ kind: 'event', event: { type: 'run-waiting' } }], 'sync')).toMatchObject([
        { seq: saved + 1 },
      ])
    }
    await using again = await openStore({ home })
    expect((await again.journal.read('r1')).at(-1)?.event.type).toBe('run-waiting')
    expect(await again.audit.verify()).toMatchObject({ ok: true })
  })
})

describe('a PostgreSQL that is not there', () => {
  test('is refused with one sentence that does not show the password', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo // it listens on TCP
    await new Promise((resolve) => server.close(resolve))
    await using place = await freshPlace('sqlite')
    const failure = await openStore({ home: place.home, url: `postgres://ada:hunter2@127.0.0.1:${port}/life` }).catch(
      (error: unknown) => error,
    )
    expect(failure).toEqual(fails('store-unreachable'))
    expect(String(failure)).not.toContain('hunter2')
    await expect(openStore({ home: place.home, url: 'mysql://somewhere' })).rejects.toEqual(fails('store-unreachable'))
  })
})
