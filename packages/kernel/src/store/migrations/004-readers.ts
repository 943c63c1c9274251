import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from './migration.ts'

/** Who alone may read a run: the person of the conversation that it answers in, of all that it started, and of what takes those back. */
export const readers: Migration = {
  id: 4,
  name: 'readers',
  async up(db, columns) {
    await db.schema.alterTable('runs').addColumn('only_for', columns.text).execute()
    await db.schema.createIndex('runs_by_reader').on('runs').columns(['only_for', 'id']).execute()
    await sql`update runs set only_for = (select t.person from messages m join threads t on t.id = m.thread where m.run = runs.id limit 1)`.execute(
      db,
    )
    await ownAlone(db)
    while ((await inherit(db)) > 0);
  },
  async down(db) {
    await db.schema.dropIndex('runs_by_reader').ifExists().execute()
    await db.schema.alterTable('runs').dropColumn('only_for').execute()
  },
}

/** Answers and summaries whose conversation is gone, or that no message tells of: their starter's. */
async function ownAlone(db: Kysely<unknown>): Promise<void> {
  const rows = await sql<{ id: string; actor_json: string }>`
    select id, actor_json from runs where only_for is null and plan_id in ('chat-turn', 'compact-thread')`.execute(db)
  for (const { id, actor_json } of rows.rows) {
    const { id: person } = JSON.parse(actor_json) as { id: string } // written by runs
    await sql`update runs set only_for = ${person} where id = ${id}`.execute(db)
  }
}

/** One step down: from a run to those it started and those that take it back. Answers how many. */
async function inherit(db: Kysely<unknown>): Promise<number> {
  const above = sql`from runs above where above.id = coalesce(runs.parent, runs."of") and above.only_for is not null`
  const done =
    await sql`update runs set only_for = (select above.only_for ${above}) where only_for is null and exists (select 1 ${above})`.execute(db)
  return Number(done.numAffectedRows ?? 0)
}
