import type { Kysely } from 'kysely'
import type { Journal } from '../journal/writer.ts'
import type { Database } from '../schema.ts'
import type { Checkpoint } from './log.ts'

/**
 * Removes whole groups of records older than `before`. First a checkpoint is linked into the chain that names the last
 * removed record and its link; so a removal without one is seen, and a crash in between leaves a chain that verifies.
 */
export async function pruneAudit(db: Kysely<Database>, journal: Journal, before: number): Promise<number> {
  const last = await db
    .selectFrom('audit')
    .select(['seq', 'group_no', 'link'])
    .where('at', '<', before)
    .where('link', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!last?.link) return 0
  const { count } = await db
    .selectFrom('audit')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('seq', '<=', last.seq)
    .executeTakeFirstOrThrow()
  const data: Checkpoint = { through: last.seq, group: last.group_no, link: last.link, pruned: Number(count) }
  await journal.write([
    {
      kind: 'audit',
      record: { kind: 'checkpoint', actor: 'system', run: null, step: null, tool: null, verdict: null, rule: null, data: { ...data } },
    },
  ])
  await db.deleteFrom('audit').where('seq', '<=', last.seq).execute()
  return Number(count)
}
