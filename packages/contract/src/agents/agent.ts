import { z } from 'zod'
import { Labels } from '../common/labels.ts'
import { Id, JsonSchema, Time } from '../common/values.ts'
import { Budget } from '../plans/budget.ts'

export const AgentId = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case words joined by -')

/** What an agent is shown to do; run as a test against a scripted model. */
export const AgentExample = z.strictObject({
  title: z.string().min(1),
  say: z.string().min(1),
  /** Tools that it calls, in order; others may come between. */
  tools: z.array(z.string()).default([]),
  /** Words that its answer holds. */
  answer: z.array(z.string()).default([]),
})
export type AgentExample = z.infer<typeof AgentExample>

/** An agent is data: what it is told, what it may use, what it may spend. */
export const Agent = z.strictObject({
  id: AgentId,
  name: z.string().min(1).max(100),
  description: z.string().max(1000).default(''),
  icon: z.string().optional(),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0')
    .default('1.0.0'),
  /** Markdown. */
  instructions: z.string().min(1).max(100_000),
  /** Ids of tools, or `plugin.*`. Nothing else is offered to the model or run for it. */
  tools: z.array(z.string()).default([]),
  /** Agents that it may give work to. */
  agents: z.array(AgentId).default([]),
  /** Whether it may find, check and start plans. */
  plans: z.boolean().default(false),
  /** Alias or `provider/model`; default: the router's choice. */
  model: z.string().optional(),
  temperature: z.number().min(0).max(2).optional(),
  /** The most it may ever be allowed, whatever others are; absent: what its tools ask for. */
  permissions: z.array(z.string()).optional(),
  /** JSON Schema of its final output; absent: text. */
  output: JsonSchema.optional(),
  /** Asks a person before each tool call, whatever it is. */
  review: z.boolean().default(false),
  /** `thread`: it is told what was said before. */
  memory: z.enum(['thread', 'none']).default('thread'),
  /** Of one turn: rounds of model and tools, tool calls at once, and what the turn may cost. */
  limits: z
    .strictObject({ rounds: z.int().min(1).max(200).default(24), parallel: z.int().min(1).max(16).default(4), budget: Budget.optional() })
    .default({ rounds: 24, parallel: 4 }),
  examples: z.array(AgentExample).default([]),
})
export type Agent = z.infer<typeof Agent>

export const StoredAgent = z.object({
  agent: Agent,
  source: z.enum(['bundled', 'own']),
  plugin: z.string().nullable(),
  /** A bundled one that a person changed: their version stands for the id. */
  changed: z.boolean(),
  enabled: z.boolean(),
  versions: z.int(),
  updatedAt: Time,
})
export type StoredAgent = z.infer<typeof StoredAgent>

export const AgentVersion = z.object({ version: z.string(), at: Time, by: z.string(), agent: Agent })
export type AgentVersion = z.infer<typeof AgentVersion>

export const AgentStatistics = z.object({
  agent: z.string(),
  runs: z.int(),
  done: z.int(),
  failed: z.int(),
  /** Means of finished turns; milliseconds, rounds, tokens, micro-units. */
  time: z.number().nullable(),
  rounds: z.number().nullable(),
  tokens: z.int(),
  micros: z.int(),
  /** What people answered to its questions. */
  approved: z.int(),
  refused: z.int(),
  edited: z.int(),
  tools: z.array(z.object({ tool: z.string(), calls: z.int(), failed: z.int() })),
})
export type AgentStatistics = z.infer<typeof AgentStatistics>

/**
 * A sentence learned from what a person approved, refused or edited. `proposed` ones are shown and say nothing to any
 * model; `kept` ones do; `off` ones are not proposed again.
 */
export const Preference = z.object({
  id: Id,
  sentence: z.string().min(1).max(500),
  state: z.enum(['proposed', 'kept', 'off']),
  /** For one agent, or for all. */
  agent: z.string().nullable(),
  /** Where it came from: `person` wrote it, or decisions led to it. */
  origin: z.enum(['person', 'decisions']),
  evidence: z.array(z.object({ at: Time, run: Id.nullable(), words: z.string() })),
  /** `private`: it speaks of a private place, so that only local models are told. */
  labels: Labels,
  createdAt: Time,
  updatedAt: Time,
})
export type Preference = z.infer<typeof Preference>
