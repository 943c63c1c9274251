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
import { forEachStore, messageRow, runRow, threadRow } from './testing.ts'
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
    .filter((name) => !name.startsWith('sqlite_') && isTable(name))
    .toSorted()
/** What each migration adds. */
const FIRST = [
  'approvals',
  'audit',
  'blob_refs',
  'blobs',
  'effects',
  'events',
  'grants',
  'idempotency',
  'links',
  'people',
  'plan_versions',
  'plans',
  'plugin_states',
  'previews',
  'run_events',
  'runs',
  'sessions',
  'settings',
  'tokens',
  'tries',
  'waits',
]
const SECOND = ['file_labels', 'folder_labels', 'plugin_installs', 'plugin_settings', 'secrets']
const THIRD = [
  'agent_versions',
  'agents',
  'decisions',
  'mcp_servers',
  'messages',
  'model_cache',
  'model_providers',
  'model_qualifications',
  'model_usage',
  'preferences',
  'threads',
]
const all = (...added: string[][]): string[] => [...added.flat(), 'migrations'].toSorted()
/** Beside the tables themselves SQLite keeps what their words are found by. */
const isTable = (name: string): boolean => !/^messages_(words|numbers)/.test(name)

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

/** Rows as the second and the third schema have them. */
const { only_for: _onlyFor, ...runOfThird } = runRow('r1')
const { parent: _parent, parent_step: _parentStep, ...runOfSecond } = runOfThird
const { subject_json: _subject, ...approvalOfSecond } = approvalRow

/** A row of an earlier schema, which the types no longer know. */
async function put(db: Kysely<Database>, table: 'runs' | 'approvals', row: Record<string, unknown>): Promise<void> {
  await db
    .insertInto(table)
    .values(row as never) // checked by the database
    .execute()
}

/** A row in each table of the third schema. */
async function fillAssistant(db: Kysely<Database>): Promise<void> {
  await db.insertInto('model_providers').values({ id: 'ollama', config_json: '{}', at: 1, by: 'ada' }).execute()
  const asked = { person: 'ada', agent: 'assistant', tool: null, plugin: null, run: 'r1', step: 'answer.turn[0].model' }
  const counted = { input: 1, output: 2, cached_input: 0, reasoning: 0, micros: 2 ** 40, currency: 'USD' }
  await db
    .insertInto('model_usage')
    .values({
      id: 'u',
      at: 1,
      day: '2026-01-01',
      model: 'a/b',
      capability: 'text',
      ...asked,
      ...counted,
      latency: 1,
      first_token: null,
      from_cache: 0,
      outcome: 'done',
    })
    .execute()
  await db.insertInto('model_cache').values({ key: 'k', answer_json: '{}', labels: '[]', at: 1, expires_at: 2, bytes: 3 }).execute()
  await db.insertInto('model_qualifications').values({ ref: 'a/b', result_json: '{}', at: 1 }).execute()
  await db.insertInto('agents').values({ id: 'assistant', version: '1.0.0', agent_json: null, enabled: 1, updated_at: 1 }).execute()
  await db.insertInto('agent_versions').values({ id: 'assistant', version: '1.0.0', agent_json: '{}', at: 1, by: 'ada' }).execute()
  const times = { created_at: 1, updated_at: 1 }
  await db
    .insertInto('preferences')
    .values({
      id: 'p',
      sentence: 's',
      state: 'kept',
      agent: null,
      origin: 'person',
      rule: null,
      evidence_json: '[]',
      labels: '[]',
      ...times,
    })
    .execute()
  await db
    .insertInto('decisions')
    .values({
      id: 'd',
      at: 1,
      kind: 'approved',
      person: 'ada',
      agent: null,
      tool: null,
      run: 'r1',
      step: null,
      subject_json: '{}',
      reason: null,
    })
    .execute()
  await db
    .insertInto('threads')
    .values(threadRow('t', { person: 'ada' }))
    .execute()
  await db.insertInto('messages').values(messageRow('m', 't')).execute()
  await db
    .insertInto('mcp_servers')
    .values({ id: 'files', config_json: '{}', accepted_json: null, digest: null, at: 1, by: 'ada' })
    .execute()
}

