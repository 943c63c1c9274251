import { z } from 'zod'
import { Id, Time } from '../common/values.ts'
import { Mode } from '../events/run-event.ts'
import { PlanInput } from '../plans/inputs.ts'
import { Plan, PlanFault } from '../plans/plan.ts'

/** Something essential that the goal did not say, or a place in it that is not there. */
export const MissingInput = z.object({
  name: z.string(),
  question: z.string(),
  input: PlanInput,
  /** A place that is there and is nearly called what was said. */
  near: z.string().optional(),
})
export type MissingInput = z.infer<typeof MissingInput>

/** What a plan will take, from statistics of earlier runs where there are some. Milliseconds, tokens, micro-units. */
export const Estimate = z.object({
  time: z.int().nullable(),
  tokens: z.int().nullable(),
  micros: z.int().nullable(),
  steps: z.int().nullable(),
  /** What it rests on, in words. */
  basis: z.string(),
})
export type Estimate = z.infer<typeof Estimate>

/** A way to a goal, before anything happens. */
export const Proposal = z.object({
  id: Id,
  at: Time,
  goal: z.string(),
  /** `intent`: a rule of a shipped plan; `tool`: one tool fits; `model`: written by a model; `none`: nothing was found. */
  source: z.enum(['intent', 'tool', 'model', 'none']),
  plan: Plan.nullable(),
  /** A stored plan's id, where it is one as it stands. */
  planId: z.string().nullable(),
  inputs: z.record(z.string(), z.unknown()),
  missing: z.array(MissingInput),
  /** A sentence for the whole, and one a step by its path. */
  summary: z.string(),
  steps: z.array(z.object({ path: z.string(), tool: z.string().nullable(), words: z.string() })),
  estimate: Estimate,
  mermaid: z.string(),
  faults: z.array(PlanFault),
  /** How often the model mended its own plan. */
  repairs: z.int(),
  /** Other ways, the better first; each can be proposed by its `goal` or plan. */
  alternatives: z.array(
    z.object({ title: z.string(), planId: z.string().nullable(), inputs: z.record(z.string(), z.unknown()), why: z.string() }),
  ),
  /** The run that made it, where a model did. */
  run: Id.nullable(),
  /** It goes on where this run failed: what that run finished is not in it. */
  continues: Id.nullable(),
  /** What a person should know, for example that no model is set up. */
  notices: z.array(z.object({ code: z.string(), text: z.string() })),
})
export type Proposal = z.infer<typeof Proposal>

export const ProposeGoal = z.strictObject({
  goal: z.string().min(1).max(20_000),
  mode: Mode.optional(),
  model: z.string().optional(),
  /** `rules`: without any model. */
  by: z.enum(['auto', 'rules', 'model']).default('auto'),
})
export type ProposeGoal = z.infer<typeof ProposeGoal>

/** A tool found by a search over descriptions. */
export const ToolMatch = z.object({
  tool: z.string(),
  title: z.string(),
  description: z.string(),
  score: z.number(),
  by: z.enum(['words', 'meaning', 'both']),
})
export type ToolMatch = z.infer<typeof ToolMatch>

/** A way of saying what a plan does. */
export const IntentEntry = z.object({ plan: z.string(), name: z.string(), say: z.string(), examples: z.array(z.string()) })
export type IntentEntry = z.infer<typeof IntentEntry>
