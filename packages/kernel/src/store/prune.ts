import type { Kysely } from 'kysely'
import { pruneAudit } from './audit/prune.ts'
import type { Journal } from './journal/writer.ts'
import type { Database } from './schema.ts'
import type { Blobs } from './types.ts'

const DAY = 86_400_000 // ms

/** How long each kind of data is kept, in milliseconds. */
export interface Retention {
  /** Finished runs with their journal, tries, previews and approvals; longer while one of their effects can be undone. */
  readonly runs: number
  readonly topics: number
  readonly audit: number
  readonly idempotency: number
  /** Records of calls of models; budgets look back a day, costs as far as somebody asks. */
  readonly usage: number
}
export const DEFAULT_RETENTION: Retention = { runs: 180 * DAY, topics: 30 * DAY, audit: 730 * DAY, idempotency: DAY, usage: 400 * DAY }

/** Deletes what retention allows; answers with the number of rows of each kind. */
export async function prune(
  db: Kysely<Database>,
  journal: Journal,
  blobs: Blobs,
  retention: Retention,
  now: number,
): Promise<Record<string, number>> {
  const runs = await pruneRuns(db, now, retention.runs)
  const topics = await removed(db.deleteFrom('events').where('at', '<', now - retention.topics))
  const idempotency = await removed(db.deleteFrom('idempotency').where('at', '<', now - retention.idempotency))
  const sessions = await removed(db.deleteFrom('sessions').where('expires_at', '<', now))
  const links = await removed(db.deleteFrom('links').where('expires_at', '<', now))
  const tokens = await removed(db.deleteFrom('tokens').where('expires_at', 'is not', null).where('expires_at', '<', now))
  const grants = await removed(db.deleteFrom('grants').where('expires_at', 'is not', null).where('expires_at', '<', now))
  const usage = await removed(db.deleteFrom('model_usage').where('at', '<', now - retention.usage))
  const answers = await removed(db.deleteFrom('model_cache').where('expires_at', '<=', now))
  await db.deleteFrom('blob_refs').where('until', 'is not', null).where('until', '<', now).execute()
  const audit = await pruneAudit(db, journal, now - retention.audit)
  const { removed: collected } = await blobs.collect()
  return { runs, topics, idempotency, sessions, links, tokens, grants, usage, answers, audit, blobs: collected }
}

/** A run's other rows go with it. */
async function pruneRuns(db: Kysely<Database>, now: number, keep: number): Promise<number> {
  const old = db
    .deleteFrom('runs')
    .where('finished_at', 'is not', null)
    .where('finished_at', '<', now - keep)
  return removed(
    old.where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('effects')
            .select('effects.id')
            .whereRef('effects.run', '=', 'runs.id')
            .where('effects.until', 'is not', null)
            .where('effects.until', '>=', now),
        ),
      ),
    ),
  )
}

async function removed(query: { executeTakeFirst(): Promise<{ numDeletedRows: bigint }> }): Promise<number> {
  return Number((await query.executeTakeFirst()).numDeletedRows)
}
