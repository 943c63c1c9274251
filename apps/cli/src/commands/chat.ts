import { LifeOsError } from '@life-os/contract'
import type { Thread, ThreadMessage } from '@life-os/contract'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import { createPrompt } from '../output/prompt.ts'
import type { Command, Session } from '../session.ts'
import { cardWords, sourceLines } from './answer-lines.ts'
import { tellAnswer } from './ask.ts'
import { CHAT_COMMANDS, chatCommand, type Talking } from './chat-commands.ts'
import type { Pausing } from './follow.ts'

const HELP = 'Say something. /help lists commands, Ctrl-C stops an answer, Ctrl-D or /exit ends.'
const SHOWN = 6 // messages of a thread that is taken up again
const ENDS = new Set(['/exit', '/quit'])

/** A conversation: typed on a terminal, or one line a message from a pipe. */
export const chat: Command<{ thread?: string; agent?: string; model?: string }> = async (session, { thread: given, agent, model }) => {
  const { io } = session
  if (io.json) throw new LifeOsError('usage', 'A chat is for people. For a program: lifeos ask "<question>" --json')
  using prompt = createPrompt('› ', [...Object.keys(CHAT_COMMANDS).map((word) => `/${word}`), ...ENDS])
  const first = prompt.typed ? undefined : await prompt.next()
  if (first === null)
    throw new LifeOsError('usage', 'A chat needs a terminal, or lines on its standard input. In a script: lifeos ask "<question>"')
  const backend = await session.backend()
  const how = { ...(agent !== undefined && { agent }), ...(model !== undefined && { model }) }
  const thread = given === undefined ? await backend.client.threads.create(how) : await backend.client.threads.get({ id: given })
  const talking: Talking = { session, backend, thread, how }
  if (prompt.typed) {
    await showLast(session, thread)
    io.note(HELP)
  }
  for (let said = first ?? (await prompt.next()); said !== null && !ENDS.has(said.trim()); said = await prompt.next())
    if (said.trim() !== '')
      await turn(talking, said.trim()).catch((error: unknown) => {
        if (!(error instanceof LifeOsError)) throw error
        io.note(printable(error.message))
      })
  io.note(`Go on later: lifeos chat ${talking.thread.id}`)
  return EXIT.done
}

async function turn(talking: Talking, said: string): Promise<void> {
  const { session, backend } = talking
  using interrupted = stopping(talking)
  const found = chatCommand(said)
  const { threads } = backend.client
  const sent = found ? await found.command.act(talking, found.rest) : await threads.send({ id: talking.thread.id, text: said })
  if (!sent) return
  const answer = await tellAnswer(session, backend, sent.thread, sent.answer, interrupted)
  for (const line of sourceLines(answer)) session.io.out(line)
  if (answer.error) session.io.note(printable(answer.error.message))
  if (answer.state === 'waiting') session.io.note(`It still waits for you: lifeos approve ${answer.run}, or the Inbox.`)
  if (answer.state === 'cancelled') session.io.note('Stopped. /go goes on, /retry answers again.')
}

/** Ctrl-C ends the answer, also one that is only being sent, and the conversation goes on. */
function stopping(talking: Talking): Pausing {
  const { session, backend } = talking
  let [asked, begun, over] = [false, false, false]
  const stop = (): void => {
    session.io.note('Stopping …')
    void backend.client.threads.stop({ id: talking.thread.id }).catch((error: unknown) => session.io.note(printable(String(error))))
  }
  const listening = session.onInterrupt(() => {
    asked = true
    if (begun) stop()
  })
  return {
    add() {
      begun = true
      if (asked) stop()
    },
    [Symbol.dispose]() {
      if (!over) listening[Symbol.dispose]()
      over = true
    },
  }
}

async function showLast({ io, paint, ...session }: Session, { id, title }: Thread): Promise<void> {
  const { client } = await session.backend()
  const { items } = await client.threads.messages({ id, limit: SHOWN })
  if (items.length > 0) io.note(paint('bold', printable(title)))
  for (const message of items) {
    if (message.role === 'person') io.note(paint('dim', `› ${printable(message.text)}`))
    for (const part of message.parts) io.note(part.type === 'text' ? part.text : paint('dim', cardWords(part) ?? ''))
    noteSources(message, io)
  }
}

function noteSources(message: ThreadMessage, io: Session['io']): void {
  for (const line of sourceLines(message)) io.note(line)
}
