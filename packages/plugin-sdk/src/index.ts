export { definePlugin, defineTool } from './define.ts'
export type { PluginV1, ToolDefinition, ToolExample } from './define.ts'
export type {
  BrowserDone,
  BrowserPage,
  BrowserTarget,
  Command,
  CommandResult,
  EntryKind,
  FetchAnswer,
  FetchOptions,
  FileStat,
  HostBlobs,
  HostBrowser,
  HostExec,
  HostFs,
  HostNet,
  HostSecrets,
  HostV1,
  ListOptions,
  SecretUse,
  Sniffed,
} from './host.ts'
export { LifeOsError } from '@life-os/contract'
export { SDK_VERSION } from './version.ts'
