import { LifeOsError } from '@life-os/contract'
import type { Plugins } from '../plugins/index.ts'
import type { Mcp } from './types.ts'

/** Plugins and MCP servers behind one door: whoever asks for a tool by its id need not know where it runs. */
export function withMcp(plugins: Plugins, mcp: Mcp): Plugins {
  const server = (plugin: string): string => plugin.slice('mcp-'.length)
  const refuse = (id: string): void => {
    if (mcp.has(id))
      throw new LifeOsError('plugin-is-mcp', `${id} is an MCP server. Manage it with “lifeos mcp servers”.`, { applied: 'no' })
  }
  const of = (plugin: string): Pick<Plugins, 'labels' | 'taint' | 'log' | 'restart' | 'digest'> => (mcp.has(plugin) ? mcp.plugins : plugins)
  return {
    list: () => [...plugins.list(), ...mcp.plugins.list()],
    get: (id) => (mcp.has(id) ? mcp.plugins.get(id) : plugins.get(id)),
    tools: () => [...plugins.tools(), ...mcp.plugins.tools()],
    tool: (id) => (mcp.has(id.split('.')[0] ?? '') ? mcp.plugins.tool(id) : plugins.tool(id)),
    digest: (id) => of(id).digest(id),
    call: (call) => (mcp.has(call.tool.split('.')[0] ?? '') ? mcp.plugins.call(call) : plugins.call(call)),
    labels: (id) => of(id).labels(id),
    taint: (id, labels) => of(id).taint(id, labels),
    restart: (id) => of(id).restart(id),
    log: (id, limit) => of(id).log(id, limit),
    install: (source, by) => plugins.install(source, by),
    async accept(id, digest, by) {
      refuse(id)
      return plugins.accept(id, digest, by)
    },
    async reject(id, by) {
      refuse(id)
      return plugins.reject(id, by)
    },
    async update(id, by) {
      refuse(id)
      return plugins.update(id, by)
    },
    async rollback(id, by) {
      refuse(id)
      return plugins.rollback(id, by)
    },
    async remove(id, by, data) {
      if (mcp.has(id)) return mcp.remove(server(id), by)
      return plugins.remove(id, by, data)
    },
    settings: async (id) => (mcp.has(id) ? { schema: null, values: {} } : plugins.settings(id)),
    settingsOf: (id) => (mcp.has(id) ? {} : plugins.settingsOf(id)),
    async setSettings(id, values, by) {
      refuse(id)
      return plugins.setSettings(id, values, by)
    },
    enable: (id) => (mcp.has(id) ? mcp.enable(server(id), true) : plugins.enable(id)),
    disable: (id) => (mcp.has(id) ? mcp.enable(server(id), false) : plugins.disable(id)),
    plans: () => plugins.plans(),
    agents: () => plugins.agents?.() ?? [],
    onChange(listener) {
      const one = plugins.onChange(listener)
      const other = mcp.onChange(listener)
      return {
        [Symbol.dispose]() {
          one[Symbol.dispose]()
          other[Symbol.dispose]()
        },
      }
    },
    [Symbol.asyncDispose]: () => plugins[Symbol.asyncDispose](),
  }
}
