import { z } from 'zod'
import { Id, Time } from '../common/values.ts'
import { LabelSource, Labels } from '../common/labels.ts'
import { ErrorShape, Applied } from '../errors/error.ts'
import { Change, FileImage } from '../changes/change.ts'
import { Budget } from '../plans/budget.ts'

export const RunState = z.enum(['previewing', 'queued', 'running', 'waiting', 'paused', 'done', 'failed', 'cancelled', 'stopped'])
export type RunState = z.infer<typeof RunState>
export const Mode = z.enum(['observe', 'draft', 'autopilot'])
export type Mode = z.infer<typeof Mode>

/** What was spent: tokens, micro-units of the run's currency, milliseconds of active time, steps. */
export const Cost = z.object({ tokens: z.int(), micros: z.int(), time: z.int(), steps: z.int() })
export type Cost = z.infer<typeof Cost>

/** A value in the journal: inline JSON, or the blob that holds it when its JSON is larger than 64 KiB. Always with labels. */
export const Recorded = z.object({
  value: z.unknown().optional(),
  blob: z.string().optional(),
  labels: Labels,
  /** Where the labels that this value brought came from. */
  sources: z.array(LabelSource).optional(),
})
export type Recorded = z.infer<typeof Recorded>

/** Limits of a step or run in whole tokens, micro-units, milliseconds and steps, counted from its beginning. */
export const RaisedLimit = z.object({
  path: z.string(),
  steps: z.int().optional(),
  tokens: z.int().optional(),
  micros: z.int().optional(),
  time: z.int().optional(),
  deadline: z.int().optional(),
})
export type RaisedLimit = z.infer<typeof RaisedLimit>

const step = { path: z.string() }
/** Step paths: `scan`, `sort[3].move`, `pick.else.note`; the run itself is the empty path. */
export const RunEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run-started'), epoch: z.int() }),
  z.object({ type: z.literal('run-waiting') }),
  z.object({ type: z.literal('run-paused'), by: z.string() }),
  z.object({ type: z.literal('run-resumed'), by: z.string() }),
  z.object({
    type: z.literal('run-finished'),
    state: z.enum(['done', 'failed', 'cancelled', 'stopped']),
    outputs: Recorded.optional(),
    error: ErrorShape.optional(),
    errorPath: z.string().optional(),
  }),
  z.object({ type: z.literal('step-started'), ...step, count: z.int().optional() }),
  /** `question`: it was put to a person in the middle of a call, and is no step of the work. */
  z.object({ type: z.literal('step-finished'), ...step, output: Recorded, question: z.boolean().optional() }),
  z.object({ type: z.literal('step-skipped'), ...step, reason: z.enum(['when', 'unticked', 'dependency', 'optional']), labels: Labels }),
  z.object({ type: z.literal('step-failed'), ...step, error: ErrorShape, continued: z.boolean(), labels: Labels }),
  z.object({ type: z.literal('step-reset'), ...step }), // retry from here
  z.object({
    type: z.literal('try-started'),
    ...step,
    try: z.int(),
    tool: z.string(),
    key: z.string(),
    input: Recorded,
    inputHash: z.string(),
  }),
  z.object({ type: z.literal('try-finished'), ...step, try: z.int(), output: Recorded, cost: Cost, last: z.boolean() }),
  z.object({
    type: z.literal('try-failed'),
    ...step,
    try: z.int(),
    error: ErrorShape,
    applied: Applied,
    cost: Cost,
    retryAt: Time.optional(),
  }),
  z.object({ type: z.literal('try-uncertain'), ...step, try: z.int(), reason: z.string() }),
  z.object({
    type: z.literal('effect-started'),
    ...step,
    try: z.int(),
    effect: Id,
    change: Change,
    before: z.record(z.string(), FileImage.nullable()),
  }),
  z.object({
    type: z.literal('effect-finished'),
    ...step,
    effect: Id,
    after: z.record(z.string(), FileImage.nullable()),
    change: Change.optional(),
    /** What came back from outside, so that a try that is cut off after it is told the same instead of doing it again. */
    answer: Recorded.optional(),
  }),
  z.object({ type: z.literal('effect-reconciled'), ...step, effect: Id, applied: Applied }),
  z.object({ type: z.literal('approval-requested'), ...step, approval: Id }),
  z.object({
    type: z.literal('approval-answered'),
    ...step,
    approval: Id,
    answer: z.enum(['approved', 'refused', 'expired', 'done', 'not-done', 'stop', 'retry', 'continue']),
    output: Recorded.optional(),
    reason: z.string().optional(),
    by: z.string(),
  }),
  z.object({ type: z.literal('wait-started'), ...step, until: Time.optional(), event: z.string().optional(), from: z.int().optional() }),
  z.object({ type: z.literal('wait-finished'), ...step, output: Recorded }),
  z.object({ type: z.literal('budget-reserved'), ...step, cost: Cost }),
  z.object({
    type: z.literal('budget-raised'),
    /** Where the run had stopped: what is allowed there is allowed to all that it lies in. */
    ...step,
    by: z.string(),
    /** What may be spent from here on, as it was said. */
    more: Budget,
    /** The limits that follow, each for the run (the empty path) or a step of it; those that were higher stand. */
    limits: z.array(RaisedLimit),
  }),
  z.object({ type: z.literal('warning-noted'), ...step, code: z.string(), message: z.string() }),
  /** What an action on a web page left: blobs of a picture (null: none could be taken) and of a record of its requests. */
  z.object({
    type: z.literal('page-shown'),
    ...step,
    try: z.int(),
    did: z.string(),
    url: z.string(),
    screenshot: z.string().nullable(),
    trace: z.string(),
    labels: Labels,
  }),
])
export type RunEvent = z.infer<typeof RunEvent>
export type RunEventType = RunEvent['type']

/** A run event as stored and streamed: numbered from 1 within its run. */
export const JournalEntry = z.object({ run: Id, seq: z.int().min(1), at: Time, event: RunEvent })
export type JournalEntry = z.infer<typeof JournalEntry>

/** A message of a durable topic, for example `run.started`; `seq` orders everything published on this store. */
export const TopicEvent = z.object({ seq: z.int(), topic: z.string(), at: Time, data: z.record(z.string(), z.unknown()), labels: Labels })
export type TopicEvent = z.infer<typeof TopicEvent>

/** What passes by and is never stored: progress of a try, streamed beside the journal. */
export const ProgressNote = z.object({
  run: Id,
  step: z.string(),
  type: z.enum(['progress', 'text-delta', 'log']),
  at: Time,
  data: z.record(z.string(), z.unknown()),
})
export type ProgressNote = z.infer<typeof ProgressNote>
