import type { Generated } from 'kysely'
import type { Actor, Approval, Change, Cost, EffectRecord, ErrorShape, Label, Need, PreviewSummary, TopicEvent } from '@life-os/contract'
import type { JsonOf } from './column.ts'
import type { AssistantTables } from './schema-assistant.ts'
import type { PluginTables } from './schema-plugins.ts'

/**
 * The tables, one shape for both databases. Times are UTC milliseconds, ids UUIDv7 text, `*_json` canonical JSON text,
 * booleans 0 or 1. Every journaled value carries its labels.
 */
export interface Database extends PluginTables, AssistantTables {
  runs: RunRow
  run_events: RunEventRow
  tries: TryRow
  effects: EffectRow
  previews: PreviewRow
  waits: WaitRow
  approvals: ApprovalRow
  grants: GrantRow
  audit: AuditRow
  plans: PlanRow
  plan_versions: PlanVersionRow
  events: TopicEventRow
  blobs: BlobRow
  blob_refs: BlobRefRow
  settings: SettingRow
  people: PersonRow
  sessions: SessionRow
  links: LinkRow
  tokens: TokenRow
  idempotency: IdempotencyRow
  plugin_states: PluginStateRow
}

export interface RunRow {
  id: string
  kind: string // run | undo
  of: string | null
  /** The run and step that started it. */
  parent: string | null
  parent_step: string | null
  /** The person who alone may read it: it answers in their conversation, or descends from what does. Null: whoever may read runs. */
  only_for: string | null
  plan_id: string
  plan_name: string
  plan_version: string
  /** Frozen: the plan, its sub-plans by id, the digest of each plugin. */
  frozen_json: string
  inputs_json: JsonOf<Record<string, unknown>>
  mode: string
  state: string
  actor_json: JsonOf<Actor>
  priority: number
  /** mode of start, allow list, unticked changes, budget, undo options … */
  options_json: string
  epoch: number
  owner: string | null
  lease_until: number | null
  created_at: number
  started_at: number | null
  finished_at: number | null
  error_json: JsonOf<ErrorShape> | null
  error_path: string | null
  outputs_json: string | null
  cost_json: JsonOf<Cost>
  progress_json: string
  /** Of the newest preview. */
  summary_json: JsonOf<PreviewSummary> | null
  approval: string | null
  undone_by: string | null
  labels: JsonOf<Label[]>
}
export interface RunEventRow {
  run: string
  seq: number
  at: number
  type: string
  path: string
  data_json: string
  labels: JsonOf<Label[]>
}
export interface TryRow {
  run: string
  path: string
  try: number
  plan_id: string
  step: string // the step's path without indexes
  plugin: string
  tool: string
  key: string
  input_hash: string
  state: string // started | finished | failed | uncertain
  started_at: number
  finished_at: number | null
  cost_json: string | null
  error_code: string | null
}
export interface EffectRow {
  id: string
  run: string
  path: string
  try: number
  seq: number
  plugin: string
  plugin_version: string
  tool: string
  change_json: JsonOf<Change>
  before_json: JsonOf<EffectRecord['before']>
  after_json: JsonOf<NonNullable<EffectRecord['after']>> | null
  state: string
  at: number
  until: number | null
  reversal: string
  labels: JsonOf<Label[]>
}
export interface PreviewRow {
  run: string
  revision: number
  hash: string
  summary_json: string
  blob: string
  at: number
}
export interface WaitRow {
  run: string
  path: string
  until: number | null
  event: string | null
  from_seq: number | null
}
export interface ApprovalRow {
  id: string
  run: string
  step: string
  kind: string
  state: string
  title: string
  message: string
  hash: string
  role: string
  plan_id: string
  plan_name: string
  needs_json: JsonOf<Need[]>
  offers_json: JsonOf<Approval['offers']>
  output_json: JsonOf<NonNullable<Approval['output']>> | null
  /** Of `review` and `question`: what it is about. */
  subject_json: JsonOf<NonNullable<Approval['subject']>> | null
  /** The preview revision shown; for drift also the one before. */
  revision: number | null
  before_revision: number | null
  created_at: number
  expires_at: number | null
  answered_at: number | null
  answered_by: string | null
  reason: string | null
  labels: JsonOf<Label[]>
}
export interface GrantRow {
  id: string
  subject_kind: string
  subject_id: string
  permission: string
  verdict: string
  origin: string
  created_at: number
  created_by: string
  expires_at: number | null
  used_at: number | null
}
export interface AuditRow {
  seq: number
  at: number
  kind: string
  actor: string
  run: string | null
  step: string | null
  tool: string | null
  verdict: string | null
  rule: string | null
  data_json: string
  /** Number of the commit group; `link` is set on the last record of a group: HMAC over the group's rows and the link before. */
  group_no: number
  link: string | null
}
export interface PlanRow {
  id: string
  version: string
  name: string
  plan_json: string
  text: string
  source: string
  plugin: string | null
  updated_at: number
  deleted_at: number | null
}
export interface PlanVersionRow {
  id: string
  version: string
  plan_json: string
  text: string
  at: number
  by: string
}
export interface TopicEventRow {
  seq: Generated<number>
  topic: string
  at: number
  data_json: JsonOf<TopicEvent['data']>
  labels: JsonOf<Label[]>
}
export interface BlobRow {
  hash: string
  size: number
  at: number
}
export interface BlobRefRow {
  hash: string
  owner: string
  until: number | null
}
export interface SettingRow {
  key: string
  value_json: string
}
export interface PersonRow {
  id: string
  name: string
  role: string
  created_at: number
  passphrase: string | null
  deleted_at: number | null
}
export interface SessionRow {
  hash: string
  person: string
  csrf: string
  created_at: number
  expires_at: number
  used_at: number
}
export interface LinkRow {
  hash: string
  person: string
  expires_at: number
  used_at: number | null
}
export interface TokenRow {
  id: string
  hash: string
  name: string
  person: string
  scopes: string
  created_at: number
  expires_at: number | null
  used_at: number | null
}
export interface IdempotencyRow {
  key: string
  person: string
  request_hash: string
  status: number
  body_json: string
  at: number
}
export interface PluginStateRow {
  id: string
  state: string
  reason: string | null
  at: number
}
