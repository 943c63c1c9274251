import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import type { Dialect } from './dialect/dialect.ts'
import { openPostgres } from './dialect/postgres.ts'
import { openSqlite } from './dialect/sqlite.ts'
import { silentLogger } from './logger.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/index.ts'
import type { ApprovalRow, AuditRow, Database } from './schema.ts'
import { forEachStore, runRow } from './testing.ts'
import type { StorePlace } from './testing.ts'

const clock = (): number => 1
const NEXT = migrations.length + 1
const next: Migration = {
  id: NEXT,
  name: 'next',
  up: async (db) => {
    await sql`alter table runs add column colour text`.execute(db)
    await sql`update runs set colour = 'red'`.execute(db)
  },
  down: async (db) => void (await sql`alter table runs drop column colour`.execute(db)),
}
const failing: Migration = {
  id: NEXT,
  name: 'failing',
  up: async (db) => void (await sql`create table half (a integer)`.execute(db), await sql`select * from nowhere`.execute(db)),
  down: () => Promise.resolve(),
}
const longer = [...migrations, next]

const dialectOf = (place: StorePlace): Promise<Dialect> =>
  place.url === undefined ? Promise.resolve(openSqlite(join(place.home, 'lifeos.sqlite'))) : openPostgres(place.url, silentLogger)
const tablesOf = async (db: Kysely<Database>): Promise<string[]> =>
  (await db.introspection.getTables())
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('sqlite_'))
    .toSorted()
const TABLES = [
  'approvals',
  'audit',
  'blob_refs',
  'blobs',
  'effects',
  'events',
  'file_labels',
  'folder_labels',
  'grants',
  'idempotency',
  'links',
  'people',
  'plan_versions',
  'plans',
  'plugin_installs',
  'plugin_settings',
  'plugin_states',
  'previews',
  'run_events',
  'runs',
  'secrets',
  'sessions',
  'settings',
  'tokens',
  'tries',
  'waits',
]

/** One row in every table that another one refers to, and some that refer. */
async function fill(db: Kysely<Database>): Promise<void> {
  await db.insertInto('runs').values(runRow('r1')).execute()
  await db
    .insertInto('run_events')
    .values({ run: 'r1', seq: 1, at: 2 ** 50, type: 'run-waiting', path: '', data_json: '{}', labels: '[]' })
    .execute()
  await db
    .insertInto('people')
    .values({ id: 'ada', name: 'Ada', role: 'admin', created_at: 1, passphrase: null, deleted_at: null })
    .execute()
  await db
    .insertInto('tokens')
    .values({ id: 't', hash: 'h', name: 'n', person: 'ada', scopes: '[]', created_at: 1, expires_at: null, used_at: null })
    .execute()
  await db.insertInto('events').values({ topic: 'a', at: 1, data_json: '{}', labels: '[]' }).execute()
  await db.insertInto('blobs').values({ hash: 'h', size: 1, at: 1 }).execute()
  await db.insertInto('blob_refs').values({ hash: 'h', owner: 'o', until: null }).execute()
}

const approvalRow: ApprovalRow = {
  id: 'a1',
  run: 'r1',
  step: 's',
  kind: 'permission',
  state: 'waiting',
  title: 't',
  message: 'm',
  hash: 'h',
  role: 'member',
  plan_id: 'plan',
  plan_name: 'Plan',
  needs_json: '[]',
  offers_json: '[]',
  output_json: null,
  subject_json: null,
  revision: null,
  before_revision: null,
  created_at: 1,
  expires_at: null,
  answered_at: null,
  answered_by: null,
  reason: null,
  labels: '[]',
}
const auditRow: AuditRow = {
  seq: 1,
  at: 1,
  kind: 'decision',
  actor: 'ada',
  run: 'r1',
  step: null,
  tool: 'files.read',
  verdict: 'allow',
  rule: 'granted',
  data_json: '{}',
  group_no: 1,
  link: 'l',
}

/** A row in each table of the second schema. */
async function fillPlugins(db: Kysely<Database>): Promise<void> {
  const install = { id: 'p', digest: 'd', version: '1.0.0', state: 'waiting', source_json: '{}', manifest_json: '{}', accepted_json: null }
  await db
    .insertInto('plugin_installs')
    .values({ ...install, at: 1, by: 'ada' })
    .execute()
  await db.insertInto('plugin_settings').values({ id: 'p', values_json: '{}', at: 1, by: 'ada' }).execute()
  const secret = { name: 'github', kind: 'bearer', title: '', hosts_json: '[]', user: null, sealed: 'x', key_id: 'k' }
  await db
    .insertInto('secrets')
    .values({ ...secret, created_at: 1, updated_at: 1, used_at: null, expires_at: null })
    .execute()
  await db.insertInto('folder_labels').values({ path: '/a', labels: '["private"]', at: 1, by: 'ada' }).execute()
  await db
    .insertInto('file_labels')
    .values({ path: '/a/b', hash: 'h', size: 2 ** 40, labels: '[]', source: '{}', at: 1 })
    .execute()
}

