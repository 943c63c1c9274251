import type {
  Agent,
  Attachment,
  Capability,
  Citation,
  JsonSchema,
  Labels,
  ModelMessage,
  ToolDescription,
  ToolMatch,
} from '@life-os/contract'
import type { Scope } from '../../plans/index.ts'
import type { Frame, World } from '../../runs/index.ts'
import type { AgentBook, Preferences } from '../types.ts'
import type { Brought } from './attached.ts'

/** On whose behalf tools are looked for. */
export interface LoopSeeker {
  agent: string
  run: string
  step: string
  labels: Labels
  signal: AbortSignal
}

export interface AgentLoopDeps {
  book: Pick<AgentBook, 'find'>
  /** Tools that agents may be given: those of plugins, and those of the planner for agents that plan. */
  tools(): readonly ToolDescription[]
  /** Sentences about how a person wants things done. */
  preferences?: Pick<Preferences, 'kept'> | undefined
  /** Which of many tools to offer, the best first. Absent: by words alone. */
  findTools?(query: string, among: readonly string[], limit: number, seeker: LoopSeeker): Promise<Pick<ToolMatch, 'tool'>[]>
  /** Tokens that the model which would serve can take in; null: not known. */
  context?(query: { agent: string; model: string | undefined; labels: Labels }): Promise<number | null>
  /** Whether a model would serve a call that needs all of this; absent: nobody looks. */
  serves?(query: { agent: string; model: string | undefined; labels: Labels; capabilities: Capability[] }): Promise<boolean>
  /** What can be answered where no model is. */
  withoutModel?(say: string): Promise<WithoutModel>
  clock: { now(): number }
}
export interface WithoutModel {
  text: string
  start?: { plan: unknown; inputs: Record<string, unknown> }
}

/** What an agent's step is given. */
export interface TurnInput {
  say: string
  /** What was said before, oldest first. */
  history: ModelMessage[]
  attachments: Attachment[]
  /** What was looked up of them. */
  brought: Brought
  model: string | undefined
  /** JSON Schema of the final output; default: the agent's own. */
  output: JsonSchema | undefined
  /** Asks a person before each tool call; default: as the agent says. */
  review: boolean
}

/** What an agent's step gives. */
export interface TurnOutput {
  /** Markdown. `[n]` points to a citation. */
  text: string
  /** Where an output schema was given; fits it. */
  object?: unknown
  citations: Citation[]
  rounds: number
  /** What served it last; null: no model did. */
  model: string | null
  /** Tool calls that the model asked for. */
  calls: number
}

/** One turn of one agent, as its parts are handed it. `frame.labels`: of all that the model has seen so far. */
export interface Turn {
  readonly deps: AgentLoopDeps
  readonly agent: Agent
  readonly given: TurnInput
  readonly world: World
  readonly scope: Scope
  frame: Frame
  /** How many agents gave this work on. */
  readonly depth: number
}

/** What the model is told of a call. `code`: of a failure. */
export interface CallResult {
  output: unknown
  failed: boolean
  code?: string
  labels: Labels
}
