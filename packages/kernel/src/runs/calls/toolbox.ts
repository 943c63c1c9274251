import type { EffectRecord, Labels, Need, ToolDescription } from '@life-os/contract'
import { needsOf } from '../../gate/index.ts'
import type { PluginCall, Plugins } from '../../plugins/index.ts'
import { wellFormed } from '../../schemas/index.ts'
import { redactedError, type Redactor } from '../../secrets/index.ts'

/** A tool of the kernel's own: it runs here, through the same gate, host services and journal as any other. */
export interface InnerTool {
  description: ToolDescription
  needs(input: unknown): Promise<Need[]>
  /** Labels of the effect records that it works from, which its input only names. */
  labels(input: unknown): Promise<Labels>
  run(call: PluginCall): Promise<unknown>
}

/** Every tool a plan can name, wherever it runs. */
export interface Toolbox {
  describe(id: string): ToolDescription | undefined
  needs(tool: ToolDescription, input: unknown): Promise<Need[]>
  /** Labels that a call brings beside those of its input. */
  labels(tool: ToolDescription, input: unknown): Promise<Labels>
  invoke(call: PluginCall): Promise<unknown>
  /** Asks the tool itself whether a call with external effects happened. */
  reconcile(
    tool: ToolDescription,
    call: Omit<PluginCall, 'tool' | 'method' | 'input'>,
    input: unknown,
    effects: EffectRecord[],
  ): Promise<{ applied: 'yes' | 'no' | 'unknown'; output?: unknown }>
}

/** Results and failures lose known values here, and what cannot be kept, before anything of a run sees them: what goes on is what is journaled. */
export function createToolbox(plugins: Plugins, innerTools: readonly InnerTool[], redactor: Redactor): Toolbox {
  const own = new Map(innerTools.map((tool) => [tool.description.id, tool]))
  const clean = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      (value) => redactor.value(wellFormed(value)),
      (error: unknown) => {
        throw redactedError(error, redactor)
      },
    )
  return {
    describe: (id) => own.get(id)?.description ?? plugins.tool(id),
    needs: async (tool, input) => own.get(tool.id)?.needs(input) ?? needsOf(tool, input, () => plugins.settingsOf(tool.plugin)),
    labels: async (tool, input) => own.get(tool.id)?.labels(input) ?? [],
    invoke: (call) => clean(own.get(call.tool)?.run(call) ?? plugins.call(call)),
    async reconcile(tool, call, input, effects) {
      const answer = await clean(plugins.call({ ...call, tool: tool.id, method: 'reconcile', input: { input, key: call.key, effects } }))
      return answer as { applied: 'yes' | 'no' | 'unknown'; output?: unknown } // the SDK checks what a plugin answers here
    },
  }
}
