import { joinLabels, type Cost } from '@life-os/contract'
import { fromColumn, wordsOf, type MessageRow } from '../../store/index.ts'
import { tell, type ThreadsContext } from '../context.ts'
import { NO_COST } from '../rows/threads.ts'
import { isGoing, textOfParts, type Answer } from './read.ts'

/** What a message keeps of its run, so that it can be shown when the run's journal is gone. */
export type Kept = Pick<Answer, 'parts' | 'citations' | 'error' | 'cost' | 'seq'>

export const keptOf = (row: Pick<MessageRow, 'answer_json'>): Kept | null =>
  row.answer_json === null ? null : (JSON.parse(row.answer_json) as Kept) // written below

/**
 * Takes in how an answer stands: one whose run is over is kept with its message, one that goes on again is open again.
 * Safe to call at any time, and twice. Answers whether the message changed.
 */
export async function settle(context: ThreadsContext, row: MessageRow): Promise<boolean> {
  const { following } = context
  if (row.run === null) return false
  const answer = await following.answer(row)
  if (!answer) return row.state === null && (await close(context, row, lost()))
  if (isGoing(answer.state)) return row.state !== null && (await reopen(context, row, row.run))
  return close(context, row, answer)
}

function lost(): Answer {
  const message = 'The run of this answer is gone. Ask again.'
  return {
    state: 'failed',
    parts: [],
    citations: [],
    error: { code: 'run-unknown', class: 'user', message },
    cost: NO_COST,
    seq: 0,
    labels: [],
    model: null,
  }
}

async function close(context: ThreadsContext, row: MessageRow, answer: Answer): Promise<boolean> {
  const { store, clock } = context.deps
  const kept: Kept = { parts: answer.parts, citations: answer.citations, error: answer.error, cost: answer.cost, seq: answer.seq }
  const text = textOfParts(answer.parts)
  const changed = await store.transaction(async (tx) => {
    const before = await tx.selectFrom('messages').select(['state', 'answer_json']).where('id', '=', row.id).executeTakeFirst()
    const thread = await tx.selectFrom('threads').select(['cost_json', 'labels']).where('id', '=', row.thread).executeTakeFirst()
    if (!before || !thread || (before.state !== null && keptOf(before)?.seq === kept.seq)) return false // it has the text that came, which no journal has
    const cost = moved(fromColumn(thread.cost_json), keptOf(before)?.cost ?? NO_COST, kept.cost)
    await tx
      .updateTable('messages')
      .set({
        text,
        words: wordsOf(text),
        state: answer.state,
        answer_json: JSON.stringify(kept),
        labels: JSON.stringify(answer.labels),
        ...(answer.model !== null && { model: answer.model }),
      })
      .where('id', '=', row.id)
      .execute()
    await tx
      .updateTable('threads')
      .set({
        cost_json: JSON.stringify(cost),
        labels: JSON.stringify(joinLabels(fromColumn(thread.labels), answer.labels)),
        updated_at: clock.now(),
      })
      .where('id', '=', row.thread)
      .execute()
    return true
  })
  if (row.run !== null) context.following.forget(row.run)
  if (changed) await tell(context, row.thread, row.id)
  return changed
}

/** A run that was stopped or failed goes on: its answer is being made again. */
async function reopen(context: ThreadsContext, row: MessageRow, run: string): Promise<boolean> {
  context.following.follow(run)
  await context.deps.store.db.updateTable('messages').set({ state: null }).where('id', '=', row.id).execute()
  await tell(context, row.thread, row.id)
  return true
}

function moved(sum: Cost, before: Cost, after: Cost): Cost {
  return {
    tokens: sum.tokens - before.tokens + after.tokens,
    micros: sum.micros - before.micros + after.micros,
    time: sum.time - before.time + after.time,
    steps: sum.steps - before.steps + after.steps,
  }
}
