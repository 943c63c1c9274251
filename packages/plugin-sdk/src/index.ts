export { definePlugin, defineTool } from './define.ts'
export type { PluginV1, ToolDefinition, ToolExample } from './define.ts'
export type {
  Command,
  CommandResult,
  EntryKind,
  FetchAnswer,
  FetchOptions,
  FileStat,
  HostBlobs,
  HostExec,
  HostFs,
  HostNet,
  HostSecrets,
  HostV1,
  ListOptions,
  SecretUse,
  Sniffed,
} from './host.ts'
export type { BrowserDone, BrowserPage, BrowserTarget, HostBrowser } from './host-browser.ts'
export type { HostModels, ModelTurn } from './host-models.ts'
export { LifeOsError } from '@life-os/contract'
export { SDK_VERSION } from './version.ts'
