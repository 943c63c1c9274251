import type {
  Actor,
  Agent,
  Attachment,
  Compaction,
  MessageHit,
  Mode,
  Page,
  PageQuery,
  SendMessage,
  Settings,
  Thread,
  ThreadMessage,
} from '@life-os/contract'
import type { Events } from '../events/index.ts'
import type { Models } from '../models/types.ts'
import type { Logger, Runs } from '../runs/index.ts'
import type { Redactor } from '../secrets/index.ts'
import type { Store } from '../store/index.ts'

/** Who speaks: whose threads they are, and who acts for them (the person, or a token of theirs). */
export interface Speaker {
  person: string
  actor: Actor
}

export interface Sent {
  thread: Thread
  message: ThreadMessage
  answer: ThreadMessage
}

export interface NewThread {
  title?: string | undefined
  agent?: string | undefined
  model?: string | undefined
  mode?: Mode | undefined
}
export interface ThreadChange {
  title?: string | undefined
  agent?: string | undefined
  model?: string | null | undefined
  mode?: Mode | undefined
  /** Any message of the thread: the newest branch through it is shown. */
  head?: string | undefined
}
export type ToSend = Omit<SendMessage, 'attachments'> & { attachments?: Attachment[] | undefined }

/**
 * Conversations. A message is answered by a run; the thread keeps what was said as a tree and shows one branch of it. A person
 * sees their own threads alone: others' are `thread-unknown` to them.
 */
export interface Threads {
  /** Last used first. `search`: words of the title or of messages. */
  list(query: PageQuery & { search?: string | undefined }, person: string): Promise<Page<Thread>>
  /** Errors: `agent-unknown`. */
  create(wanted: NewThread, by: Speaker): Promise<Thread>
  get(id: string, person: string): Promise<Thread>
  /** Errors: `agent-unknown`, `message-unknown`. */
  change(id: string, change: ThreadChange, by: Speaker): Promise<Thread>
  /** Stops what is being answered; the runs stay. */
  remove(id: string, by: Speaker): Promise<void>
  /** Of the shown branch, oldest first: the last `limit` before a message. */
  messages(
    id: string,
    page: { before?: string | undefined; limit: number },
    person: string,
  ): Promise<{ items: ThreadMessage[]; more: boolean }>
  /** As it stands now, with the text that has come so far. */
  message(id: string, message: string, person: string): Promise<ThreadMessage>
  /** Errors: `thread-busy`, `message-empty`, `message-unknown`, `agent-unknown`, `attachment-missing`. */
  send(id: string, message: ToSend, by: Speaker): Promise<Sent>
  /** Says it differently, beside the old message. */
  edit(id: string, message: string, words: { text: string; attachments?: Attachment[] | undefined }, by: Speaker): Promise<Sent>
  /** Another answer to the same message; given an answer, to the message that it answers. */
  retry(id: string, message: string, how: { model?: string | undefined; agent?: string | undefined }, by: Speaker): Promise<Sent>
  /** Cancels what is being answered; what it did stays. */
  stop(id: string, by: Speaker): Promise<Thread>
  /** Goes on with the last answer: its run where that can, else by a new answer. Errors: `thread-empty`, `thread-busy`. */
  proceed(id: string, by: Speaker): Promise<Sent>
  /** Newest first. */
  search(query: PageQuery & { q: string }, person: string): Promise<Page<MessageHit>>
  compaction(id: string, person: string): Promise<Compaction | null>
  /** Errors: `thread-short`. */
  compact(id: string, by: Speaker): Promise<Compaction>
  uncompact(id: string, by: Speaker): Promise<void>
  export(id: string, format: 'markdown' | 'json', person: string): Promise<{ name: string; mime: string; text: string }>
  /** After a start: takes in the ends of runs that nobody listened to, and follows those that go on. */
  reconcile(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface ThreadsDeps {
  store: Store
  runs: Runs
  events: Events
  agents: { find(id: string): Promise<Agent | null> }
  /** To know how much the model takes in; absent: a small one is assumed, and summaries are made by rules. */
  models?: Pick<Models, 'route'>
  settings(): Promise<Pick<Settings, 'mode'>>
  /** How a tool is called for people. */
  titleOf?(tool: string): string | undefined
  clock: { now(): number }
  newId(): string
  logger: Logger
  redactor?: Redactor
}
