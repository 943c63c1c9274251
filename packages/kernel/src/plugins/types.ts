import type { Approval, JsonSchema, Labels, Plugin, ToolDescription } from '@life-os/contract'
import type { HostServices } from '../host/types.ts'
import type { Asker, CallAccount } from '../models/types.ts'

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
  /** For the kernel's own tools: what they may spend of the run, and on whose behalf. */
  account?: CallAccount | undefined
  asker?: Asker | undefined
  onProgress?(note: { type: 'progress' | 'log' | 'text-delta'; data: Record<string, unknown> }): void
  /**
   * For servers behind tools: what one asks the person of the run. Null: nobody has answered yet. The call then ends with
   * `input-needed`, the run waits, and the call is made again, where the same question finds its answer. Absent: in previews.
   * Error: `questions-too-many`.
   */
  ask?(question: CallQuestion): Promise<CallAnswer | null>
}

/** A question in the middle of a call. Its words are a stranger's. */
export interface CallQuestion {
  /** The same each time the call comes to it: letters, digits and dashes. */
  key: string
  title: string
  message: string
  server: NonNullable<NonNullable<Approval['subject']>['server']>
  /** Schema of the answer, of our own making. */
  output: JsonSchema
}
export interface CallAnswer {
  answer: 'done' | 'refused' | 'expired'
  output: unknown
}

export type InstallSource =
  | { kind: 'folder'; path: string; watch: boolean }
  | { kind: 'archive'; file: string; name: string }
  | { kind: 'git'; url: string; ref: string | undefined }

/**
 * One commit of a repository that nobody trusts: its name, and its files as a tar archive. The address was checked to be
 * https, file, or http on this machine. Errors: `plugin-fetch-failed`.
 */
export type FetchGit = (address: { url: string; ref: string | undefined }) => Promise<{ commit: string; archive: Uint8Array }>

export interface Plugins {
  list(): Plugin[]
  get(id: string): Plugin | undefined
  tools(): ToolDescription[]
  tool(id: string): ToolDescription | undefined
  /** SHA-256 of manifest and code; frozen by runs. */
  digest(plugin: string): string | undefined
  /** Starts the process on first use. Errors: `tool-unknown`, `plugin-crashed` (applied unknown), `call-timeout`, `call-revoked`, `output-invalid`, or the tool's own. */
  call(call: PluginCall): Promise<unknown>
  /** Labels of all that the plugin's present process has served; empty when none runs. */
  labels(plugin: string): Labels
  /** Called by whoever ran a call, with its labels as they became: the process carries them from then on. */
  taint(plugin: string, labels: Labels): void
  /** Installs or updates, inert: builds it, runs nothing of it. The plugin then waits to be accepted. */
  install(source: InstallSource, by: string): Promise<Plugin>
  /** Accepts the waiting version named by its digest: asks its code for its tools in a box, checks that they agree, switches over without losing a call. */
  accept(id: string, digest: string, by: string): Promise<Plugin>
  reject(id: string, by: string): Promise<void>
  /** Fetches again from where it came. */
  update(id: string, by: string): Promise<Plugin>
  /** Goes back to the version before the accepted one, with the permissions accepted then, and enables it. The one it leaves is dropped: to have it again, install it again. */
  rollback(id: string, by: string): Promise<Plugin>
  /** `data`: its settings too. Bundled plugins cannot be removed, only disabled. */
  remove(id: string, by: string, data: boolean): Promise<void>
  /** A new process first, then the old one drained. Labels fall. */
  restart(id: string): Promise<void>
  settings(id: string): Promise<{ schema: JsonSchema | null; values: Record<string, unknown> }>
  /** The values alone, with defaults; empty for an unknown plugin. For the host and the gate, at every call. */
  settingsOf(id: string): Record<string, unknown>
  /** Checked against the manifest's schema. Error: `settings-invalid` with the fields. */
  setSettings(id: string, values: Record<string, unknown>, by: string): Promise<Record<string, unknown>>
  log(id: string, limit: number): { at: number; level: string; text: string }[]
  /** Tools or plugins came, went or changed. */
  onChange(listener: (plugin: string) => void): Disposable
  enable(id: string): Promise<void>
  disable(id: string): Promise<void>
  /** Plans shipped in plugins' `src/plans/*.yaml`: their texts. `stranger`: the plugin did not come with Life-OS. */
  plans(): { plugin: string; file: string; text: string; stranger?: true }[]
  /** Agents shipped in plugins' `src/agents/*.yaml`: their texts. */
  agents(): { plugin: string; file: string; text: string; stranger?: true }[]
  [Symbol.asyncDispose](): Promise<void>
}
