import type { MessageRow, Store } from '../../store/index.ts'
import { readMessages, readTree } from '../rows/messages.ts'
import { branchOf } from '../rows/tree.ts'

/** Whole rows from the root to a message. */
export async function readBranch(db: Store['db'], thread: string, head: string | null): Promise<MessageRow[]> {
  const branch = branchOf(await readTree(db, thread), head)
  return readMessages(
    db,
    branch.map(({ id }) => id),
  )
}
