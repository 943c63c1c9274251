import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { LifeOsError } from '@life-os/contract'
import type { Manifest } from '@life-os/contract'
import type { PluginV1, ToolDefinition } from '../../define.ts'
import { createHostClient, deedFault, describeTool, executeTool, toolError } from '../../tool/index.ts'
import type { OpenPlugin, PluginCall } from './types.ts'

/** Loads a plugin's source into this process: for our own plugins and an author's own tests, never for a stranger's. */
export async function openInProcess(folder: string, manifest: Manifest): Promise<OpenPlugin> {
  const module = (await import(pathToFileURL(path.join(folder, manifest.entry)).href)) as { default?: PluginV1 } // checked below
  const plugin = module.default
  if (plugin?.sdk !== 1 || !Array.isArray(plugin.tools))
    throw new LifeOsError('plugin-invalid', `${manifest.entry} must export definePlugin({ tools }) as its default.`)
  const definitions = new Map<string, ToolDefinition>(plugin.tools.map((tool) => [tool.id, tool]))
  return {
    tools: plugin.tools.map((tool) => describeTool(tool, { plugin: manifest.id, version: manifest.version })),
    async call(call) {
      const tool = definitions.get(call.tool)
      if (!tool) throw new LifeOsError('tool-unknown', `The code has no tool ${call.tool}.`)
      try {
        const output = await executeTool(tool, call.method, call.value, clientOf(tool, call))
        return JSON.parse(JSON.stringify(output ?? null)) as unknown // as it would cross the pipe
      } catch (thrown) {
        throw toolError(thrown, false)
      }
    },
  }
}

function clientOf(tool: ToolDefinition, { services, key, phase, method }: PluginCall) {
  const { signal } = new AbortController()
  const declared = method === 'reconcile' ? 'read' : tool.effect
  return createHostClient({
    ask: (service, args) => {
      const fault = deedFault(tool.id, declared, service, args)
      return fault ? Promise.reject(fault) : services.handle(service, args, signal)
    },
    log: () => undefined,
    progress: () => undefined,
    signal,
    key,
    phase,
  })
}
