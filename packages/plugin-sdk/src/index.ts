export { definePlugin, defineTool } from './define.ts'
export type { PluginV1, ToolDefinition, ToolExample } from './define.ts'
export type { EntryKind, FetchAnswer, FetchOptions, FileStat, HostBlobs, HostFs, HostNet, HostV1, ListOptions, Sniffed } from './host.ts'
export { LifeOsError } from '@life-os/contract'
