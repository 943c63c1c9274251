export { fromColumn } from './column.ts'
export type { JsonOf } from './column.ts'
export { openStore } from './open.ts'
export type { OpenStoreOptions } from './open.ts'
export { ownHome, socketPath } from './owner.ts'
export type { Ownership } from './owner.ts'
export { redactedChange } from './journal/redact.ts'
export { DEFAULT_RETENTION } from './prune.ts'
export type { Retention } from './prune.ts'
export { mayBeReadBy } from './readers.ts'
export { excerptOf, searchQuery, wordsOf } from './search/index.ts'
export type { SearchQuery, SearchTerm } from './search/index.ts'
export { topicEvent } from './topics.ts'
export { silentLogger } from './logger.ts'
export type { StoreLogger } from './logger.ts'
export type { AuditLog, Blobs, Durability, EffectRowOf, JournalWrite, JournalWriter, Searchable, Store, TopicLog } from './types.ts'
export type {
  ApprovalRow,
  AuditRow,
  BlobRefRow,
  BlobRow,
  Database,
  EffectRow,
  GrantRow,
  IdempotencyRow,
  LinkRow,
  PersonRow,
  PlanRow,
  PlanVersionRow,
  PluginStateRow,
  PreviewRow,
  RunEventRow,
  RunRow,
  SessionRow,
  SettingRow,
  TokenRow,
  TopicEventRow,
  TryRow,
  WaitRow,
} from './schema.ts'
export type {
  AgentRow,
  AgentVersionRow,
  DecisionRow,
  McpServerRow,
  MessageRow,
  ModelCacheRow,
  ModelProviderRow,
  ModelQualificationRow,
  ModelUsageRow,
  PreferenceRow,
  ThreadRow,
} from './schema-assistant.ts'
export type { FileLabelRow, FolderLabelRow, PluginInstallRow, PluginSettingRow, SecretRow } from './schema-plugins.ts'
