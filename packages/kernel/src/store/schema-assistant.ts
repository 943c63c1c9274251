// Rows of what came with the third migration: models, agents, threads, MCP servers. Conventions as in schema.ts.
import type { Attachment, Cost, Label, Preference } from '@life-os/contract'
import type { JsonOf } from './column.ts'

export interface AssistantTables {
  model_providers: ModelProviderRow
  model_usage: ModelUsageRow
  model_cache: ModelCacheRow
  model_qualifications: ModelQualificationRow
  agents: AgentRow
  agent_versions: AgentVersionRow
  preferences: PreferenceRow
  decisions: DecisionRow
  threads: ThreadRow
  messages: MessageRow
  mcp_servers: McpServerRow
}

export interface ModelProviderRow {
  id: string
  /** ProviderConfig. */
  config_json: string
  at: number
  by: string
}
/** One call of a model. Inserted before it goes out with outcome `open` and its reservation as cost; settled afterwards. */
export interface ModelUsageRow {
  id: string
  at: number
  /** UTC day, YYYY-MM-DD. */
  day: string
  model: string
  capability: string
  person: string
  agent: string | null
  tool: string | null
  plugin: string | null
  run: string | null
  step: string | null
  input: number
  output: number
  cached_input: number
  reasoning: number
  micros: number
  currency: string
  latency: number
  first_token: number | null
  from_cache: number
  outcome: string // open | done | cancelled | lost | an error code
}
export interface ModelCacheRow {
  /** SHA-256 over the canonical request, the model and the labels. */
  key: string
  answer_json: string
  labels: string
  at: number
  expires_at: number
  bytes: number
}
export interface ModelQualificationRow {
  ref: string
  result_json: string
  at: number
}
/** `agent_json` null: the shipped one stands, and only `enabled` is a person's. */
export interface AgentRow {
  id: string
  version: string
  agent_json: string | null
  enabled: number
  updated_at: number
}
export interface AgentVersionRow {
  id: string
  version: string
  agent_json: string
  at: number
  by: string
}
export interface PreferenceRow {
  id: string
  sentence: string
  state: string // proposed | kept | off
  agent: string | null
  origin: string // person | decisions
  /** What it was derived by, so that it is proposed once. */
  rule: string | null
  evidence_json: JsonOf<Preference['evidence']>
  labels: JsonOf<Label[]>
  created_at: number
  updated_at: number
}
/** What a person decided, for learning: approved, refused, edited, unticked, undone. */
export interface DecisionRow {
  id: string
  at: number
  kind: string
  person: string
  agent: string | null
  tool: string | null
  run: string | null
  step: string | null
  subject_json: string
  reason: string | null
}
export interface ThreadRow {
  id: string
  title: string
  agent: string
  model: string | null
  mode: string
  person: string
  head: string | null
  compaction_json: string | null
  /** Sum over its answers. */
  cost_json: JsonOf<Cost>
  /** Union over its messages. */
  labels: JsonOf<Label[]>
  created_at: number
  updated_at: number
}
export interface MessageRow {
  id: string
  thread: string
  parent: string | null
  role: string // person | assistant
  at: number
  /** What is searched: of a person their words, of an assistant its answer once it is there. */
  text: string
  /** `wordsOf` its text. */
  words: string
  attachments_json: JsonOf<Attachment[]>
  run: string | null
  agent: string | null
  model: string | null
  /** The end of its run; null while it goes on. */
  state: string | null
  /** Parts and citations, folded from the run's journal once it ended. */
  answer_json: string | null
  labels: JsonOf<Label[]>
}
export interface McpServerRow {
  id: string
  config_json: string
  /** What was accepted: tools with their schemas and effects; null while none are. */
  accepted_json: string | null
  digest: string | null
  at: number
  by: string
}
