import { Kysely, PostgresDialect, sql } from 'kysely'
import type { PostgresPoolClient } from 'kysely'
import pg from 'pg'
import type { ClientConfig, PoolClient } from 'pg'
import { LifeOsError } from '@life-os/contract'
import type { StoreLogger } from '../logger.ts'
import type { Columns } from '../migrations/index.ts'
import type { Database } from '../schema.ts'
import { makeSearchable, matchesInPostgres } from '../search/postgres.ts'
import type { Dialect } from './dialect.ts'
import { postgresFault } from './postgres-faults.ts'
import { openPostgresJournal } from './postgres-journal.ts'
import { listenForTopics } from './postgres-listen.ts'

const POOL_SIZE = 8
const CONNECT_WITHIN = 10_000 // ms
/** Any number nobody else on this database uses for its advisory locks. */
const MIGRATION_LOCK = 7_142_001

/** OIDs of `pg_type`. */
const INT8 = 20
const NUMERIC = 1700

const columns: Columns = {
  integer: 'bigint',
  text: sql<string>`text collate "C"`,
  numbered: (table, column) =>
    table.addColumn(column as never, 'bigint', (definition) => definition.primaryKey().generatedAlwaysAsIdentity()), // a new column's name is any text
  finish: (table) => table,
  searchable: makeSearchable,
}

/** Connects; throws `store-unreachable` when the server does not answer. The url is never part of a message. */
export async function openPostgres(url: string, logger: StoreLogger): Promise<Dialect> {
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'life-os',
    connectionTimeoutMillis: CONNECT_WITHIN,
    keepAlive: true,
    types: { getTypeParser },
  }
  const pool = new pg.Pool({ ...config, max: POOL_SIZE })
  pool.on('error', (error) => logger.warn({ error: error.message }, 'an idle database connection was lost'))
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: { options: {}, connect: async () => guarded(await connected(pool)), end: () => pool.end() } }),
  })
  try {
    await checkReach(db)
  } catch (error) {
    await pool.end()
    throw error
  }
  return {
    name: 'postgres',
    db,
    columns,
    lockMigrations: async (tx) => void (await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx)),
    openJournal: () => openPostgresJournal(config, logger),
    listen: (wake) => listenForTopics(config, logger, wake),
    matches: matchesInPostgres,
    backup: () =>
      Promise.reject(
        new LifeOsError(
          'backup-elsewhere',
          'Life-OS does not copy a PostgreSQL database itself; use pg_dump, or WAL archiving as the deployment guide shows.',
          { class: 'user', applied: 'no' },
        ),
      ),
    close: () => db.destroy(),
  }
}

async function checkReach(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ encoding: string }>`select current_setting('server_encoding') as encoding`.execute(db)
  if (rows[0]?.encoding !== 'UTF8')
    throw new LifeOsError('store-encoding', 'The PostgreSQL database must have the encoding UTF8; create it anew with that encoding.', {
      class: 'user',
      applied: 'no',
    })
}

async function connected(pool: pg.Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw postgresFault(error)
  }
}

/** The client for Kysely, whose failures are the store's. */
function guarded(client: PoolClient): PostgresPoolClient {
  return {
    query: async (text: string, parameters: readonly unknown[]) => {
      try {
        return await client.query(text, [...parameters])
      } catch (error) {
        throw postgresFault(error)
      }
    },
    release: (destroy?: boolean) => client.release(destroy),
  } as unknown as PostgresPoolClient // Kysely uses these two methods alone as long as no cursor is configured
}

/** int8, and numeric as sums of int8 are, come as numbers; one beyond 2^53 throws rather than lose digits. */
export function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === INT8 || oid === NUMERIC) return safeNumber
  return pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown // text is the only format asked for
}

function safeNumber(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(`The database holds the number ${text}, which is too large to be exact.`)
  return value
}
