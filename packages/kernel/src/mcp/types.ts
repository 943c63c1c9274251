import type { McpServer, McpServerConfig } from '@life-os/contract'
import type { CallQuestion, PluginCall, Plugins } from '../plugins/index.ts'

/** Servers of the Model Context Protocol that a person set up, each treated like a stranger's plugin `mcp-<id>`. */
export interface Mcp extends AsyncDisposable {
  list(): McpServer[]
  /** Error: `mcp-server-unknown`. */
  get(id: string): McpServer
  /**
   * Keeps a server and connects once to see its tools, which then wait to be accepted. A change of what it is or may touch
   * takes an acceptance back. Errors: `mcp-config-invalid`, `sandbox-missing`.
   */
  set(config: McpServerConfig, by: string): Promise<McpServer>
  /** Accepts its tools as they were shown under this digest. Errors: `mcp-changed`, `mcp-server-unknown`. */
  accept(id: string, digest: string, by: string): Promise<McpServer>
  remove(id: string, by: string): Promise<void>
  /** Ends what runs, forgets failures, connects anew and looks at the tools. */
  reconnect(id: string, by: string): Promise<McpServer>
  enable(id: string, enabled: boolean): Promise<void>
  /** As plugins are asked. Undefined for what is no server of ours. */
  readonly plugins: Pick<Plugins, 'get' | 'list' | 'tools' | 'tool' | 'digest' | 'labels' | 'taint' | 'log' | 'restart' | 'call'>
  has(plugin: string): boolean
  onChange(listener: (plugin: string) => void): Disposable
}

export type McpCall = PluginCall
export type { CallQuestion }

/** A tool as a server lists it, cut to size. */
export interface ListedTool {
  name: string
  title: string
  description: string
  input: Record<string, unknown>
  output: Record<string, unknown> | null
  /** The server's own claims. */
  readOnly: boolean
  destructive: boolean
  idempotent: boolean
}
/** A tool with the id that it has here, kept while it is called the same. */
export interface KnownTool extends ListedTool {
  id: string
}
/** Whether it serves any beside its tools. */
export interface Serves {
  resources: boolean
  prompts: boolean
}
/** What a server says of itself when it is asked. */
export interface Listing {
  serves: Serves
  server: { name: string; version: string; protocol: string }
  tools: ListedTool[]
  resources: { uri: string; name: string; mime: string | null }[]
  prompts: { name: string; description: string; arguments: { name: string; required: boolean }[] }[]
}
