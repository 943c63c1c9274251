import { LifeOsError } from '@life-os/contract'
import type { Mode, Thread, ThreadMessage } from '@life-os/contract'
import type { Backend } from '../backend/backend.ts'
import { printable } from '../output/colour.ts'
import type { Session } from '../session.ts'

/** A conversation under way on the terminal. */
export interface Talking {
  session: Session
  backend: Backend
  thread: Thread
  /** What `--agent` and `--model` said, for conversations that are begun anew. */
  how: { agent?: string; model?: string }
}

interface Made {
  thread: Thread
  answer: ThreadMessage
}

interface ChatCommand {
  hint: string
  /** Answers what is to be told next, where it made an answer. */
  act(talking: Talking, rest: string): Promise<Made | void>
}

/** What is typed after a slash instead of being said. */
export const CHAT_COMMANDS: Readonly<Record<string, ChatCommand>> = {
  new: {
    hint: 'begin another conversation',
    async act(talking) {
      talking.thread = await talking.backend.client.threads.create(talking.how)
      talking.session.io.note('A new conversation.')
    },
  },
  retry: {
    hint: '[model] answer the last message again',
    async act({ backend: { client }, thread: { id } }, rest) {
      const { head } = await client.threads.get({ id })
      if (head === null) throw new LifeOsError('thread-empty', 'There is nothing to answer again yet.')
      return client.threads.retry({ id, message: head, ...(rest !== '' && { model: rest }) })
    },
  },
  go: {
    hint: 'go on with the last answer',
    act: ({ backend: { client }, thread: { id } }) => client.threads.proceed({ id }),
  },
  model: { hint: '<provider/model> who answers from here on', act: (talking, rest) => changed(talking, { model: given(rest, 'a model') }) },
  agent: { hint: '<id> the agent that answers', act: (talking, rest) => changed(talking, { agent: given(rest, 'an agent') }) },
  mode: { hint: 'observe | draft | autopilot', act: (talking, rest) => changed(talking, { mode: modeOf(rest) }) },
  rename: { hint: '<name> of this conversation', act: (talking, rest) => changed(talking, { title: given(rest, 'a name') }) },
  compact: {
    hint: 'shorten what models are told of earlier',
    async act({ session, backend: { client }, thread: { id } }) {
      const { before, after } = await client.threads.compact({ id })
      session.io.note(`Shortened from about ${before} to ${after} tokens. Every message stays.`)
    },
  },
  export: {
    hint: 'print it as Markdown',
    async act({ session, backend: { client }, thread: { id } }) {
      session.io.out((await client.threads.export({ id })).text.trimEnd())
    },
  },
  help: {
    hint: 'this list',
    async act({ session: { io, paint } }) {
      for (const [word, { hint }] of Object.entries(CHAT_COMMANDS)) io.note(`  /${word}  ${paint('dim', hint)}`)
      io.note(`  /exit  ${paint('dim', 'end; Ctrl-D does too. Ctrl-C stops an answer.')}`)
    },
  },
}

/** `/word rest`; null: it is said. A path such as `/home/ada/a.pdf` is said. */
export function chatCommand(said: string): { command: ChatCommand; rest: string } | null {
  const [, word, rest = ''] = /^\/([a-z]+)(?:\s+(.*))?$/su.exec(said) ?? []
  if (word === undefined) return null
  const command = Object.hasOwn(CHAT_COMMANDS, word) ? CHAT_COMMANDS[word] : undefined
  if (!command) throw new LifeOsError('usage', `There is no /${word}. /help lists what there is.`)
  return { command, rest: rest.trim() }
}

async function changed(talking: Talking, patch: { model?: string | null; agent?: string; mode?: Mode; title?: string }): Promise<void> {
  talking.thread = await talking.backend.client.threads.change({ id: talking.thread.id, ...patch })
  const { title, agent, model, mode } = talking.thread
  talking.session.io.note([printable(title), agent, model ?? 'the best model', mode].join(' · '))
}

function given(rest: string, what: string): string {
  if (rest === '') throw new LifeOsError('usage', `Say ${what} after it.`)
  return rest
}

function modeOf(rest: string): Mode {
  if (rest === 'observe' || rest === 'draft' || rest === 'autopilot') return rest
  throw new LifeOsError('usage', 'The mode is observe, draft or autopilot.')
}
