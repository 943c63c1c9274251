import type { Kysely, RawBuilder } from 'kysely'
import type { AuditRecord, EffectRecord, JournalEntry, Labels, RunEvent, TopicEvent } from '@life-os/contract'
import type { ApprovalRow, Database, EffectRow, RunRow, TryRow, WaitRow } from './schema.ts'
import type { SearchQuery } from './search/query.ts'

/** One row for the journal's writer. All writes of one `append` commit together, in order. */
export type JournalWrite =
  | { kind: 'event'; event: RunEvent }
  | { kind: 'try-insert'; row: TryRow }
  | { kind: 'try-update'; path: string; try: number; patch: Partial<TryRow> }
  | { kind: 'effect-insert'; row: EffectRow }
  | { kind: 'effect-update'; id: string; patch: Partial<EffectRow> }
  | { kind: 'run-update'; patch: Partial<RunRow> }
  | { kind: 'approval-insert'; row: ApprovalRow }
  | { kind: 'approval-update'; id: string; patch: Partial<ApprovalRow> }
  | { kind: 'wait-insert'; row: WaitRow }
  | { kind: 'wait-delete'; path: string }
  | { kind: 'audit'; record: Omit<AuditRecord, 'seq' | 'at'> }
  | { kind: 'topic'; topic: string; data: Record<string, unknown>; labels?: Labels }

export type Durability =
  /** Resolves when the commit that carries it is synced to disk. */
  | 'sync'
  /** Resolves at once with its numbers; rides on the next commit (at the latest after 50 ms), in order. */
  | 'next'

/**
 * The journal's own writer: one per store, its own connection and prepared statements, group commit. Appends of one run
 * keep their order. A run whose stored epoch is higher than `epoch` is fenced: its rows drop out of the group and its
 * append fails with `run-fenced`, the others are not touched.
 */
export interface JournalWriter {
  append(run: string, epoch: number, writes: readonly JournalWrite[], durability: Durability): Promise<JournalEntry[]>
  /** Resolves when everything appended before is on disk. */
  flush(): Promise<void>
  /** Called with entries in order, once they are on disk; for live tails and pages. */
  onCommitted(listener: (entries: readonly JournalEntry[]) => void): Disposable
  /** Entries of one run after a number; flushes what is pending first. */
  read(run: string, after?: number, limit?: number): Promise<JournalEntry[]>
}

export interface Blobs {
  put(content: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<{ hash: string; size: number }>
  /** Takes over an existing file's bytes by copying. */
  putFile(path: string): Promise<{ hash: string; size: number }>
  get(hash: string): Promise<Uint8Array>
  /** Absolute path of a stored blob, for streaming; `blob-missing` when it is not here. */
  path(hash: string): Promise<string>
  has(hash: string): Promise<boolean>
  /** Keeps a blob while `owner` lives or until the time given. */
  keep(hash: string, owner: string, until?: number): Promise<void>
  release(owner: string): Promise<void>
  /** Removes blobs without references that are older than the grace time (default one hour). */
  collect(grace?: number): Promise<{ removed: number; bytes: number }>
}

export interface AuditLog {
  append(record: Omit<AuditRecord, 'seq' | 'at'>): Promise<void>
  verify(): Promise<{ ok: boolean; records: number; head: string; brokenAt: number | null; message: string }>
}

/** The durable topics under the module `events`: publishing, and what was published by anybody on this store. */
export interface TopicLog {
  publish(topic: string, data: Record<string, unknown>, labels?: Labels): Promise<TopicEvent>
  /** Called with every event committed from now on, by this process or another, in order and once. */
  onPublished(listener: (events: readonly TopicEvent[]) => void): Disposable
  /** The newest number this process has published or been told of; what comes after it is new here. */
  known(): number
}

/** Tables with a column `words`, which whoever writes a row fills by `wordsOf`. */
export type Searchable = 'messages'

export interface Store {
  readonly dialect: 'sqlite' | 'postgres'
  readonly home: string
  readonly db: Kysely<Database>
  readonly journal: JournalWriter
  readonly blobs: Blobs
  readonly audit: AuditLog
  readonly topics: TopicLog
  /** Work on one connection, committed together. Inside it use `tx` alone: awaiting the journal there is refused with `journal-in-transaction`. */
  transaction<T>(work: (tx: Kysely<Database>) => Promise<T>): Promise<T>
  /** For `where`: the words of a row of this table hold all that is asked for. A query without terms matches nothing; do not ask it. */
  matches(table: Searchable, query: SearchQuery): RawBuilder<boolean>
  backup(file: string): Promise<void>
  /** Deletes what retention allows; the audit record keeps a checkpoint. */
  prune(now: number): Promise<Record<string, number>>
  [Symbol.asyncDispose](): Promise<void>
}

export type EffectRowOf = (record: EffectRecord) => EffectRow
