import { LifeOsError, type Attachment, type Mode, type ThreadMessage } from '@life-os/contract'
import { fromColumn } from '../../store/index.ts'
import type { MessageRow, ThreadRow } from '../../store/index.ts'
import { settle } from '../answer/settle.ts'
import { isGoing } from '../answer/read.ts'
import type { ThreadsContext } from '../context.ts'
import { messageRow, readMessages, readTree } from '../rows/messages.ts'
import { branchOf } from '../rows/tree.ts'
import { goingIn, threadRow } from '../rows/threads.ts'
import { UNTITLED, titleFrom } from '../title.ts'
import type { Sent, Speaker, Threads } from '../types.ts'
import { messageView, threadViews } from '../views.ts'
import { untilOf } from '../compaction/stored.ts'
import { beginTurn, type Turn } from './begin.ts'

const LONGEST = 200_000 // characters
/** What stands in a person's place when they ask for more of an answer that cannot go on by itself. */
export const GO_ON = 'Go on from where you stopped.'

type Turns = Pick<Threads, 'send' | 'edit' | 'retry' | 'stop' | 'proceed'>

/** How a conversation goes on. */
export function createTurns(context: ThreadsContext): Turns {
  return {
    async send(id, message, by) {
      const thread = await free(context, id, by)
      const { text, attachments = [] } = message
      const parent = message.parent === undefined ? thread.head : message.parent
      if (parent !== null) await answerable(context, id, parent)
      return speak(context, thread, { ...checked(text, attachments), parent }, message, by)
    },
    async edit(id, message, words, by) {
      const thread = await free(context, id, by)
      const old = await messageRow(context.deps.store.db, id, message)
      if (old.role !== 'person')
        throw new LifeOsError('message-not-yours', 'Only what you said can be edited. Ask again for another answer.')
      const attachments = words.attachments ?? fromColumn(old.attachments_json)
      return speak(context, thread, { ...checked(words.text, attachments), parent: old.parent }, {}, by)
    },
    async retry(id, message, how, by) {
      const thread = await free(context, id, by)
      const given = await messageRow(context.deps.store.db, id, message)
      const said = given.role === 'person' ? given.id : given.parent
      if (said === null) throw new LifeOsError('message-unknown', 'This answer belongs to no message. Write the message again.')
      return answer(context, thread, { id: said }, { agent: how.agent ?? given.agent ?? undefined, model: how.model }, by)
    },
    stop: (id, by) => stop(context, id, by),
    proceed: (id, by) => proceed(context, id, by),
  }
}

interface How {
  agent?: string | undefined
  model?: string | undefined
  mode?: Mode | undefined
}

function checked(text: string, attachments: Attachment[]): { text: string; attachments: Attachment[] } {
  if (text.length > LONGEST)
    throw new LifeOsError('input-invalid', `A message has at most ${LONGEST} characters. Attach the rest as a file.`)
  if (text.trim() === '' && attachments.length === 0) throw new LifeOsError('message-empty', 'Write something, or attach a file.')
  return { text: text.toWellFormed().replaceAll('\0', ''), attachments }
}

/** The thread, with whatever ended meanwhile taken in, so that nobody is told it is busy when it is not. */
async function free(context: ThreadsContext, id: string, by: Speaker): Promise<ThreadRow> {
  const { db } = context.deps.store
  await threadRow(db, id, by.person)
  const going = await goingIn(db, [id])
  for (const row of await readMessages(
    db,
    going.map((one) => one.id),
  ))
    await settle(context, row)
  return threadRow(db, id, by.person)
}

/** A person's words follow an answer, or begin the thread. */
async function answerable(context: ThreadsContext, thread: string, parent: string): Promise<void> {
  const row = await messageRow(context.deps.store.db, thread, parent)
  if (row.role === 'person')
    throw new LifeOsError('message-unanswered', 'That message has no answer yet. Ask for one, or edit the message.')
}

