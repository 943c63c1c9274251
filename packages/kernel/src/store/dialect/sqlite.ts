import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import { CompiledQuery, Kysely, SqliteDialect, SqliteDriver, sql } from 'kysely'
import type { DatabaseConnection, Driver, SqliteDatabase, SqliteStatement } from 'kysely'
import { LifeOsError } from '@life-os/contract'
import { diskFull, fileFault, homeReadOnly, storeBusy, storeConstraint, storeCorrupt } from '../faults.ts'
import { createLock } from '../lock.ts'
import type { Lock } from '../lock.ts'
import type { Columns } from '../migrations/index.ts'
import type { Database } from '../schema.ts'
import { makeSearchable, matchesInSqlite } from '../search/sqlite.ts'
import type { Dialect } from './dialect.ts'
import { openSqliteJournal } from './sqlite-journal.ts'

/** Primary result codes, https://www.sqlite.org/rescode.html */
const BUSY = 5
const READ_ONLY = 8
const CORRUPT = 11
const FULL = 13
const CANNOT_OPEN = 14
const CONSTRAINT = 19
const NOT_A_DATABASE = 26

const STATEMENTS_KEPT = 256
/** Files up to this size are checked whole when opened, in a few milliseconds; larger ones by their schema. */
const CHECK_WHOLE = 4 * 1024 ** 2 // bytes

const columns: Columns = {
  integer: 'integer',
  text: 'text',
  numbered: (table, column) => table.addColumn(column as never, 'integer', (definition) => definition.primaryKey().autoIncrement()), // a new column's name is any text
  finish: (table) => table.modifyEnd(sql`strict`),
  searchable: makeSearchable,
}

/** Opens the file, made with mode 0600 when it is new. Throws `store-corrupt`, `home-read-only`, `disk-full`, `store-busy`. */
export function openSqlite(file: string): Dialect {
  createPrivately(file)
  const lock = createLock()
  const database = connect(file)
  checkWhole(database, file)
  const db = new Kysely<Database>({ dialect: new OneWriterDialect(database, file, lock) })
  return {
    name: 'sqlite',
    db,
    columns,
    lockMigrations: () => Promise.resolve(), // one process owns the folder, and its transactions begin immediate
    openJournal: () => Promise.resolve(openSqliteJournal(connect(file), lock, (error) => sqliteFault(error, file))),
    listen: null,
    matches: matchesInSqlite,
    backup: (target) => copy(file, target),
    close: () => db.destroy(),
  }
}

/** A connection with the settings every one has. Synchronous FULL: what a commit acknowledged survives a power cut. */
function connect(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 5000, defensive: true })
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = memory; pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 33554432; pragma cache_size = -16000',
    )
    return database
  } catch (error) {
    throw sqliteFault(error, file)
  }
}

function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600))
  } catch (error) {
    throw fileFault(error, file)
  }
}

function checkWhole(database: DatabaseSync, file: string): void {
  try {
    const { bytes } = database.prepare('select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()').get() as {
      bytes: number
    } // the query says so
    if (bytes > CHECK_WHOLE) database.prepare('select count(*) from sqlite_schema').get()
    else checkPages(database, file)
  } catch (error) {
    database.close()
    throw sqliteFault(error, file)
  }
}

function checkPages(database: DatabaseSync, file: string): void {
  const first = database.prepare('pragma quick_check(1)').get()
  if (first?.quick_check !== 'ok') throw storeCorrupt(file, first?.quick_check)
}

async function copy(file: string, target: string): Promise<void> {
  const partial = `${target}.partial`
  const source = connect(file)
  try {
    createPrivately(partial)
    await backup(source, partial, { rate: 2 ** 31 - 1 }) // one step: a single consistent snapshot that writers cannot restart
    verifyCopy(partial)
    renameSync(partial, target)
  } catch (error) {
    rmSync(partial, { force: true })
    throw fileFault(sqliteFault(error, target), target)
  } finally {
    source.close()
  }
}

