import { joinLabels, type Actor, type Labels } from '@life-os/contract'
import { fromColumn } from '../../store/index.ts'
import type { MessageRow, ThreadRow } from '../../store/index.ts'
import { tell, type ThreadsContext } from '../context.ts'
import { historyOf, summaryOf } from '../turn/history.ts'
import { decisionsIn } from './decisions.ts'
import { tokensOf } from './estimate.ts'
import { compactPlan } from './plan.ts'
import { summaryByRules } from './rules.ts'
import { compactionOn, type StoredCompaction } from './stored.ts'

export interface ToCompact {
  thread: ThreadRow
  /** From the root up to the last message that is over. */
  branch: readonly MessageRow[]
  until: string
  /** Who asks a model; null: by rules. */
  actor: Actor | null
}

/** Makes a summary, keeps it and answers it. A model that does not come to an end is no reason to have none: rules serve then. */
export async function makeCompaction(context: ThreadsContext, { thread, branch, until, actor }: ToCompact): Promise<StoredCompaction> {
  const { store, clock } = context.deps
  const present = compactionOn(thread, branch)
  const end = branch.findIndex(({ id }) => id === until)
  const from = present ? branch.findIndex(({ id }) => id === present.until) : 0
  const rows = branch.slice(from, end)
  const seen: Labels = joinLabels(present?.labels, ...rows.map((row) => fromColumn(row.labels)))
  const written = actor && (await byModel(context, thread, branch, until, actor))
  const decisions = [...(present?.decisions ?? []), ...(await decisionsIn(store, rows))]
  const summary = written?.text ?? summaryByRules(rows, present)
  const made: StoredCompaction = {
    thread: thread.id,
    until,
    summary,
    decisions,
    before: tokensOf(historyOf(branch, present).messages),
    after: tokensOf([summaryOf({ summary, decisions }), ...historyOf(branch.slice(end), null).messages]),
    by: written ? 'model' : 'rules',
    at: clock.now(),
    labels: joinLabels(seen, written?.labels),
  }
  await store.db
    .updateTable('threads')
    .set({ compaction_json: JSON.stringify(made) })
    .where('id', '=', thread.id)
    .where('compaction_json', thread.compaction_json === null ? 'is' : '=', thread.compaction_json) // what came meanwhile is newer
    .execute()
  await tell(context, thread.id, null)
  return made
}

async function byModel(
  { deps }: ThreadsContext,
  thread: ThreadRow,
  branch: readonly MessageRow[],
  until: string,
  actor: Actor,
): Promise<{ text: string; labels: Labels } | null> {
  const { runs, logger } = deps
  try {
    const inputs = { thread: thread.id, head: branch.at(-1)?.id ?? until, until }
    const { id } = await runs.start({ plan: compactPlan(thread.model), inputs, mode: 'observe', priority: -5, allow: [] }, actor, {
      onlyFor: thread.person,
    })
    const run = await runs.settled(id)
    const text = run.state === 'done' ? (await runs.outputs(id))?.['text'] : null
    return typeof text === 'string' && text.trim() !== '' ? { text: text.trim(), labels: run.labels } : null
  } catch (error) {
    logger.warn({ thread: thread.id, error: String(error) }, 'a model could not shorten a conversation; rules do')
    return null
  }
}
