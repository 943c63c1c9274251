import type { Labels, Plugin, ToolDescription } from '@life-os/contract'
import type { HostServices } from '../host/types.ts'

/** One call into a plugin's process. The result is what the tool returned, parsed by its output schema inside the plugin and again as JSON here. */
export interface PluginCall {
  tool: string
  method: 'run' | 'compensate' | 'reconcile'
  /** `run`: input; `compensate`: { output, input }; `reconcile`: { input, key, effects }. */
  input: unknown
  key: string
  phase: 'preview' | 'run'
  services: HostServices
  signal: AbortSignal
  /** Milliseconds; after it the call is revoked and fails with `call-timeout`. */
  timeout: number
  labels: Labels
  onProgress?(note: { type: 'progress' | 'log' | 'text-delta'; data: Record<string, unknown> }): void
}

export interface Plugins {
  list(): Plugin[]
  get(id: string): Plugin | undefined
  tools(): ToolDescription[]
  tool(id: string): ToolDescription | undefined
  /** SHA-256 of manifest and code; frozen by runs. */
  digest(plugin: string): string | undefined
  /** Starts the process on first use. Errors: `tool-unknown`, `plugin-crashed` (applied unknown), `call-timeout`, `call-revoked`, `output-invalid`, or the tool's own. */
  call(call: PluginCall): Promise<unknown>
  enable(id: string): Promise<void>
  disable(id: string): Promise<void>
  /** Plans shipped in plugins' `src/plans/*.yaml`: their texts. */
  plans(): { plugin: string; file: string; text: string }[]
  [Symbol.asyncDispose](): Promise<void>
}
