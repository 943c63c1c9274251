import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Kysely } from 'kysely'
import { LifeOsError } from '@life-os/contract'
import { fileFault } from './faults.ts'
import { createLock } from './lock.ts'
import type { Lock } from './lock.ts'
import type { Database } from './schema.ts'
import type { Blobs } from './types.ts'

const GRACE = 3_600_000 // ms
const PAGE = 500 // rows

export interface BlobsDependencies {
  readonly db: Kysely<Database>
  /** The folder of the blobs; made when the first one comes. */
  readonly folder: string
  readonly clock: () => number
}

interface Stored {
  hash: string
  size: number
}

/** See {@link Blobs}. A blob lies at `aa/bb/<hash>`; what is being written at `partial/<uuid>`. */
export function createBlobs({ db, folder, clock }: BlobsDependencies): Blobs {
  const lock = createLock()
  const place = (hash: string): string => join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
  const partial = join(folder, 'partial')

  /** Puts a complete temporary file in its place and notes it. Held against `collect`, which removes both. */
  async function settle(temporary: string, stored: Stored): Promise<Stored> {
    await locked(lock, async () => {
      const target = place(stored.hash)
      if ((await sizeOf(target)) === stored.size) await rm(temporary)
      else await moveDurably(temporary, target, folder)
      await note(db, stored, clock())
    })
    return stored
  }

  async function put(content: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<Stored> {
    return guarded(folder, async () => {
      await mkdir(partial, { recursive: true, mode: 0o700 })
      const temporary = join(partial, randomUUID())
      try {
        return await settle(temporary, await writeHashed(temporary, content))
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    })
  }

  async function path(hash: string): Promise<string> {
    if (!isHash(hash) || (await sizeOf(place(hash))) === undefined) throw missing(hash)
    return place(hash)
  }

  return {
    put,
    putFile: (file) => put(createReadStream(file)),
    path,
    async get(hash) {
      const bytes = await readFile(await path(hash))
      if (createHash('sha256').update(bytes).digest('hex') !== hash)
        throw new LifeOsError('blob-corrupt', `The stored content ${hash} is damaged; restore it from a backup.`, { class: 'operational' })
      return bytes
    },
    has: async (hash) => isHash(hash) && (await sizeOf(place(hash))) !== undefined,
    async keep(hash, owner, until) {
      await path(hash)
      const row = { hash, owner, until: until ?? null }
      await locked(lock, async () => {
        await note(db, { hash, size: (await sizeOf(place(hash))) ?? 0 }, clock())
        await db
          .insertInto('blob_refs')
          .values(row)
          .onConflict((clash) => clash.columns(['hash', 'owner']).doUpdateSet({ until: row.until }))
          .execute()
      })
    },
    release: async (owner) => void (await db.deleteFrom('blob_refs').where('owner', '=', owner).execute()),
    async collect(grace = GRACE) {
      const cutoff = clock() - grace
      const gone = await collectUnreferenced(db, lock, place, cutoff, clock())
      await sweep(db, lock, folder, cutoff)
      return gone
    },
  }
}

const isHash = (hash: string): boolean => /^[0-9a-f]{64}$/.test(hash)
const missing = (hash: string): LifeOsError =>
  new LifeOsError('blob-missing', `The content ${hash} is not stored here; it may have been cleaned up.`, { class: 'operational' })

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fileFault(error, path)
  }
}

async function locked<T>(lock: Lock, work: () => Promise<T>): Promise<T> {
  const release = await lock.acquire()
  try {
    return await work()
  } finally {
    release()
  }
}

async function writeHashed(file: string, content: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<Stored> {
  const hash = createHash('sha256')
  let size = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(content)) {
      hash.update(chunk)
      size += chunk.byteLength
      yield chunk
    }
  }
  await pipeline(counted, createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })) // flush: fsync before closing
  return { hash: hash.digest('hex'), size }
}

async function* chunksOf(content: Uint8Array | string | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content)
  else if (content instanceof Uint8Array) yield content
  else yield* content
}

async function moveDurably(from: string, to: string, root: string): Promise<void> {
  const made = await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await rename(from, to)
  await syncPath(dirname(to))
  if (made === undefined) return
  for (let folder = dirname(dirname(to)); folder.length >= root.length; folder = dirname(folder)) await syncPath(folder)
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Notes a blob, or that it was wanted again just now. */
async function note(db: Kysely<Database>, { hash, size }: Stored, at: number): Promise<void> {
  await db
    .insertInto('blobs')
    .values({ hash, size, at })
    .onConflict((clash) => clash.column('hash').doUpdateSet({ at }))
    .execute()
}

async function collectUnreferenced(
  db: Kysely<Database>,
  lock: Lock,
  place: (hash: string) => string,
  cutoff: number,
  now: number,
): Promise<{ removed: number; bytes: number }> {
  const total = { removed: 0, bytes: 0 }
  for (;;) {
    const page = await locked(lock, async () => {
      const unwanted = db
        .selectFrom('blobs')
        .select('blobs.hash')
        .where('blobs.at', '<', cutoff)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('blob_refs')
                .select('blob_refs.owner')
                .whereRef('blob_refs.hash', '=', 'blobs.hash')
                .where(({ or, eb }) => or([eb('blob_refs.until', 'is', null), eb('blob_refs.until', '>', now)])),
            ),
          ),
        )
        .limit(PAGE)
      const rows = await db.deleteFrom('blobs').where('hash', 'in', unwanted).returning(['hash', 'size']).execute()
      for (const { hash } of rows) await rm(place(hash), { force: true })
      return rows
    })
    total.removed += page.length
    total.bytes += page.reduce((sum, { size }) => sum + size, 0)
    if (page.length < PAGE) return total
  }
}

/** Removes what a crash left: temporary files, and blobs whose row was never written or was deleted just before. */
async function sweep(db: Kysely<Database>, lock: Lock, folder: string, cutoff: number): Promise<void> {
  for (const outer of await entriesOf(folder)) {
    if (outer === 'partial') await removeOld(join(folder, outer), await entriesOf(join(folder, outer)), cutoff)
    else for (const inner of await entriesOf(join(folder, outer))) await sweepFolder(db, lock, join(folder, outer, inner), cutoff)
  }
}

async function sweepFolder(db: Kysely<Database>, lock: Lock, folder: string, cutoff: number): Promise<void> {
  await locked(lock, async () => {
    const names = await entriesOf(folder)
    if (names.length === 0) return
    const known = new Set((await db.selectFrom('blobs').select('hash').where('hash', 'in', names).execute()).map(({ hash }) => hash))
    await removeOld(
      folder,
      names.filter((name) => !known.has(name)),
      cutoff,
    )
  })
}

async function removeOld(folder: string, names: readonly string[], cutoff: number): Promise<void> {
  for (const name of names) {
    const path = join(folder, name)
    if ((await stat(path)).mtimeMs < cutoff) await rm(path, { force: true })
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
