import type { CreateTableBuilder, Expression, Kysely } from 'kysely'

/** What a migration may use that differs between the databases. */
export interface Columns {
  /** Whole numbers up to 2^53: times, sizes, counts, booleans. */
  readonly integer: 'integer' | 'bigint'
  /** Text that compares by bytes, so that both databases sort alike. */
  readonly text: 'text' | Expression<string>
  /** Adds a primary key that counts up and never hands out a number twice. */
  numbered<Table extends string, Column extends string>(
    table: CreateTableBuilder<Table, Column>,
    column: string,
  ): CreateTableBuilder<Table, Column>
  /** Ends a table: strict typing where the database is not strict by itself. */
  finish<Table extends string, Column extends string>(table: CreateTableBuilder<Table, Column>): CreateTableBuilder<Table, Column>
  /** Makes a table with the columns `id` and `words` searchable: see `store/search`. What it made goes with {@link dropSearchable}. */
  searchable(db: Kysely<unknown>, table: string): Promise<void>
}

/** After the table itself is dropped: what an index over its words kept beside it. */
export async function dropSearchable(db: Kysely<unknown>, table: string): Promise<void> {
  for (const beside of [`${table}_words`, `${table}_numbers`]) await db.schema.dropTable(beside).ifExists().execute()
}

/** One ordered step of the schema. Never changed once released; `down` gives back what was there before `up`. */
export interface Migration {
  readonly id: number
  readonly name: string
  up(db: Kysely<unknown>, columns: Columns): Promise<void>
  down(db: Kysely<unknown>): Promise<void>
}
