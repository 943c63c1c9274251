import type { TopicEvent } from '@life-os/contract'
import type { MessageRow } from '../../store/index.ts'
import { tell, type ThreadsContext } from '../context.ts'
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

async function take(context: ThreadsContext, { data }: TopicEvent): Promise<void> {
  const { run } = data
  if (typeof run !== 'string') return
  const row = await messageOf(context, run)
  if (row && !(await settle(context, row))) await tell(context, row.thread, row.id)
}

/** The answer that a run makes, or that the run it belongs to makes. */
async function messageOf({ deps }: ThreadsContext, run: string): Promise<MessageRow | undefined> {
  const { db } = deps.store
  const own = await db.selectFrom('messages').selectAll().where('run', '=', run).executeTakeFirst()
  if (own) return own
  const child = await db.selectFrom('runs').select('parent').where('id', '=', run).executeTakeFirst()
  return child?.parent ? db.selectFrom('messages').selectAll().where('run', '=', child.parent).executeTakeFirst() : undefined
}
