import type { MessageHit, Page, PageQuery } from '@life-os/contract'
import { excerptOf, searchQuery, type Store } from '../../store/index.ts'

/** Messages of one person that hold the words, newest first. The cursor names the last one of the page before. */
export async function searchMessages(
  store: Pick<Store, 'db' | 'matches'>,
  { q, cursor, limit }: PageQuery & { q: string },
  person: string,
): Promise<Page<MessageHit>> {
  const query = searchQuery(q)
  if (query.length === 0) return { items: [], next: null, total: 0 }
  const found = store.db
    .selectFrom('messages')
    .innerJoin('threads', 'threads.id', 'messages.thread')
    .where('threads.person', '=', person)
    .where(store.matches('messages', query))
  const { total } = await found.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await (cursor === undefined ? found : found.where('messages.id', '<', cursor))
    .select(['messages.id', 'messages.thread', 'messages.role', 'messages.at', 'messages.text', 'threads.title'])
    .orderBy('messages.id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit).map((row): MessageHit => ({
    thread: row.thread,
    title: row.title,
    message: row.id,
    role: row.role === 'person' ? 'person' : 'assistant',
    at: row.at,
    excerpt: excerptOf(row.text, query),
  }))
  return { items, next: rows.length > limit ? (items.at(-1)?.message ?? null) : null, total: Number(total) }
}
