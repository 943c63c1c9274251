import { LifeOsError, type Attachment, type Mode } from '@life-os/contract'
import { fromColumn, wordsOf, type MessageRow, type ThreadRow } from '../../store/index.ts'
import { fitBefore } from '../compaction/room.ts'
import { tell, type ThreadsContext } from '../context.ts'
import { givenBy } from '../given/given.ts'
import type { Speaker } from '../types.ts'
import { DOCUMENT_TOOL, chatTurn, type Looks } from './plan.ts'
import { checkBlobsAndRuns } from './attached.ts'
import { toLookUp } from './brought.ts'
import { readBranch } from './read-branch.ts'

/** What is to be answered, and how. */
export interface Turn {
  /** A new message of the person, or one that is there and is answered once more. */
  message: { id: string } | { text: string; attachments: Attachment[]; parent: string | null }
  agent: string
  model: string | null
  mode: Mode
}

interface Begun {
  message: MessageRow
  answer: MessageRow
}

/**
 * Stores the message with its answer still to come, then starts the answer's run. One thread answers one message at a time.
 * Where no run can be started nothing stays. Errors: `thread-busy`, `agent-unknown`, `attachment-missing`, and those of starting a run.
 */
export async function beginTurn(context: ThreadsContext, thread: ThreadRow, turn: Turn, by: Speaker): Promise<Begun> {
  const { deps } = context
  if (!(await deps.agents.find(turn.agent))) throw agentUnknown(turn.agent)
  const said = 'id' in turn.message ? await known(context, turn.message.id) : fresh(context, thread.id, turn.message)
  const attachments = fromColumn(said.attachments_json)
  await checkBlobsAndRuns(deps, attachments)
  const given = await givenBy(said.text, attachments)
  const isNew = !('id' in turn.message)
  await fitBefore(context, thread, await readBranch(deps.store.db, thread.id, said.parent))
  const answer = openAnswer(context, thread.id, said.id, turn)
  const before = await store(context, thread, isNew ? [said, answer] : [answer])
  try {
    const { id: run } = await deps.runs.start(
      {
        plan: chatTurn(turn.agent, looksAt(context, attachments)),
        inputs: { say: said.text, ...given, answer: answer.id, model: turn.model },
        mode: turn.mode,
        priority: 0,
        allow: [],
      },
      by.actor,
      { onlyFor: thread.person },
    )
    context.following.follow(run)
    await deps.store.db.updateTable('messages').set({ run }).where('id', '=', answer.id).execute()
    await keepBlobs(context, thread.id, attachments)
    await tell(context, thread.id, answer.id)
    return { message: said, answer: { ...answer, run } }
  } catch (error) {
    await takeBack(context, thread, isNew ? [said.id, answer.id] : [answer.id], before)
    throw error
  }
}

/** Documents can be looked at while the plugin that reads them is there. */
function looksAt({ deps }: ThreadsContext, attachments: readonly Attachment[]): Looks {
  const { files, uploads, pictures } = toLookUp(attachments)
  const reads = deps.titleOf?.(DOCUMENT_TOOL) !== undefined
  return { files: reads && files.length > 0, uploads: reads && uploads.length > 0, pictures: pictures.length > 0 }
}

export const agentUnknown = (id: string): LifeOsError =>
  new LifeOsError('agent-unknown', `There is no agent ${id}, or it is switched off. See \`lifeos agents\` or the Agents page.`)

const busy = (run: string | null): LifeOsError =>
  new LifeOsError('thread-busy', 'The last message is still being answered. Wait for it, answer what it asks, or stop it.', {
    details: { run },
  })

function fresh(
  { deps }: ThreadsContext,
  thread: string,
  { text, attachments, parent }: { text: string; attachments: Attachment[]; parent: string | null },
): MessageRow {
  return {
    ...EMPTY,
    id: deps.newId(),
    thread,
    parent,
    role: 'person',
    at: deps.clock.now(),
    text,
    words: wordsOf([text, ...attachments.map(({ name }) => name)].join(' ')),
    attachments_json: JSON.stringify(attachments),
  }
}

function openAnswer({ deps }: ThreadsContext, thread: string, parent: string, { agent, model }: Turn): MessageRow {
  return { ...EMPTY, id: deps.newId(), thread, parent, role: 'assistant', at: deps.clock.now(), agent, model }
}

const EMPTY = {
  text: '',
  words: '',
  attachments_json: '[]',
  run: null,
  agent: null,
  model: null,
  state: null,
  answer_json: null,
  labels: '[]',
}

function known({ deps }: ThreadsContext, id: string): Promise<MessageRow> {
  return deps.store.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** The thread's row is held meanwhile, so that of two who send at once one is told. Answers the head before. */
async function store({ deps }: ThreadsContext, thread: ThreadRow, rows: readonly MessageRow[]): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    await tx.updateTable('threads').set({ updated_at: deps.clock.now() }).where('id', '=', thread.id).execute()
    const going = await tx
      .selectFrom('messages')
      .select('run')
      .where('thread', '=', thread.id)
      .where('role', '=', 'assistant')
      .where('state', 'is', null)
      .executeTakeFirst()
    if (going) throw busy(going.run)
    const present = await tx.selectFrom('threads').select('head').where('id', '=', thread.id).executeTakeFirstOrThrow()
    await tx
      .insertInto('messages')
      .values([...rows])
      .execute()
    await tx
      .updateTable('threads')
      .set({ head: rows.at(-1)?.id ?? null })
      .where('id', '=', thread.id)
      .execute()
    return present.head
  })
}

async function takeBack({ deps }: ThreadsContext, thread: ThreadRow, ids: readonly string[], head: string | null): Promise<void> {
  await deps.store.transaction(async (tx) => {
    await tx.deleteFrom('messages').where('id', 'in', ids).execute()
    await tx.updateTable('threads').set({ head }).where('id', '=', thread.id).execute()
  })
}

/** Uploaded files stay as long as the thread. */
async function keepBlobs({ deps }: ThreadsContext, thread: string, attachments: readonly Attachment[]): Promise<void> {
  for (const one of attachments) if (one.kind === 'blob') await deps.store.blobs.keep(one.blob, `thread:${thread}`)
}
