import type {
  Actor,
  Agent,
  AgentStep,
  Approval,
  ApproveStep,
  Cost,
  JsonSchema,
  Labels,
  Plan,
  RunEvent,
  StartRun,
  ToolStep,
  WaitStep,
} from '@life-os/contract'
import type { Evaluated, Scope } from '../../plans/index.ts'
import type { BudgetAccount, Limits } from './budget.ts'
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
  /** Inside an agent's step: who acts. What a model chose is no person's word, so that person's grants do not serve it. */
  actor?: Actor
  /** Inside an agent's step: lists of the most it may be allowed, whatever grants say, its own and of those who gave it work. */
  permissions?: readonly (readonly string[])[] | undefined
}

/** What an agent's loop asks a person: before a tool call (`review`), or because it does not know (`question`). */
export interface AgentQuestion {
  kind: 'review' | 'question'
  title: string
  message: string
  subject: NonNullable<Approval['subject']>
  /** Schema of the output that `done` brings: the tool's input, or the answer. */
  output: JsonSchema
}
export interface AgentAnswer {
  answer: 'approved' | 'refused' | 'expired' | 'done'
  /** What `done` brought; null else. */
  output: unknown
  reason: string | null
  by: string
}

/** What the interpreter asks of its surroundings: the real run and the preview each are one. */
export interface World {
  readonly phase: 'preview' | 'run'
  /** The outcome already in the journal, if the step is finished. */
  finished(path: string): Promise<Outcome | null>
  /** How a step failed that an agent went on after; null: it did not. */
  failure(path: string): (Outcome & { kind: 'failed' }) | null
  /** Nothing new may start: the run is being paused, cancelled, stopped or was fenced. */
  halted(): boolean
  note(event: RunEvent): void
  /** Notes that a step ended with a value; large values become blobs. */
  finish(path: string, value: unknown, labels: Labels): Promise<void>
  /** What a step and all below it had cost when this execution began; null: nothing. */
  spent(path: string): Cost | null
  /** What people allowed to a step beyond the limits it was given; undefined: nothing. */
  raised(path: string): Limits | undefined
  /** Hands an agent's step to the loop, acting as that agent; a preview only notes that it will decide as it goes. */
  callAgent(step: AgentStep, input: Evaluated, scope: Scope, frame: Frame): Promise<Outcome>
  callTool(step: ToolStep, input: Evaluated, scope: Scope, frame: Frame): Promise<Outcome>
  approve(step: ApproveStep, message: string, frame: Frame): Promise<Outcome>
  wait(step: WaitStep, scope: Scope, frame: Frame): Promise<Outcome>
  /** on-error: ask. Resolves suspended until a person answered. */
  askAboutError(path: string, failed: Outcome & { kind: 'failed' }): Promise<'retry' | 'continue' | 'stop' | 'suspended'>
  /** on-error: undo. Takes back what was done below a path. */
  rollBack(path: string, frame: Frame): Promise<Outcome | null>
  plan(id: string): Plan | undefined
  /** As frozen when the run was made. */
  agent(id: string): Agent | undefined
  /** Puts an agent's question at a path; `suspended` until a person answered. An answer counts once it is taken. */
  question(path: string, question: AgentQuestion, frame: Frame): Promise<AgentAnswer | 'suspended'>
  /**
   * A run of its own for a plan that an agent made, named by the path so that it is started once: previewed, approved by a
   * person, budget reserved from this run. Resolves with its end; suspended while it goes on or waits.
   */
  startPlan(path: string, request: Pick<StartRun, 'plan' | 'inputs'>, frame: Frame): Promise<Outcome>
  /** Frozen at start; variables of expressions. */
  readonly run: { id: string; startedAt: number }
}
