import type { TopicEvent } from '@life-os/contract'
import type { MessageRow } from '../../store/index.ts'
import { fitAfter } from '../compaction/room.ts'
import { tell, type ThreadsContext } from '../context.ts'
import { readBranch } from '../turn/read-branch.ts'
import { settle } from './settle.ts'

/** Runs and approvals whose news change what an answer shows. */
const PATTERNS = ['run.*', 'approval.*']

/** Takes in what becomes of runs, as it is published: by this process or another. */
export function listen(context: ThreadsContext): Disposable {
  const { events } = context.deps
  const stack = new DisposableStack()
  for (const pattern of PATTERNS) stack.use(events.subscribe(pattern, (event) => take(context, event)))
  return stack
}

async function take(context: ThreadsContext, { topic, data }: TopicEvent): Promise<void> {
  const { run } = data
  if (typeof run !== 'string') return
  const row = await messageOf(context, run)
  if (!row) return
  const changed = await settle(context, row)
  if (!changed) await tell(context, row.thread, row.id)
  if (changed && topic === 'run.finished') context.background(shortenInTime(context, row), 'a long conversation could not be shortened')
}

/** On behalf of whoever asked last. */
async function shortenInTime(context: ThreadsContext, { thread: id, run }: MessageRow): Promise<void> {
  const { store, runs } = context.deps
  const thread = await store.db.selectFrom('threads').selectAll().where('id', '=', id).executeTakeFirst()
  if (!thread || run === null) return
  const { by } = await runs.get(run)
  await fitAfter(context, thread, await readBranch(store.db, id, thread.head), by)
}

/** The answer that a run makes, or that the run it belongs to makes. */
async function messageOf({ deps }: ThreadsContext, run: string): Promise<MessageRow | undefined> {
  const { db } = deps.store
  const own = await db.selectFrom('messages').selectAll().where('run', '=', run).executeTakeFirst()
  if (own) return own
  const child = await db.selectFrom('runs').select('parent').where('id', '=', run).executeTakeFirst()
  return child?.parent ? db.selectFrom('messages').selectAll().where('run', '=', child.parent).executeTakeFirst() : undefined
}
