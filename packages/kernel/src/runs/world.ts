import type { ApproveStep, Labels, Plan, RunEvent, ToolStep, WaitStep } from '@life-os/contract'
import type { Evaluated, Scope } from '../plans/index.ts'
import type { BudgetAccount } from './budget.ts'
import type { Outcome } from './outcome.ts'

/** Where a step stands: inherited labels, budget, the signal that ends it, which the run's own abort ends too. */
export interface Frame {
  path: string
  labels: Labels
  budget: BudgetAccount
  signal: AbortSignal
  /** How many sub-plans deep. */
  depth: number
  /** Previews: an enclosing condition or list is unknown, so that this may or may not happen. */
  possible: boolean
}

/** What the interpreter asks of its surroundings: the real run and the preview each are one. */
export interface World {
  readonly phase: 'preview' | 'run'
  /** The outcome already in the journal, if the step is finished. */
  finished(path: string): Promise<Outcome | null>
  /** Nothing new may start: the run is being paused, cancelled, stopped or was fenced. */
  halted(): boolean
  note(event: RunEvent): void
  /** Notes that a step ended with a value; large values become blobs. */
  finish(path: string, value: unknown, labels: Labels): Promise<void>
  callTool(step: ToolStep, input: Evaluated, scope: Scope, frame: Frame): Promise<Outcome>
  approve(step: ApproveStep, message: string, frame: Frame): Promise<Outcome>
  wait(step: WaitStep, scope: Scope, frame: Frame): Promise<Outcome>
  /** on-error: ask. Resolves suspended until a person answered. */
  askAboutError(path: string, failed: Outcome & { kind: 'failed' }): Promise<'retry' | 'continue' | 'stop' | 'suspended'>
  /** on-error: undo. Takes back what was done below a path. */
  rollBack(path: string, frame: Frame): Promise<Outcome | null>
  plan(id: string): Plan | undefined
  /** Frozen at start; variables of expressions. */
  readonly run: { id: string; startedAt: number }
}
