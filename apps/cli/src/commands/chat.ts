import { LifeOsError } from '@life-os/contract'
import type { Thread } from '@life-os/contract'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import type { Command, Session } from '../session.ts'
import { cardWords, sourceLines } from './answer-lines.ts'
import { tellAnswer } from './ask.ts'

const HELP = 'Say something. /new begins anew, /retry [model] asks again, /go goes on with the last answer, /exit or an empty line ends.'
const SHOWN = 6 // messages of a thread that is taken up again

/** A conversation on the terminal. */
export const chat: Command<{ thread?: string; agent?: string; model?: string }> = async (session, { thread: given, agent, model }) => {
  const { io } = session
  if (!io.canAsk) throw new LifeOsError('usage', 'A chat needs a terminal. In a script: lifeos ask "<question>"')
  const { client } = await session.backend()
  const how = { ...(agent !== undefined && { agent }), ...(model !== undefined && { model }) }
  let thread = given === undefined ? await client.threads.create(how) : await client.threads.get({ id: given })
  await showLast(session, thread)
  io.note(HELP)
  for (;;) {
    const said = (await io.ask('› ')).trim()
    if (said === '' || said === '/exit' || said === '/quit') break
    if (said === '/new') {
      thread = await client.threads.create(how)
      continue
    }
    await turn(session, thread, said).catch((error: unknown) => {
      if (!(error instanceof LifeOsError)) throw error
      io.note(printable(error.message))
    })
  }
  io.note(`Go on later: lifeos chat ${thread.id}`)
  return EXIT.done
}

async function turn(session: Session, { id }: Thread, said: string): Promise<void> {
  const backend = await session.backend()
  const { threads } = backend.client
  const begin = async () => {
    const [, model] = /^\/retry(?:\s+(\S+))?$/.exec(said) ?? []
    if (said.startsWith('/retry')) {
      const { head } = await threads.get({ id })
      if (head === null) throw new LifeOsError('thread-empty', 'There is nothing to answer again yet.')
      return threads.retry({ id, message: head, ...(model !== undefined && { model }) })
    }
    return said === '/go' ? threads.proceed({ id }) : threads.send({ id, text: said })
  }
  const sent = await begin()
  const answer = await tellAnswer(session, backend, sent.thread, sent.answer)
  for (const line of sourceLines(answer)) session.io.out(line)
  if (answer.error) session.io.note(printable(answer.error.message))
}

async function showLast({ io, paint, ...session }: Session, { id, title }: Thread): Promise<void> {
  const { client } = await session.backend()
  const { items } = await client.threads.messages({ id, limit: SHOWN })
  if (items.length > 0) io.note(paint('bold', printable(title)))
  for (const message of items) {
    if (message.role === 'person') io.note(paint('dim', `› ${printable(message.text)}`))
    for (const part of message.parts) io.note(part.type === 'text' ? part.text : paint('dim', cardWords(part) ?? ''))
  }
}
