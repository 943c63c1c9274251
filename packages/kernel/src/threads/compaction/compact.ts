import { LifeOsError } from '@life-os/contract'
import type { ThreadsContext } from '../context.ts'
import { tell } from '../context.ts'
import { threadRow } from '../rows/threads.ts'
import type { Threads } from '../types.ts'
import { compactionOf } from './stored.ts'

type Compacting = Pick<Threads, 'compaction' | 'compact' | 'uncompact'>

export function createCompacting(context: ThreadsContext): Compacting {
  const { db } = context.deps.store
  return {
    async compaction(id, person) {
      const found = compactionOf(await threadRow(db, id, person))
      if (!found) return null
      const { labels: _labels, ...shown } = found
      return shown
    },
    async compact(id, by) {
      await threadRow(db, id, by.person)
      throw new LifeOsError('thread-short', 'This thread is too short to be shortened.')
    },
    async uncompact(id, by) {
      await threadRow(db, id, by.person)
      await db.updateTable('threads').set({ compaction_json: null }).where('id', '=', id).execute()
      await tell(context, id, null)
    },
  }
}
