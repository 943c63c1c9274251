import type { EffectRecord, Need, ToolDescription } from '@life-os/contract'
import { needsOf } from '../gate/index.ts'
import type { PluginCall, Plugins } from '../plugins/index.ts'

/** A tool of the kernel's own: it runs here, through the same gate, host services and journal as any other. */
export interface InnerTool {
  description: ToolDescription
  needs(input: unknown): Promise<Need[]>
  run(call: PluginCall): Promise<unknown>
}

/** Every tool a plan can name, wherever it runs. */
export interface Toolbox {
  describe(id: string): ToolDescription | undefined
  needs(tool: ToolDescription, input: unknown): Promise<Need[]>
  invoke(call: PluginCall): Promise<unknown>
  /** Asks the tool itself whether a call with external effects happened. */
  reconcile(
    tool: ToolDescription,
    call: Omit<PluginCall, 'tool' | 'method' | 'input'>,
    input: unknown,
    effects: EffectRecord[],
  ): Promise<{ applied: 'yes' | 'no' | 'unknown'; output?: unknown }>
}

export function createToolbox(plugins: Plugins, innerTools: readonly InnerTool[]): Toolbox {
  const own = new Map(innerTools.map((tool) => [tool.description.id, tool]))
  return {
    describe: (id) => own.get(id)?.description ?? plugins.tool(id),
    needs: async (tool, input) => own.get(tool.id)?.needs(input) ?? needsOf(tool, input),
    invoke: (call) => own.get(call.tool)?.run(call) ?? plugins.call(call),
    async reconcile(tool, call, input, effects) {
      const answer = await plugins.call({ ...call, tool: tool.id, method: 'reconcile', input: { input, key: call.key, effects } })
      return answer as { applied: 'yes' | 'no' | 'unknown'; output?: unknown } // the SDK checks what a plugin answers here
    },
  }
}