forEachStore((name, open, place) => {
  test('every migration goes up and down and up again, with data in the tables', async () => {
    await using here = await place()
    const dialect = await dialectOf(here)
    try {
      expect(await migrate(dialect, { migrations, clock })).toEqual({ from: 0, to: migrations.length })
      expect(await tablesOf(dialect.db)).toEqual(all(FIRST, SECOND, THIRD))
      await fill(dialect.db)
      await fillPlugins(dialect.db)
      await fillAssistant(dialect.db)
      expect(await migrate(dialect, { migrations, clock })).toEqual({ from: migrations.length, to: migrations.length })
      await migrate(dialect, { migrations, clock, target: 0 })
      expect((await dialect.db.introspection.getTables()).map(({ name }) => name)).toEqual(
        expect.not.arrayContaining([expect.stringMatching(/^messages/)]),
      )
      expect(await tablesOf(dialect.db)).toEqual(['migrations'])
      await migrate(dialect, { migrations, clock })
      expect(await dialect.db.selectFrom('runs').selectAll().execute()).toEqual([])
      await fill(dialect.db)
      await fillAssistant(dialect.db)
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
      expect(await tablesOf(dialect.db)).toEqual(all(FIRST))
      await put(dialect.db, 'runs', runOfSecond)
      const { offers_json: _later, ...waiting } = approvalOfSecond
      await put(dialect.db, 'approvals', waiting)
      await dialect.db.insertInto('audit').values(auditRow).execute()
      await migrate(dialect, { migrations, clock, target: 2 })
      expect(await dialect.db.selectFrom('approvals').selectAll().execute()).toEqual([approvalOfSecond])
      await fillPlugins(dialect.db)
      expect(await tablesOf(dialect.db)).toEqual(all(FIRST, SECOND))
      await migrate(dialect, { migrations, clock, target: 1 })
      expect(await tablesOf(dialect.db)).toEqual(all(FIRST))
      expect(await dialect.db.selectFrom('approvals').selectAll().execute()).toEqual([waiting])
      expect(await dialect.db.selectFrom('audit').selectAll().execute()).toEqual([auditRow])
      expect(await dialect.db.selectFrom('runs').selectAll().execute()).toEqual([runOfSecond])
      await migrate(dialect, { migrations, clock })
      expect(await dialect.db.selectFrom('secrets').selectAll().execute()).toEqual([])
      await fillPlugins(dialect.db)
    } finally {
      await dialect.close()
    }
  })

  test('models, agents and threads come and go with their own migration; what was there before stays', async () => {
    await using here = await place()
    const dialect = await dialectOf(here)
    try {
      await migrate(dialect, { migrations, clock, target: 2 })
      await put(dialect.db, 'runs', runOfSecond)
      await put(dialect.db, 'approvals', approvalOfSecond)
      await fillPlugins(dialect.db)
      const secrets = await dialect.db.selectFrom('secrets').selectAll().execute()
      await migrate(dialect, { migrations, clock, target: 3 })
      expect(await tablesOf(dialect.db)).toEqual(all(FIRST, SECOND, THIRD))
      expect(await dialect.db.selectFrom('runs').selectAll().execute()).toEqual([runOfThird])
      expect(await dialect.db.selectFrom('approvals').selectAll().execute()).toEqual([approvalRow])
      await fillAssistant(dialect.db)
      await dialect.db.updateTable('runs').set({ parent: 'r0', parent_step: 'answer' }).execute()
      await dialect.db.updateTable('approvals').set({ subject_json: '{}' }).execute()
      await migrate(dialect, { migrations, clock, target: 2 })
      expect(await tablesOf(dialect.db)).toEqual(all(FIRST, SECOND))
      expect(await dialect.db.selectFrom('runs').selectAll().execute()).toEqual([runOfSecond])
      expect(await dialect.db.selectFrom('approvals').selectAll().execute()).toEqual([approvalOfSecond])
      expect(await dialect.db.selectFrom('secrets').selectAll().execute()).toEqual(secrets)
      await migrate(dialect, { migrations, clock, target: 3 })
      expect(await dialect.db.selectFrom('messages').selectAll().execute()).toEqual([])
      await fillAssistant(dialect.db)
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
