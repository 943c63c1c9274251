import type { Actor, IntentEntry, Plan, ProposeGoal, Proposal, ToolDescription, ToolMatch } from '@life-os/contract'
import type { Models } from '../models/types.ts'
import type { PlanBook } from '../planbook/index.ts'
import type { InnerTool, Runs } from '../runs/index.ts'
import type { Places } from './places.ts'
import type { Proofs } from './replan/recall.ts'
import type { Seeker } from './search/meaning.ts'

export interface PlannerDeps {
  plans: Pick<PlanBook, 'list' | 'find' | 'contextFor' | 'isStranger'>
  /** Every tool that plans may use. */
  tools(): readonly ToolDescription[]
  runs: Pick<Runs, 'start' | 'settled' | 'cancel' | 'outputs' | 'statistics' | 'get' | 'plan' | 'journal'>
  /** Absent: rules alone. */
  models?: Pick<Models, 'route' | 'embed'> | undefined
  /** The kernel's own tools, which plans may name too. */
  inner: readonly InnerTool[]
  proofs: Proofs
  places: Places
  clock: { now(): number }
  newId(): string
  logger: { debug(data: object, message: string): void }
}

/** What can be answered without any model: words, and a plan to start where one was understood. */
export interface WithoutModel {
  text: string
  start?: { plan: string | Plan; inputs: Record<string, unknown> }
}

/** From what a person says to a plan. Nothing happens here: a proposal is shown, and a run of it is previewed and approved like any other. */
export interface Planner {
  /** Rules first, then a model; `by` of the request narrows that. Aborting ends the run of the model. */
  propose(request: ProposeGoal, actor: Actor, signal?: AbortSignal): Promise<Proposal>
  /** A plan for what a run that ended early left undone. Errors: `run-unknown`, `replan-not-ended`, `replan-done`. */
  replan(run: string, hint: string | undefined, actor: Actor, signal?: AbortSignal): Promise<Proposal>
  /** By words, and by meaning where a model serves. `among`: ids of tools or `plugin.*`. */
  findTools(query: string, among: readonly string[] | undefined, limit: number, seeker: Seeker): Promise<ToolMatch[]>
  /** What can be said without any model. */
  intents(): Promise<IntentEntry[]>
  /** For a chat without a model. */
  withoutModel(say: string): Promise<WithoutModel>
}
