import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Attachment, Mode, Run, Thread, ThreadMessage } from '@life-os/contract'
import type { Backend } from '../backend/backend.ts'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import type { Exit } from '../output/exit.ts'
import type { Command, Session } from '../session.ts'
import { answerLines, sourceLines } from './answer-lines.ts'
import { decide } from './decide.ts'
import { pausing } from './follow.ts'
import type { Pausing } from './follow.ts'

export interface AskOptions {
  question: string
  file?: string[]
  agent?: string
  model?: string
  mode?: Mode
  /** Goes on with this thread instead of beginning one. */
  thread?: string
}

/** Asks, tells the answer as it comes and where it is from. What waits for a person is asked here on a terminal, else told. */
export const ask: Command<AskOptions> = async (session, options) => {
  const backend = await session.backend()
  const { client } = backend
  const how = chosen(options)
  const attachments = await attachedFiles(options.file ?? [])
  const thread = options.thread === undefined ? await client.threads.create(how) : await client.threads.get({ id: options.thread })
  const sent = await client.threads.send({ id: thread.id, text: options.question, attachments, ...how })
  const answer = await tellAnswer(session, backend, sent.thread, sent.answer)
  if (session.io.json)
    session.io.out(JSON.stringify({ thread: await client.threads.get({ id: thread.id }), message: sent.message, answer }))
  return concludeAnswer(session, thread, answer)
}

const chosen = ({ agent, model, mode }: Pick<AskOptions, 'agent' | 'model' | 'mode'>) => ({
  ...(agent !== undefined && { agent }),
  ...(model !== undefined && { model }),
  ...(mode !== undefined && { mode }),
})

export async function attachedFiles(paths: readonly string[]): Promise<Attachment[]> {
  return Promise.all(
    paths.map(async (given): Promise<Attachment> => {
      const path = resolve(given)
      const found = await stat(path).catch(() => undefined)
      if (!found) throw new LifeOsError('input-invalid', `--file ${given}: there is no such file or folder.`)
      return { kind: found.isDirectory() ? 'folder' : 'file', path, name: basename(path) }
    }),
  )
}

/** Follows an answer until it is there, or waits for somebody who is not here. `interrupted`: what Ctrl-C does meanwhile; default, it pauses. */
export async function tellAnswer(
  session: Session,
  backend: Backend,
  thread: Thread,
  begun: ThreadMessage,
  interrupted: Pausing = pausing(session, backend),
): Promise<ThreadMessage> {
  using going = interrupted
  const { client } = backend
  const lines = answerLines(session)
  const tells = !session.io.json
  const look = () => client.threads.message({ id: thread.id, message: begun.id })
  if (begun.run === null) return look()
  going.add(begun.run)
  for (;;) {
    await backend.settled(begun.run, tells ? lines.hear : undefined)
    const answer = await look()
    if (tells) lines.rest(answer)
    if (answer.state !== 'waiting' || !(await decideWaiting(session, backend, answer))) return answer
  }
}

/** Asks a person about everything that waits; false when something still does. */
async function decideWaiting(session: Session, backend: Backend, answer: ThreadMessage): Promise<boolean> {
  if (!session.io.canAsk) return false
  const waiting = await waitingRuns(backend, answer)
  if (waiting.length === 0) return false
  for (const run of waiting) {
    const after = await decide(session, backend, run, {})
    if (after.state === 'waiting' && after.approval === run.approval) return false
    if (run.id !== answer.run) await backend.settled(run.id)
  }
  return true
}

/** The answer's own run and those that it started, as far as they wait for an answer of a person. */
export async function waitingRuns({ client }: Pick<Backend, 'client'>, answer: ThreadMessage): Promise<Run[]> {
  const started = answer.parts.flatMap((part) => (part.type === 'plan' && part.approval !== null ? [part.run] : []))
  const runs = await Promise.all([...(answer.run === null ? [] : [answer.run]), ...started].map((id) => client.runs.get({ id })))
  return runs.filter((run) => run.state === 'waiting' && run.approval !== null)
}

async function concludeAnswer(session: Session, thread: Thread, answer: ThreadMessage): Promise<Exit> {
  const { io, paint } = session
  const sources = sourceLines(answer)
  if (!io.json && sources.length > 0) for (const line of ['', ...sources]) io.out(line)
  if (answer.error) io.note(`${paint('red', '✗')} ${printable(answer.error.message)}`)
  io.note(paint('dim', `Go on: lifeos chat ${thread.id}`))
  if (answer.state !== 'waiting') return exitOfAnswer(answer)
  for (const run of await waitingRuns(await session.backend(), answer))
    io.note(
      `${paint('amber', '…')} It waits for an answer.  ${paint('dim', 'Answer:')} lifeos approve ${run.id}   or: lifeos refuse ${run.id}`,
    )
  return EXIT.waiting
}

export function exitOfAnswer({ state, error }: Pick<ThreadMessage, 'state' | 'error'>): Exit {
  switch (state) {
    case 'waiting':
      return EXIT.waiting
    case 'failed':
      return error && /(^gate-|-refused$|-denied$|^permission-)/.test(error.code) ? EXIT.refused : EXIT.failed
    case 'paused':
    case 'stopped':
    case 'cancelled':
      return EXIT.stopped
    default:
      return EXIT.done
  }
}
