import { LifeOsError } from '@life-os/contract'
import type { MessageRow } from '../../store/index.ts'
import type { ThreadsContext } from '../context.ts'
import { NO_COST } from '../rows/threads.ts'
import { CHAT_TURN } from '../turn/plan.ts'
import { settle, type Kept } from './settle.ts'

/** After a start: every answer that was open is looked at. One whose run was made but not noted gets it back. */
export async function reconcile(context: ThreadsContext): Promise<void> {
  const { db } = context.deps.store
  const open = await db
    .selectFrom('messages')
    .selectAll()
    .where('role', '=', 'assistant')
    .where('state', 'is', null)
    .orderBy('id')
    .execute()
  for (const row of open) {
    const run = row.run ?? (await runOf(context, row))
    if (run === null) await giveUp(context, row)
    else {
      context.following.follow(run)
      await settle(context, { ...row, run })
    }
  }
}

/** A run names the answer that it makes among its inputs. */
async function runOf({ deps }: ThreadsContext, row: MessageRow): Promise<string | null> {
  const found = await deps.store.db
    .selectFrom('runs')
    .select('id')
    .where('plan_id', '=', CHAT_TURN)
    .where('created_at', '>=', row.at)
    .where('inputs_json', 'like', `%"answer":"${row.id}"%`)
    .executeTakeFirst()
  if (!found) return null
  await deps.store.db.updateTable('messages').set({ run: found.id }).where('id', '=', row.id).execute()
  return found.id
}

/** Cut off before its run was made: nothing was done and nothing paid. */
async function giveUp({ deps }: ThreadsContext, row: MessageRow): Promise<void> {
  const error = new LifeOsError('answer-cut-off', 'Life-OS ended before this was begun. Ask again.', {
    class: 'operational',
    applied: 'no',
  })
  const kept: Kept = { parts: [], citations: [], error: error.toShape(), cost: NO_COST, seq: 0 }
  await deps.store.db
    .updateTable('messages')
    .set({ state: 'failed', answer_json: JSON.stringify(kept) })
    .where('id', '=', row.id)
    .execute()
}
