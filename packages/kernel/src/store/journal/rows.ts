/** A value both databases take as it is. */
export type Value = string | number | null
export type Row = Readonly<Record<string, Value>>

/** Tables the journal writes, their keys and columns in one place; both dialects build their statements from it. */
export const JOURNAL_TABLES = {
  run_events: { key: ['run', 'seq'], columns: ['run', 'seq', 'at', 'type', 'path', 'data_json', 'labels'] },
  tries: {
    key: ['run', 'path', 'try'],
    columns: [
      'run',
      'path',
      'try',
      'plan_id',
      'step',
      'plugin',
      'tool',
      'key',
      'input_hash',
      'state',
      'started_at',
      'finished_at',
      'cost_json',
      'error_code',
    ],
  },
  effects: {
    key: ['run', 'id'],
    columns: [
      'id',
      'run',
      'path',
      'try',
      'seq',
      'plugin',
      'plugin_version',
      'tool',
      'change_json',
      'before_json',
      'after_json',
      'state',
      'at',
      'until',
      'reversal',
      'labels',
    ],
  },
  approvals: {
    key: ['run', 'id'],
    columns: [
      'id',
      'run',
      'step',
      'kind',
      'state',
      'title',
      'message',
      'hash',
      'role',
      'plan_id',
      'plan_name',
      'needs_json',
      'offers_json',
      'output_json',
      'subject_json',
      'revision',
      'before_revision',
      'created_at',
      'expires_at',
      'answered_at',
      'answered_by',
      'reason',
      'labels',
    ],
  },
  waits: { key: ['run', 'path'], columns: ['run', 'path', 'until', 'event', 'from_seq'] },
  audit: {
    key: ['seq'],
    columns: ['seq', 'at', 'kind', 'actor', 'run', 'step', 'tool', 'verdict', 'rule', 'data_json', 'group_no', 'link'],
  },
  events: { key: ['seq'], columns: ['topic', 'at', 'data_json', 'labels'] },
} as const

export type JournalTable = keyof typeof JOURNAL_TABLES
export const INSERTED = [
  'run_events',
  'tries',
  'effects',
  'approvals',
  'waits',
  'audit',
  'events',
] as const satisfies readonly JournalTable[]
export const PATCHED = ['tries', 'effects', 'approvals', 'runs'] as const
export type PatchedTable = (typeof PATCHED)[number]

/** A run's row: its key, and every column a patch may name. `id` and `epoch` are the fence and not among them. */
export const RUN_KEY = ['id'] as const
export const RUN_COLUMNS = [
  'kind',
  'of',
  'plan_id',
  'plan_name',
  'plan_version',
  'frozen_json',
  'inputs_json',
  'mode',
  'state',
  'actor_json',
  'priority',
  'options_json',
  'owner',
  'lease_until',
  'created_at',
  'started_at',
  'finished_at',
  'error_json',
  'error_path',
  'outputs_json',
  'cost_json',
  'progress_json',
  'summary_json',
  'approval',
  'undone_by',
  'labels',
] as const

export const keyOf = (table: PatchedTable): readonly string[] => (table === 'runs' ? RUN_KEY : JOURNAL_TABLES[table].key)
/** The columns a patch may set. */
export function patchable(table: PatchedTable): readonly string[] {
  if (table === 'runs') return RUN_COLUMNS
  const { key, columns } = JOURNAL_TABLES[table]
  return columns.filter((column) => !(key as readonly string[]).includes(column)) // widened: `includes` wants the exact union
}

export interface Patch {
  readonly key: Row
  readonly set: Row
}
export interface Fence {
  readonly run: string
  readonly epoch: number
}

/** Everything of one commit, at most one change for each row, so that a database may apply it in any order of tables. */
export interface RowGroup {
  /** The runs this group writes to, each with the epoch its writer holds. */
  readonly fences: readonly Fence[]
  readonly inserts: Readonly<Record<JournalTable, readonly Row[]>>
  readonly patches: Readonly<Record<PatchedTable, readonly Patch[]>>
  readonly removedWaits: readonly Row[]
}

export type CommitResult =
  /** `topics`: the numbers given to the rows of `events`, in order. */
  | { readonly kind: 'done'; readonly topics: readonly number[] }
  /** Nothing was written: these runs are gone or belong to a later epoch. */
  | { readonly kind: 'fenced'; readonly runs: readonly string[] }
  /** Nothing was written: another process extended the audit chain first. */
  | { readonly kind: 'audit-moved' }

export interface Position {
  readonly epoch: number
  readonly seq: number
}

/** What the journal's writer needs of a database, on a connection of its own. */
export interface JournalBackend {
  /** A run's stored epoch and last event number; undefined when there is no such run. */
  position(run: string): Position | undefined | Promise<Position | undefined>
  /** Commits all of it synced to disk, or nothing. Throws `store-constraint` when a row breaks the schema. */
  commit(group: RowGroup): CommitResult | Promise<CommitResult>
  /** Events after a number, in order. */
  events(run: string, after: number, limit: number): StoredEvent[] | Promise<StoredEvent[]>
  auditHead(): AuditHead | Promise<AuditHead>
  close(): void | Promise<void>
}

export interface StoredEvent {
  readonly seq: number
  readonly at: number
  readonly data_json: string
}
/** The last audit record: its number, its group and the link that the next group continues. */
export interface AuditHead {
  readonly seq: number
  readonly group: number
  readonly link: string
}
export const EMPTY_CHAIN: AuditHead = { seq: 0, group: 0, link: '' }