async function speak(
  context: ThreadsContext,
  thread: ThreadRow,
  message: { text: string; attachments: Attachment[]; parent: string | null },
  how: How,
  by: Speaker,
): Promise<Sent> {
  const sent = await answer(context, thread, message, how, by)
  if (thread.title !== UNTITLED || message.parent !== null) return sent
  const title = titleFrom(message.text.trim() === '' ? (message.attachments[0]?.name ?? '') : message.text)
  await context.deps.store.db.updateTable('threads').set({ title }).where('id', '=', thread.id).where('title', '=', UNTITLED).execute()
  return { ...sent, thread: { ...sent.thread, title } }
}

async function answer(context: ThreadsContext, thread: ThreadRow, message: Turn['message'], how: How, by: Speaker): Promise<Sent> {
  const begun = await beginTurn(
    context,
    thread,
    {
      message,
      agent: how.agent ?? thread.agent,
      model: how.model ?? thread.model,
      mode: how.mode ?? (thread.mode as Mode), // the column holds what was parsed
    },
    by,
  )
  return sentOf(context, thread.id, by, begun)
}

async function sentOf(context: ThreadsContext, id: string, by: Speaker, rows: { message: MessageRow; answer: MessageRow }): Promise<Sent> {
  const { db } = context.deps.store
  const thread = await threadRow(db, id, by.person)
  const shown = { tree: await readTree(db, id), until: untilOf(thread) }
  const view = (row: MessageRow): Promise<ThreadMessage> => messageView(context, row, shown)
  const [seen] = await threadViews(context, [thread])
  if (!seen) throw new Error('a thread has one view')
  return { thread: seen, message: await view(rows.message), answer: await view(rows.answer) }
}

async function stop(context: ThreadsContext, id: string, by: Speaker) {
  const { db } = context.deps.store
  await threadRow(db, id, by.person)
  for (const { run } of await goingIn(db, [id])) if (run !== null) await cancel(context, run, by)
  const [seen] = await threadViews(context, [await free(context, id, by)])
  if (!seen) throw new Error('a thread has one view')
  return seen
}

/** One that ends at this very moment is over as well. */
export async function cancel({ deps }: ThreadsContext, run: string, by: Speaker): Promise<void> {
  try {
    await deps.runs.cancel(run, by.actor)
  } catch (error) {
    if (!(error instanceof LifeOsError) || (error.code !== 'run-over' && error.code !== 'run-unknown')) throw error
  }
}

async function proceed(context: ThreadsContext, id: string, by: Speaker): Promise<Sent> {
  const { store, runs } = context.deps
  const thread = await free(context, id, by)
  const branch = branchOf(await readTree(store.db, id), thread.head)
  const last = branch.findLast(({ role }) => role === 'assistant')
  const said = branch.findLast(({ role }) => role === 'person')
  if (!said) throw new LifeOsError('thread-empty', 'There is nothing to go on with yet. Write something first.')
  if (!last || branch.indexOf(said) > branch.indexOf(last)) return answer(context, thread, { id: said.id }, {}, by)
  if (last.run !== null) {
    const run = await runs.get(last.run).catch(() => null)
    if (run && isGoing(run.state) && run.state !== 'paused') throw goesOn(run.id)
    if (run && (run.state === 'paused' || run.state === 'stopped')) await runs.resume(run.id, by.actor)
    if (run?.state === 'failed') await runs.retry(run.id, undefined, by.actor)
    if (run && run.state !== 'done' && run.state !== 'cancelled') return resumed(context, thread, [said.id, last.id], by)
  }
  return answer(context, thread, { text: GO_ON, attachments: [], parent: last.id }, {}, by)
}

const goesOn = (run: string): LifeOsError =>
  new LifeOsError('thread-busy', 'The last message is still being answered. Wait for it, answer what it asks, or stop it.', {
    details: { run },
  })

async function resumed(context: ThreadsContext, thread: ThreadRow, ids: readonly string[], by: Speaker): Promise<Sent> {
  const read = () => readMessages(context.deps.store.db, ids)
  for (const row of await read()) await settle(context, row)
  const [message, again] = await read()
  if (!message || !again) throw new LifeOsError('message-unknown', 'The message is gone. Load the thread again.')
  return sentOf(context, thread.id, by, { message, answer: again })
}
