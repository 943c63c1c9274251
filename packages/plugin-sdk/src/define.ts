import type { z } from 'zod'
import type { Applied, Effect, EffectRecord, Lane, Needs, Reversal, Risk } from '@life-os/contract'
import type { HostV1 } from './host.ts'

export interface ToolExample<Input, Output> {
  title?: string
  input: Input
  /** What the answer holds at least; the contract suite compares these fields. */
  output?: Output
}

/** One thing that can be done. Preview and undo come from the host; only tools with external effects add `compensate` and `reconcile`. */
export interface ToolDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  id: string
  title: string
  description: string
  input: Input
  output: Output
  /** The most it may do. */
  effect: Effect
  /** Default: `exact` for `write`, `none` for `external`, irrelevant for `read`. */
  reversal?: Reversal
  risk?: Risk
  /** Running it twice with one key does no more than once. Default: true for `read`, else false. */
  idempotent?: boolean
  /** Permission kind to input paths (`from`, `items.path`) or `${{ CEL over input }}`. */
  needs?: Needs
  lane?: Lane
  examples?: ToolExample<z.input<Input>, Partial<z.output<Output>>>[]
  run(input: z.output<Input>, host: HostV1): Promise<z.input<Output>>
  compensate?(output: z.output<Output>, input: z.output<Input>, host: HostV1): Promise<void>
  reconcile?(
    input: z.output<Input>,
    key: string,
    effects: EffectRecord[],
    host: HostV1,
  ): Promise<{ applied: Applied; output?: z.input<Output> }>
}

/** What `definePlugin` returns; `sdk` is the interface version the plugin speaks. */
export interface PluginV1 {
  sdk: 1
  tools: readonly ToolDefinition[]
  start?(): Promise<void>
  health?(): Promise<{ ok: boolean; message?: string }>
  stop?(): Promise<void>
}

/** Types a tool from its schemas. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(tool: ToolDefinition<Input, Output>): ToolDefinition {
  return tool as unknown as ToolDefinition // erases the schemas' types; the runtime parses with them
}

export function definePlugin(plugin: Omit<PluginV1, 'sdk'>): PluginV1 {
  return { sdk: 1, ...plugin }
}
