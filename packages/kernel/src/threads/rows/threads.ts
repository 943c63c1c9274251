import type { Kysely } from 'kysely'
import { LifeOsError, type Cost, type Page, type PageQuery } from '@life-os/contract'
import { searchQuery, type Database, type Store, type ThreadRow } from '../../store/index.ts'

export const NO_COST: Cost = Object.freeze({ tokens: 0, micros: 0, time: 0, steps: 0 })

type Db = Kysely<Database>

/** The thread, if it is this person's. Errors: `thread-unknown`. */
export async function threadRow(db: Db, id: string, person: string): Promise<ThreadRow> {
  const row = await db.selectFrom('threads').selectAll().where('id', '=', id).where('person', '=', person).executeTakeFirst()
  if (!row) throw threadUnknown(id)
  return row
}

export const threadUnknown = (id: string): LifeOsError =>
  new LifeOsError('thread-unknown', `There is no thread ${id}. See \`lifeos threads\` or the Chat page.`)

/** Last used first. The cursor names the last row of the page before. */
export async function listThreads(
  store: Pick<Store, 'db' | 'matches'>,
  query: PageQuery & { search?: string | undefined },
  person: string,
): Promise<Page<ThreadRow>> {
  let select = store.db.selectFrom('threads').where('person', '=', person)
  const typed = query.search?.trim()
  if (typed) {
    const title = `%${typed.toLowerCase().replaceAll(/[%_\\\0]/g, '')}%`
    const words = searchQuery(typed)
    const said = store.db.selectFrom('messages').select('messages.thread').where(store.matches('messages', words))
    select = select.where((e) =>
      e.or([e(e.fn<string>('lower', ['title']), 'like', title), ...(words.length > 0 ? [e('threads.id', 'in', said)] : [])]),
    )
  }
  const { total } = await select.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const [at, id] = query.cursor?.split('~') ?? []
  if (at !== undefined && id !== undefined)
    select = select.where((e) =>
      e.or([e('updated_at', '<', Number(at)), e.and([e('updated_at', '=', Number(at)), e('threads.id', '<', id)])]),
    )
  const rows = await select
    .selectAll('threads')
    .orderBy('updated_at', 'desc')
    .orderBy('threads.id', 'desc')
    .limit(query.limit + 1)
    .execute()
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  return { items, next: rows.length > query.limit && last ? `${last.updated_at}~${last.id}` : null, total: Number(total) }
}

export interface Counted {
  messages: number
  /** Its newest answer that is not over. */
  going: { message: string; run: string | null } | null
}

/** How many messages some threads have, and what is being answered in them. */
export async function countMessages(db: Db, threads: readonly string[]): Promise<Map<string, Counted>> {
  const counted = new Map<string, Counted>(threads.map((id) => [id, { messages: 0, going: null }]))
  if (threads.length === 0) return counted
  const counts = await db
    .selectFrom('messages')
    .select((e) => ['thread', e.fn.countAll<number>().as('count')])
    .where('thread', 'in', threads)
    .groupBy('thread')
    .execute()
  for (const { thread, count } of counts) counted.set(thread, { messages: Number(count), going: null })
  for (const { thread, id, run } of await goingIn(db, threads)) {
    const known = counted.get(thread)
    if (known) known.going = { message: id, run }
  }
  return counted
}

/** Answers that are not over, oldest first. */
export function goingIn(db: Db, threads: readonly string[]) {
  return db
    .selectFrom('messages')
    .select(['id', 'thread', 'run', 'parent'])
    .where('thread', 'in', threads)
    .where('role', '=', 'assistant')
    .where('state', 'is', null)
    .orderBy('id')
    .execute()
}
