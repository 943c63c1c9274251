import type { Cost, ErrorShape, Labels, Recorded } from '@life-os/contract'
import type { Limits } from '../interpreter/budget.ts'

export type StepState = 'pending' | 'running' | 'waiting' | 'uncertain' | 'done' | 'skipped' | 'failed' | 'continued'

/** What the journal says of one step instance. */
export interface StepRecord {
  path: string
  state: StepState
  tool: string | null
  tries: number
  /** A try that began and is not known to have ended. */
  open: boolean
  inputHash: string | null
  output: Recorded | null
  error: ErrorShape | null
  labels: Labels
  startedAt: number | null
  finishedAt: number | null
  retryAt: number | null
  count: number | null
  approval: string | null
  /** It is a question in the middle of a call, which the progress of the run leaves out. */
  question: boolean
  answer: { approval: string; answer: string; output: Recorded | null; reason: string | null; by: string } | null
  wait: { until: number | null; event: string | null; from: number | null } | null
  /** Of tries that ended, and of reservations that were settled in full. Null: nothing yet. */
  cost: Cost | null
  /** What its open try reserved. A try that is cut off leaves it, and it is settled in full. */
  reserved: Cost | null
}

/** The state of a run: nothing but the fold of its journal. The page, the API and resume read the same thing. */
export interface RunFold {
  seq: number
  state: 'queued' | 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'cancelled' | 'stopped'
  steps: Map<string, StepRecord>
  cost: Cost
  /** Open reservations of all steps together. */
  reserved: Cost
  /** Limits that people raised, by path; the run's own under the empty one. */
  raised: Map<string, Limits>
  effects: { started: number; finished: number }
  done: number
  failed: number
  now: string | null
  error: { error: ErrorShape; path: string } | null
  outputs: Recorded | null
  epoch: number
}
