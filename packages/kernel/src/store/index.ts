export { openStore } from './open.ts'
export type { OpenStoreOptions } from './open.ts'
export { ownHome, socketPath } from './owner.ts'
export type { Ownership } from './owner.ts'
export { redactedChange } from './journal/redact.ts'
export { DEFAULT_RETENTION } from './prune.ts'
export type { Retention } from './prune.ts'
export { excerptOf, searchQuery, wordsOf } from './search/index.ts'
export type { SearchQuery, SearchTerm } from './search/index.ts'
export { topicEvent } from './topics.ts'
export type { StoreLogger } from './logger.ts'
export type { AuditLog, Blobs, Durability, EffectRowOf, JournalWrite, JournalWriter, Searchable, Store, TopicLog } from './types.ts'
export type {
  ApprovalRow,
  AuditRow,
  BlobRefRow,
  BlobRow,
  Database,
  EffectRow,
  FileLabelRow,
  FolderLabelRow,
  GrantRow,
  IdempotencyRow,
  LinkRow,
  PersonRow,
  PlanRow,
  PlanVersionRow,
  PluginInstallRow,
  PluginSettingRow,
  PluginStateRow,
  PreviewRow,
  RunEventRow,
  RunRow,
  SecretRow,
  SessionRow,
  SettingRow,
  TokenRow,
  TopicEventRow,
  TryRow,
  WaitRow,
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
} from './schema.ts'