function verifyCopy(file: string): void {
  const written = new DatabaseSync(file)
  try {
    written.exec('pragma journal_mode = delete') // one file, without a log beside it
    checkPages(written, file)
  } finally {
    written.close()
  }
  const descriptor = openSync(file, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** The store's own error for one of SQLite's. */
export function sqliteFault(error: unknown, file: string): unknown {
  if (error instanceof LifeOsError || !(error instanceof Error) || !('errcode' in error)) return error
  switch (Number(error.errcode) & 0xff) {
    case FULL:
      return diskFull(error)
    case CORRUPT:
    case NOT_A_DATABASE:
      return storeCorrupt(file, error)
    case READ_ONLY:
    case CANNOT_OPEN:
      return homeReadOnly(file, error)
    case BUSY:
      return storeBusy(error)
    case CONSTRAINT:
      return storeConstraint(error)
    default:
      return error
  }
}

/** Kysely's SQLite over node:sqlite, with transactions that take the process's one write lock first. */
class OneWriterDialect extends SqliteDialect {
  readonly #database: SqliteDatabase
  readonly #lock: Lock

  constructor(database: DatabaseSync, file: string, lock: Lock) {
    const shim = asKyselyDatabase(database, file)
    super({ database: shim })
    this.#database = shim
    this.#lock = lock
  }

  override createDriver(): Driver {
    return new OneWriterDriver(this.#database, this.#lock)
  }
}

class OneWriterDriver extends SqliteDriver {
  readonly #lock: Lock
  #release: (() => void) | undefined

  constructor(database: SqliteDatabase, lock: Lock) {
    super({ database })
    this.#lock = lock
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    this.#release = await this.#lock.acquire()
    try {
      await connection.executeQuery(CompiledQuery.raw('begin immediate'))
    } catch (error) {
      this.#release()
      throw error
    }
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection) // when it fails Kysely rolls back, which releases
    this.#release?.()
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection)
    } finally {
      this.#release?.()
    }
  }
}

/** The few methods Kysely wants. Statements are kept, least recently used ones go first; errors become the store's. */
function asKyselyDatabase(database: DatabaseSync, file: string): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw sqliteFault(error, file)
    }
  }
  const prepared = (text: string): SqliteStatement => {
    const statement = kept.get(text) ?? asKyselyStatement(database.prepare(text), guarded)
    kept.delete(text)
    kept.set(text, statement)
    if (kept.size > STATEMENTS_KEPT) kept.delete(kept.keys().next().value ?? '')
    return statement
  }
  return {
    close: () => database.close(),
    prepare: (text) => guarded(() => prepared(text)),
  }
}

function asKyselyStatement(statement: StatementSync, guarded: <T>(work: () => T) => T): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[] // node:sqlite itself refuses what it cannot bind
  statement.setReturnArrays(true)
  const rows = (found: Iterable<unknown>) => plainRows(statement, found as Iterable<SQLOutputValue[]>) // as just set
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => guarded(() => [...rows(statement.all(...values(parameters)))]),
    run: (parameters) => guarded(() => statement.run(...values(parameters))),
    iterate: (parameters) => rows(statement.iterate(...values(parameters))),
  }
}

/**
 * Rows as plain objects, as pg gives them. Those of node:sqlite have no prototype, which makes them slow to read and to copy.
 * The names are asked for with each answer: a migration may have given a table another column since the statement was made.
 */
function* plainRows(
  statement: StatementSync,
  found: Iterable<readonly SQLOutputValue[]>,
): IterableIterator<Record<string, SQLOutputValue>> {
  let names: string[] | undefined
  for (const values of found) {
    names ??= statement.columns().map(({ name }) => name)
    const row: Record<string, SQLOutputValue> = {}
    for (let at = 0; at < names.length; at += 1) row[names[at] ?? ''] = values[at] ?? null
    yield row
  }
}
