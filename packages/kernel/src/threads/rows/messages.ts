import type { Kysely } from 'kysely'
import { LifeOsError } from '@life-os/contract'
import type { Database, MessageRow } from '../../store/index.ts'
import { treeOf, type Tree } from './tree.ts'

type Db = Kysely<Database>

/** What the tree of a thread needs of each message. */
export type TreeRow = Pick<MessageRow, 'id' | 'parent' | 'role' | 'state' | 'run'>

export async function readTree(db: Db, thread: string): Promise<Tree<TreeRow>> {
  return treeOf(
    await db.selectFrom('messages').select(['id', 'parent', 'role', 'state', 'run']).where('thread', '=', thread).orderBy('id').execute(),
  )
}

/** Whole rows in the order of the ids. */
export async function readMessages(db: Db, ids: readonly string[]): Promise<MessageRow[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('messages').selectAll().where('id', 'in', ids).execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** Errors: `message-unknown`. */
export async function messageRow(db: Db, thread: string, id: string): Promise<MessageRow> {
  const row = await db.selectFrom('messages').selectAll().where('id', '=', id).where('thread', '=', thread).executeTakeFirst()
  if (!row) throw messageUnknown(id)
  return row
}

export const messageUnknown = (id: string): LifeOsError =>
  new LifeOsError('message-unknown', `There is no message ${id} in this thread. Load the thread again.`)
