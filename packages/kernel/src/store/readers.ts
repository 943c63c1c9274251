import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/** Who reads, and the plans whose runs are their starter's own also where no message tells (yet, or any more) which thread they answer. */
export interface Reader {
  readonly person: string
  readonly conversations: readonly string[]
}

const DEEPEST = 40 // plans of plans, and what takes them back

const messageOf = (of: RawBuilder<unknown>) => sql`select 1 from messages m join threads t on t.id = m.thread where m.run = ${of}`

/**
 * For `where`: this run answers in a conversation of somebody else, or was started by such a run or takes one
 * back, however far down.
 */
export function isOfOthers({ person, conversations }: Reader, run: RawBuilder<unknown>): RawBuilder<boolean> {
  const told = messageOf(sql`line.id`)
  const alone =
    conversations.length === 0
      ? sql`1 = 0`
      : sql`line.plan_id in (${sql.join(conversations)}) and line.actor_json not like ${`%"id":"${person.replaceAll(/[%_\\]/g, '')}"%`} and not exists (${told})`
  return sql<boolean>`exists (
    with recursive line(id, above, plan_id, actor_json, depth) as (
      select r.id, coalesce(r.parent, r."of"), r.plan_id, r.actor_json, 1 from runs r where r.id = ${run}
      union all
      select r.id, coalesce(r.parent, r."of"), r.plan_id, r.actor_json, line.depth + 1
      from runs r join line on r.id = line.above where line.depth < ${sql.lit(DEEPEST)}
    )
    select 1 from line where exists (${told} and t.person <> ${person}) or (${alone})
  )`
}

/** For `where` over all runs: the same, asked only of those that can be. */
export function mayBeOfOthers(reader: Reader): RawBuilder<boolean> {
  const { person, conversations } = reader
  const answers = sql`select m.run from messages m join threads t on t.id = m.thread where m.run is not null and t.person <> ${person}`
  const plans = conversations.length === 0 ? sql`` : sql` or runs.plan_id in (${sql.join(conversations)})`
  return sql<boolean>`(runs.id in (${answers}) or ((runs.parent is not null or runs."of" is not null${plans}) and ${isOfOthers(reader, sql.ref('runs.id'))}))`
}
