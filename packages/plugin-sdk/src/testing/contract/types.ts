import type { Manifest, ToolDescription } from '@life-os/contract'
import type { Method } from '../../tool/index.ts'
import type { ProbeReport } from '../probe.ts'
import type { CreateTestHost, TestHost } from '../test-host.ts'

/** One thing that every plugin must satisfy. `run` answers what to mend, as sentences; nothing when it is satisfied. */
export interface ContractCheck {
  readonly name: string
  /** The tool it is about, or null for the whole plugin. */
  readonly tool: string | null
  run(): Promise<string[]>
}

export interface PluginCall {
  tool: string
  method: Method
  value: unknown
  phase: 'preview' | 'run'
  key: string
  services: Pick<TestHost, 'handle'>
}

/** A plugin whose code runs: in this process for plugins that are trusted, in one of its own for others. */
export interface OpenPlugin {
  /** As its code registers them. */
  readonly tools: readonly ToolDescription[]
  /** Answers JSON, or rejects with a LifeOsError. */
  call(call: PluginCall): Promise<unknown>
}

export interface ContractOptions {
  createTestHost: CreateTestHost
  /** Starts the plugin of a folder; asked once for each folder, when the first check needs it. Whoever gives it ends it. */
  open(folder: string, manifest: Manifest): Promise<OpenPlugin>
  /** Loads and unloads the plugin in a process of its own. */
  probe(folder: string, manifest: Manifest): Promise<ProbeReport>
  /** The folder of the version before. */
  against?: string | undefined
}

/** What the checks of a tool work with. */
export interface Subject {
  readonly folder: string
  readonly manifest: Manifest
  readonly options: ContractOptions
  /** The started plugin; the same one every time. */
  plugin(): Promise<OpenPlugin>
  /** Services that a tool asked for in the previews of its examples, once all of them went well. */
  readonly previewed: Map<string, ReadonlySet<string>>
}
