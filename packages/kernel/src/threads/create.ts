import type { ThreadMessage } from '@life-os/contract'
import { wellFormed } from '../schemas/index.ts'
import type { MessageRow, ThreadRow } from '../store/index.ts'
import { createFollowing } from './answer/follow.ts'
import { listen } from './answer/listen.ts'
import { isGoing } from './answer/read.ts'
import { reconcile } from './answer/reconcile.ts'
import { settle } from './answer/settle.ts'
import { createCompacting } from './compaction/compact.ts'
import { untilOf } from './compaction/stored.ts'
import { DEFAULT_AGENT, tell, type ThreadsContext } from './context.ts'
import { exported } from './document/export.ts'
import { messageRow, messageUnknown, readMessages, readTree } from './rows/messages.ts'
import { searchMessages } from './rows/search.ts'
import { branchOf, leafBelow } from './rows/tree.ts'
import { NO_COST, goingIn, listThreads, threadRow } from './rows/threads.ts'
import { UNTITLED } from './title.ts'
import { agentUnknown } from './turn/begin.ts'
import { cancel, createTurns } from './turn/turns.ts'
import type { NewThread, Speaker, ThreadChange, Threads, ThreadsDeps } from './types.ts'
import { messageView, threadViews, type Shown } from './views.ts'

/** Conversations over a store and its runs. Disposing ends no run: what is being answered goes on, and is taken in at the next start. */
export function createThreads(deps: ThreadsDeps): Threads {
  const stack = new DisposableStack()
  const open = new Set<Promise<unknown>>()
  const context: ThreadsContext = {
    deps,
    following: stack.use(createFollowing(deps)),
    background(work, what) {
      const noted = work.catch((error: unknown) => deps.logger.error({ error: String(error) }, what)).finally(() => open.delete(noted))
      open.add(noted)
    },
  }
  stack.use(listen(context))
  return {
    ...createReading(context),
    ...createKeeping(context),
    ...createTurns(context),
    ...createCompacting(context),
    reconcile: () => reconcile(context),
    async [Symbol.asyncDispose]() {
      stack.dispose()
      await Promise.all(open)
    },
  }
}

type Reading = Pick<Threads, 'list' | 'get' | 'messages' | 'message' | 'search' | 'export'>

function createReading(context: ThreadsContext): Reading {
  const { store } = context.deps
  const shownOf = async (thread: ThreadRow) => ({ tree: await readTree(store.db, thread.id), until: untilOf(thread) })
  return {
    async list(query, person) {
      const page = await listThreads(store, query, person)
      return { ...page, items: await threadViews(context, page.items) }
    },
    get: (id, person) => oneThread(context, id, person),
    async messages(id, { before, limit }, person) {
      const thread = await threadRow(store.db, id, person)
      const shown = await shownOf(thread)
      const branch = branchOf(shown.tree, thread.head).map((node) => node.id)
      const end = before === undefined ? branch.length : branch.indexOf(before)
      if (end < 0) throw messageUnknown(before ?? '')
      const start = Math.max(0, end - limit)
      const rows = await readMessages(store.db, branch.slice(start, end))
      return { items: await Promise.all(rows.map((row) => seen(context, row, shown))), more: start > 0 }
    },
    async message(id, message, person) {
      const thread = await threadRow(store.db, id, person)
      return seen(context, await messageRow(store.db, id, message), await shownOf(thread))
    },
    search: (query, person) => searchMessages(store, query, person),
    async export(id, format, person) {
      const thread = await threadRow(store.db, id, person)
      const shown = await shownOf(thread)
      const rows = await readMessages(store.db, [...shown.tree.nodes.keys()])
      const all = await Promise.all(rows.map((row) => messageView(context, row, shown)))
      const branch = branchOf(shown.tree, thread.head).flatMap((node) => all.find((message) => message.id === node.id) ?? [])
      return exported(await oneThread(context, id, person), branch, all, format)
    },
  }
}

/** Whoever looks at an answer whose run is over has it kept, should nobody have heard of its end. */
async function seen(context: ThreadsContext, row: MessageRow, shown: Shown): Promise<ThreadMessage> {
  const view = await messageView(context, row, shown)
  if (row.role === 'assistant' && row.state === null && view.state !== null && !isGoing(view.state)) await settle(context, row)
  return view
}

async function oneThread(context: ThreadsContext, id: string, person: string) {
  const [view] = await threadViews(context, [await threadRow(context.deps.store.db, id, person)])
  if (!view) throw new Error('a thread has one view')
  return view
}

type Keeping = Pick<Threads, 'create' | 'change' | 'remove'>

function createKeeping(context: ThreadsContext): Keeping {
  const { store, clock, newId, settings } = context.deps
  return {
    async create(wanted, by) {
      if (wanted.agent !== undefined) await known(context, wanted.agent)
      const row = newThread(newId(), clock.now(), wanted, (await settings()).mode, by)
      await store.db.insertInto('threads').values(row).execute()
      await tell(context, row.id, null)
      return oneThread(context, row.id, by.person)
    },
    async change(id, change, by) {
      await threadRow(store.db, id, by.person)
      if (change.agent !== undefined) await known(context, change.agent)
      const set = { ...picked(change), ...(change.head !== undefined && { head: await headThrough(context, id, change.head) }) }
      if (Object.keys(set).length > 0) await store.db.updateTable('threads').set(set).where('id', '=', id).execute()
      await tell(context, id, null)
      return oneThread(context, id, by.person)
    },
    async remove(id, by) {
      await threadRow(store.db, id, by.person)
      for (const { run } of await goingIn(store.db, [id])) if (run !== null) await cancel(context, run, by)
      await store.db.deleteFrom('threads').where('id', '=', id).execute()
      await store.blobs.release(`thread:${id}`)
      await tell(context, id, null)
    },
  }
}

function newThread(id: string, now: number, { title, agent, model, mode }: NewThread, usual: string, by: Speaker): ThreadRow {
  return {
    id,
    title: named(title) || UNTITLED,
    agent: agent ?? DEFAULT_AGENT,
    model: model ?? null,
    mode: mode ?? usual,
    person: by.person,
    head: null,
    compaction_json: null,
    cost_json: JSON.stringify(NO_COST),
    labels: '[]',
    created_at: now,
    updated_at: now,
  }
}

function picked({ title, agent, model, mode }: ThreadChange): Partial<ThreadRow> {
  const name = named(title)
  return {
    ...(name && { title: name }),
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    ...(mode !== undefined && { mode }),
  }
}

/** What a database keeps, on one line. */
const named = (title: string | undefined): string | undefined => title && wellFormed(title, /\p{Cc}+/gu).trim()

/** Choosing a message shows the newest branch through it. */
async function headThrough({ deps }: ThreadsContext, thread: string, message: string): Promise<string> {
  const tree = await readTree(deps.store.db, thread)
  const node = tree.nodes.get(message)
  if (!node) throw messageUnknown(message)
  return leafBelow(tree, node).id
}

async function known({ deps }: ThreadsContext, agent: string): Promise<void> {
  if (!(await deps.agents.find(agent))) throw agentUnknown(agent)
}
