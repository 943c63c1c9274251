import { z } from 'zod'
import { Id, Time } from '../common/values.ts'
import { Labels } from '../common/labels.ts'
import { ErrorShape } from '../errors/error.ts'
import { Cost, Mode, RunState } from '../events/run-event.ts'

/** What a message brings along. Paths are real places of this machine; a person who attaches one allows to read it for this turn. */
export const Attachment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string(), name: z.string() }),
  z.object({ kind: z.literal('folder'), path: z.string(), name: z.string() }),
  /** Uploaded, dropped or pasted. */
  z.object({ kind: z.literal('blob'), blob: z.string(), name: z.string(), mime: z.string(), size: z.int() }),
  z.object({ kind: z.literal('run'), run: Id, name: z.string() }),
])
export type Attachment = z.infer<typeof Attachment>

/** Where a part of an answer comes from: a passage of a document that a tool read in this thread. */
export const Citation = z.object({
  /** Its number in the text, as `[3]`. */
  number: z.int().min(1),
  /** Path or name of the document. */
  document: z.string(),
  /** SHA-256 of what was read. */
  hash: z.string().nullable(),
  page: z.int().nullable(),
  heading: z.string().nullable(),
  /** Characters of the document's text. */
  start: z.int(),
  end: z.int(),
  /** The passage itself. */
  text: z.string(),
})
export type Citation = z.infer<typeof Citation>

/** What an answer consists of, in order; the fold of its run's journal. */
export const AnswerPart = z.discriminatedUnion('type', [
  /** Markdown. `open`: still being written. */
  z.object({ type: z.literal('text'), step: z.string(), text: z.string(), open: z.boolean() }),
  z.object({
    type: z.literal('tool'),
    step: z.string(),
    tool: z.string(),
    title: z.string(),
    state: z.enum(['running', 'waiting', 'uncertain', 'done', 'failed', 'skipped']),
    input: z.unknown(),
    /** Shortened where it is long; the run has the whole. */
    output: z.unknown(),
    error: ErrorShape.nullable(),
    approval: Id.nullable(),
    /** Milliseconds. */
    time: z.int().nullable(),
    tokens: z.int(),
    micros: z.int(),
  }),
  /** A plan that the agent proposed or started: a run of its own. */
  z.object({ type: z.literal('plan'), step: z.string(), run: Id, name: z.string(), state: RunState, approval: Id.nullable() }),
  /** A question to the person. */
  z.object({ type: z.literal('question'), step: z.string(), approval: Id, text: z.string(), answer: z.string().nullable() }),
  /** Something the person should know: a fallback, a call possibly paid twice, a limit. */
  z.object({ type: z.literal('notice'), code: z.string(), text: z.string() }),
])
export type AnswerPart = z.infer<typeof AnswerPart>

/** One message. An assistant's message is a run; editing and retrying make siblings, which `siblings` counts. */
export const ThreadMessage = z.object({
  id: Id,
  thread: Id,
  /** The message it answers or follows. */
  parent: Id.nullable(),
  role: z.enum(['person', 'assistant']),
  at: Time,
  /** Of a person. */
  text: z.string(),
  attachments: z.array(Attachment),
  /** Of an assistant. */
  run: Id.nullable(),
  agent: z.string().nullable(),
  model: z.string().nullable(),
  state: RunState.nullable(),
  parts: z.array(AnswerPart),
  citations: z.array(Citation),
  error: ErrorShape.nullable(),
  cost: Cost.nullable(),
  labels: Labels,
  /** Ids of messages with the same parent, oldest first, this one among them. */
  siblings: z.array(Id),
  /** Told to models by the summary before it, and not word by word. */
  compacted: z.boolean(),
})
export type ThreadMessage = z.infer<typeof ThreadMessage>

export const Thread = z.object({
  id: Id,
  title: z.string(),
  agent: z.string(),
  model: z.string().nullable(),
  mode: Mode,
  person: z.string(),
  createdAt: Time,
  updatedAt: Time,
  /** The last message of the branch that is shown. */
  head: Id.nullable(),
  messages: z.int(),
  /** A run of it that goes on or waits. */
  active: z.object({ run: Id, state: RunState }).nullable(),
  cost: Cost,
  labels: Labels,
})
export type Thread = z.infer<typeof Thread>

/** What stands for the messages before `until`; it can be read, and undone. */
export const Compaction = z.object({
  thread: Id,
  until: Id,
  summary: z.string(),
  /** What people decided: approvals, refusals, answers; kept word by word. */
  decisions: z.array(z.object({ at: Time, words: z.string() })),
  /** Tokens before and after, estimated. */
  before: z.int(),
  after: z.int(),
  by: z.enum(['model', 'rules']),
  at: Time,
})
export type Compaction = z.infer<typeof Compaction>

export const SendMessage = z.strictObject({
  text: z.string().max(200_000),
  attachments: z.array(Attachment).max(50).default([]),
  agent: z.string().optional(),
  model: z.string().optional(),
  mode: Mode.optional(),
  /** The message it follows; default the thread's head. Another one makes a branch. */
  parent: Id.nullable().optional(),
})
export type SendMessage = z.infer<typeof SendMessage>

/** A message found by words. `excerpt` marks them with « and ». */
export const MessageHit = z.object({
  thread: Id,
  title: z.string(),
  message: Id,
  role: z.enum(['person', 'assistant']),
  at: Time,
  excerpt: z.string(),
})
export type MessageHit = z.infer<typeof MessageHit>
