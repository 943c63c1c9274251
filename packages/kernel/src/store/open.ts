import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createHeadNote, verifyAudit } from './audit/log.ts'
import { createBlobs } from './blobs.ts'
import type { Dialect } from './dialect/dialect.ts'
import { openSqlite } from './dialect/sqlite.ts'
import { storeUnreachable } from './faults.ts'
import { auditKey, checkWritable, makeHome } from './home.ts'
import type { Timing } from './journal/timer.ts'
import { createJournal } from './journal/writer.ts'
import type { Redactor } from '../secrets/types.ts'
import { silentLogger } from './logger.ts'
import type { StoreLogger } from './logger.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/index.ts'
import { DEFAULT_RETENTION, prune } from './prune.ts'
import type { Retention } from './prune.ts'
import { createOwnFeed, createSharedFeed } from './topics.ts'
import type { Store } from './types.ts'

export interface OpenStoreOptions {
  /** The Life-OS folder: database, blobs, keys and backups. Made with mode 0700 when it is not there. */
  readonly home: string
  /** A PostgreSQL address; without it the database is `lifeos.sqlite` in the folder. */
  readonly url?: string | undefined
  /** UTC milliseconds. */
  readonly clock?: () => number
  readonly logger?: StoreLogger
  readonly retention?: Partial<Retention>
  readonly migrations?: readonly Migration[]
  readonly timing?: Timing
  /** Knows what must not be written: see `Secrets`. */
  readonly redactor?: Redactor
}

/**
 * Opens the store and brings its schema up to date. Errors: `home-read-only`, `disk-full`, `store-corrupt`, `store-newer`,
 * `store-busy`, `store-unreachable`; in each case what is stored is left as it was. On SQLite own the folder first (`ownHome`).
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { home, url, clock = Date.now, logger = silentLogger } = options
  makeHome(home)
  checkWritable(home)
  const dialect = url === undefined ? openSqlite(join(home, 'lifeos.sqlite')) : await connectPostgres(url, logger)
  try {
    await migrate(dialect, {
      migrations: options.migrations ?? migrations,
      clock,
      backup: (from, to) => backupBefore(dialect, home, from, to, clock()),
    })
    return await assemble(dialect, { ...options, clock, logger })
  } catch (error) {
    await dialect.close()
    throw error
  }
}

async function assemble(dialect: Dialect, options: OpenStoreOptions & { clock: () => number; logger: StoreLogger }): Promise<Store> {
  const { home, clock, logger } = options
  const { db } = dialect
  const key = auditKey(home)
  const head = createHeadNote(home, clock, logger)
  const feed = dialect.listen ? await createSharedFeed(db, logger, dialect.listen) : createOwnFeed(logger)
  const journal = await createJournal({
    backend: await dialect.openJournal(),
    auditKey: key,
    clock,
    logger,
    onTopics: feed.committed,
    onAudit: head.moved,
    redactor: options.redactor,
    ...(options.timing && { timing: options.timing }),
  })
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await journal[Symbol.asyncDispose]()
    await feed[Symbol.asyncDispose]()
    head[Symbol.dispose]()
    await dialect.close()
  }
  const blobs = createBlobs({ db, folder: join(home, 'blobs'), clock })
  return {
    dialect: dialect.name,
    home,
    db,
    journal,
    blobs,
    audit: {
      append: async (record) => void (await journal.write([{ kind: 'audit', record }])),
      verify: async () => {
        await journal.flush()
        return verifyAudit(db, key, head.read())
      },
    },
    topics: {
      publish: async (topic, data, labels = []) => {
        const [event] = (await journal.write([{ kind: 'topic', topic, data, labels }])).topics
        if (!event) throw storeUnreachable(undefined, 'unknown')
        return event
      },
      onPublished: feed.onPublished,
      known: feed.known,
    },
    transaction: (work) => journal.excluding(() => db.transaction().execute(work)),
    matches: dialect.matches,
    async backup(file) {
      await journal.flush()
      await dialect.backup(file)
    },
    async prune(now) {
      await journal.flush()
      return prune(db, journal, blobs, { ...DEFAULT_RETENTION, ...options.retention }, now)
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  }
}

async function backupBefore(dialect: Dialect, home: string, from: number, to: number, now: number): Promise<void> {
  if (dialect.name === 'postgres') return // the server's own backups, as the deployment guide says
  const folder = join(home, 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await dialect.backup(join(folder, `schema-${from}-to-${to}-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}.sqlite`))
}

/** The client library is loaded only where it is used; most homes never do. */
async function connectPostgres(url: string, logger: StoreLogger): Promise<Dialect> {
  if (!/^postgres(ql)?:\/\//.test(url)) throw storeUnreachable()
  const { openPostgres } = await import('./dialect/postgres.ts')
  return openPostgres(url, logger)
}
