import { joinLabels, type Mode, type RunState, type Thread, type ThreadMessage } from '@life-os/contract'
import { fromColumn } from '../store/index.ts'
import type { MessageRow, ThreadRow } from '../store/index.ts'
import type { Answer } from './answer/read.ts'
import { keptOf } from './answer/settle.ts'
import type { ThreadsContext } from './context.ts'
import { branchOf, siblingsOf, type Tree } from './rows/tree.ts'
import type { TreeRow } from './rows/messages.ts'
import { NO_COST, countMessages, type Counted } from './rows/threads.ts'

/** Threads as people see them. */
export async function threadViews({ deps }: ThreadsContext, rows: readonly ThreadRow[]): Promise<Thread[]> {
  const counted = await countMessages(
    deps.store.db,
    rows.map(({ id }) => id),
  )
  const runs = [...counted.values()].flatMap(({ going }) => going?.run ?? [])
  const states = await runStates(deps.store.db, runs)
  return rows.map((row) => threadView(row, counted.get(row.id), states))
}

async function runStates(db: ThreadsContext['deps']['store']['db'], runs: readonly string[]): Promise<Map<string, RunState>> {
  if (runs.length === 0) return new Map()
  const rows = await db.selectFrom('runs').select(['id', 'state']).where('id', 'in', runs).execute()
  return new Map(rows.map(({ id, state }) => [id, state as RunState])) // the column holds what runs wrote
}

function threadView(row: ThreadRow, counted: Counted | undefined, states: ReadonlyMap<string, RunState>): Thread {
  const run = counted?.going?.run ?? null
  return {
    id: row.id,
    title: row.title,
    agent: row.agent,
    model: row.model,
    mode: row.mode as Mode, // the column holds what was parsed
    person: row.person,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    head: row.head,
    messages: counted?.messages ?? 0,
    active: run === null ? null : { run, state: states.get(run) ?? 'queued' },
    cost: fromColumn(row.cost_json),
    labels: joinLabels(fromColumn(row.labels)),
  }
}

export interface Shown {
  tree: Tree<TreeRow>
  /** Where the summary that stands for older messages ends; null without one. */
  until: string | null
}

/** A message with the answer as it stands. */
export async function messageView(context: ThreadsContext, row: MessageRow, { tree, until }: Shown): Promise<ThreadMessage> {
  const isOpen = row.role === 'assistant' && row.state === null
  const answer = isOpen ? await context.following.answer(row) : null
  const kept = answer ?? keptOf(row)
  const node = tree.nodes.get(row.id)
  return {
    id: row.id,
    thread: row.thread,
    parent: row.parent,
    role: row.role === 'person' ? 'person' : 'assistant',
    at: row.at,
    text: row.role === 'person' ? row.text : '',
    attachments: fromColumn(row.attachments_json),
    run: row.run,
    agent: row.agent,
    model: answer?.model ?? row.model,
    state: stateOf(row, answer),
    parts: kept?.parts ?? [],
    citations: kept?.citations ?? [],
    error: kept?.error ?? null,
    cost: row.role === 'person' ? null : (kept?.cost ?? NO_COST),
    labels: joinLabels(fromColumn(row.labels), answer?.labels),
    siblings: node ? siblingsOf(tree, node).map(({ id }) => id) : [row.id],
    compacted: isBefore(tree, row.id, until),
  }
}

function stateOf(row: MessageRow, answer: Answer | null): RunState | null {
  if (row.role === 'person') return null
  return answer?.state ?? (row.state as RunState | null) ?? 'queued' // the column holds a run's state
}

/** Whether a message comes before another on the way from the root. */
function isBefore(tree: Tree<TreeRow>, id: string, until: string | null): boolean {
  return until !== null && until !== id && branchOf(tree, until).some((one) => one.id === id)
}
