import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Dialect } from './dialect/dialect.ts'
import { storeNewer } from './faults.ts'
import type { Migration } from './migrations/index.ts'

export interface MigrateOptions {
  readonly migrations: readonly Migration[]
  readonly clock: () => number
  /** The schema to end at; the newest unless told. Lower than the present one runs `down`. */
  readonly target?: number
  /** Called before an existing schema is changed. */
  backup?(from: number, to: number): Promise<void>
}

/** Brings the schema to the target, one transaction a migration. Throws `store-newer` for a schema it does not know. */
export async function migrate(dialect: Dialect, options: MigrateOptions): Promise<{ from: number; to: number }> {
  const { migrations } = options
  const target = options.target ?? migrations.length
  await dialect.db.transaction().execute(async (tx) => {
    await dialect.lockMigrations(tx)
    await sql`create table if not exists migrations (id integer primary key, name text not null, at ${sql.raw(dialect.columns.integer)} not null)`.execute(
      tx,
    )
  })
  const from = await schemaOf(dialect.db)
  if (from > migrations.length) throw storeNewer(from, migrations.length)
  if (from > 0 && from !== target) await options.backup?.(from, target)
  let at = from
  while (at !== target) at = await step(dialect, migrations, target, options.clock)
  return { from, to: target }
}

/** One migration towards the target; looks again under the lock, since another process may have been first. */
function step(dialect: Dialect, migrations: readonly Migration[], target: number, clock: () => number): Promise<number> {
  return dialect.db.transaction().execute(async (tx) => {
    await dialect.lockMigrations(tx)
    const at = await schemaOf(tx)
    const up = at < target
    const migration = migrations[up ? at : at - 1]
    if (at === target || !migration) return target
    const schema = tx as unknown as Kysely<unknown> // migrations do not know the newest tables
    if (up) {
      await migration.up(schema, dialect.columns)
      await sql`insert into migrations (id, name, at) values (${migration.id}, ${migration.name}, ${clock()})`.execute(tx)
    } else {
      await migration.down(schema)
      await sql`delete from migrations where id = ${migration.id}`.execute(tx)
    }
    return up ? at + 1 : at - 1
  })
}

async function schemaOf<Tables>(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ id: number | null }>`select max(id) as id from migrations`.execute(db)
  return rows[0]?.id ?? 0
}
