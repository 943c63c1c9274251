import { LifeOsError, type Compaction } from '@life-os/contract'
import { tell, type ThreadsContext } from '../context.ts'
import { threadRow } from '../rows/threads.ts'
import { historyOf } from '../turn/history.ts'
import { readBranch } from '../turn/read-branch.ts'
import type { Threads } from '../types.ts'
import { chooseUntil } from './choose.ts'
import { makeCompaction } from './make.ts'
import { roomFor } from './room.ts'
import { TAKEN_BACK, compactionOf, type StoredCompaction } from './stored.ts'

type Compacting = Pick<Threads, 'compaction' | 'compact' | 'uncompact'>

/** A person looks at what stands for the older messages, asks for it, or takes it back. */
export function createCompacting(context: ThreadsContext): Compacting {
  const { db } = context.deps.store
  return {
    async compaction(id, person) {
      const found = compactionOf(await threadRow(db, id, person))
      return found && shown(found)
    },
    async compact(id, by) {
      const thread = await threadRow(db, id, by.person)
      const branch = (await readBranch(db, id, thread.head)).filter(({ role, state }) => role === 'person' || state !== null)
      const present = compactionOf(thread)
      const { context: size, served } = await roomFor(context, thread, historyOf(branch, present).labels)
      const until = chooseUntil(branch, present, size)
      if (!until) throw new LifeOsError('thread-short', 'This conversation is still short: models are told all of it.')
      return shown(await makeCompaction(context, { thread, branch, until, actor: served ? by.actor : null }))
    },
    async uncompact(id, by) {
      await threadRow(db, id, by.person)
      await db.updateTable('threads').set({ compaction_json: TAKEN_BACK }).where('id', '=', id).execute()
      await tell(context, id, null)
    },
  }
}

function shown({ labels: _labels, ...compaction }: StoredCompaction): Compaction {
  return compaction
}