forEachStore((name, open, place) => {
  test('every migration goes up and down and up again, with data in the tables', async () => {
    await using here = await place()
    const dialect = await dialectOf(here)
    try {
      expect(await migrate(dialect, { migrations, clock })).toEqual({ from: 0, to: migrations.length })
      expect(await tablesOf(dialect.db)).toEqual([...TABLES, 'migrations'].toSorted())
      await fill(dialect.db)
      expect(await migrate(dialect, { migrations, clock })).toEqual({ from: migrations.length, to: migrations.length })
      await migrate(dialect, { migrations, clock, target: 0 })
      expect(await tablesOf(dialect.db)).toEqual(['migrations'])
      await migrate(dialect, { migrations, clock })
      expect(await dialect.db.selectFrom('runs').selectAll().execute()).toEqual([])
      await fill(dialect.db)
    } finally {
      await dialect.close()
    }
  })

  test('a later migration keeps what is there, and its way down gives it back', async () => {
    await using here = await place()
    const dialect = await dialectOf(here)
    try {
      await migrate(dialect, { migrations, clock })
      await fill(dialect.db)
      const backups: string[] = []
      const backup = (from: number, to: number): Promise<void> => Promise.resolve(void backups.push(`${from}-${to}`))
      await migrate(dialect, { migrations: longer, clock, backup })
      expect((await sql<{ colour: string }>`select colour from runs`.execute(dialect.db)).rows).toEqual([{ colour: 'red' }])
      await migrate(dialect, { migrations: longer, clock, backup, target: migrations.length })
      expect(await dialect.db.selectFrom('runs').selectAll().execute()).toEqual([runRow('r1')])
      expect(backups).toEqual([`${migrations.length}-${NEXT}`, `${NEXT}-${migrations.length}`])
    } finally {
      await dialect.close()
    }
  })

  test('plugins, secrets and labels come and go with their own migration; what was there before stays', async () => {
    await using here = await place()
    const dialect = await dialectOf(here)
    try {
      await migrate(dialect, { migrations, clock, target: 1 })
      const tables = await tablesOf(dialect.db)
      await fill(dialect.db)
      const { offers_json: _later, ...waiting } = approvalRow
      await dialect.db
        .insertInto('approvals')
        .values(waiting as ApprovalRow)
        .execute() // as the first schema has it
      await dialect.db.insertInto('audit').values(auditRow).execute()
      await migrate(dialect, { migrations, clock, target: 2 })
      expect(await dialect.db.selectFrom('approvals').selectAll().execute()).toEqual([approvalRow])
      await fillPlugins(dialect.db)
      expect(await tablesOf(dialect.db)).toEqual([...TABLES, 'migrations'].toSorted())
      await migrate(dialect, { migrations, clock, target: 1 })
      expect(await tablesOf(dialect.db)).toEqual(tables)
      expect(await dialect.db.selectFrom('approvals').selectAll().execute()).toEqual([waiting])
      expect(await dialect.db.selectFrom('audit').selectAll().execute()).toEqual([auditRow])
      expect(await dialect.db.selectFrom('runs').selectAll().execute()).toEqual([runRow('r1')])
      await migrate(dialect, { migrations, clock })
      expect(await dialect.db.selectFrom('secrets').selectAll().execute()).toEqual([])
      await fillPlugins(dialect.db)
    } finally {
      await dialect.close()
    }
  })

  test('a migration that fails leaves the schema as it was', async () => {
    await using here = await place()
    await using before = await here.open()
    await before[Symbol.asyncDispose]()
    await expect(here.open({ migrations: [...migrations, failing] })).rejects.toThrow(/nowhere/)
    await using after = await here.open()
    expect(await tablesOf(after.db)).not.toContain('half')
  })

  if (name === 'postgres')
    test('two that open at once migrate once', async () => {
      // a SQLite folder has one process
      await using here = await place()
      const stores = await Promise.all([here.open(), here.open()])
      expect((await sql<{ id: number }>`select id from migrations`.execute(stores[0].db)).rows).toHaveLength(migrations.length)
      for (const store of stores) await store[Symbol.asyncDispose]()
    })

  test('a database of a newer Life-OS is refused and not touched', async () => {
    await using here = await place()
    const newer = await here.open({ migrations: longer })
    await newer.db.insertInto('runs').values(runRow('r1')).execute()
    await newer[Symbol.asyncDispose]()
    await expect(here.open()).rejects.toEqual(expect.objectContaining({ code: 'store-newer', class: 'user' }))
    await using again = await here.open({ migrations: longer })
    expect(await again.db.selectFrom('runs').select('id').execute()).toEqual([{ id: 'r1' }])
  })

  test('an existing database is copied before it is migrated', async () => {
    await using opened = await open()
    await opened.store.db.insertInto('runs').values(runRow('r1')).execute()
    await opened.store[Symbol.asyncDispose]()
    await using migrated = await opened.place.open({ migrations: longer })
    expect(await migrated.db.selectFrom('runs').select('id').execute()).toHaveLength(1)
    if (name === 'postgres') return // the server's own backups
    const [copy] = readdirSync(join(opened.place.home, 'backups'))
    const old = openSqlite(join(opened.place.home, 'backups', copy ?? ''))
    expect(await old.db.selectFrom('runs').selectAll().execute()).toEqual([runRow('r1')])
    await old.close()
  })
})
