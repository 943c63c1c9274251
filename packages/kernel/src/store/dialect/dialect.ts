import type { Kysely, RawBuilder } from 'kysely'
import type { JournalBackend } from '../journal/rows.ts'
import type { Columns } from '../migrations/index.ts'
import type { Database } from '../schema.ts'
import type { SearchQuery } from '../search/query.ts'

/** What the store needs of a database; everything that differs between SQLite and PostgreSQL is behind it. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  readonly db: Kysely<Database>
  readonly columns: Columns
  /** Held to the end of the transaction, so that two processes never migrate at once. */
  lockMigrations(tx: Kysely<Database>): Promise<void>
  /** On a connection of its own; the tables must be there. */
  openJournal(): Promise<JournalBackend>
  /** Wakes when another process published a topic; null when there can be no other. */
  readonly listen: ((wake: () => void) => AsyncDisposable) | null
  /** See `Store.matches`. */
  matches(table: string, query: SearchQuery): RawBuilder<boolean>
  /** One consistent, verified copy in a new file. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}
