import type { Host, Lookup } from '../host/index.ts'
import type { Plugins } from '../plugins/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import type { Secrets } from '../secrets/index.ts'
import type { Store } from '../store/index.ts'
import { checkedConfig } from './check-config.ts'
import { pluginOf } from './describe.ts'
import { configInvalid, notAccepted, serverUnknown } from './faults.ts'
import { grantReading, revokeAll } from './grants.ts'
import type { ServerGrants } from './grants.ts'
import { digestOfTools } from './listing.ts'
import { readRows, removeRow, writeRow } from './rows.ts'
import { createServer } from './server.ts'
import type { ManagedServer } from './server.ts'
import type { Listing, Mcp, Serves } from './types.ts'

export interface McpDeps {
  store: Store
  sandbox: Sandbox
  secrets: Secrets
  host: Pick<Host, 'real'>
  /** The gate's, which itself asks for plugins' manifests. */
  grants(): ServerGrants
  now(): number
  sleep(milliseconds: number): Promise<void>
  lookup?: Lookup | undefined
}

/** Reads which servers a person set up. None is started before it is used. */
export async function createMcp(deps: McpDeps): Promise<Mcp> {
  const { store, sandbox, secrets } = deps
  const servers = new Map<string, ManagedServer>()
  const listeners = new Set<(plugin: string) => void>()
  const tell = (id: string) => listeners.forEach((listener) => listener(pluginOf(id)))
  const put = (
    { config, accepted, serves }: Pick<ManagedServer, 'config' | 'accepted'> & { serves: Serves | null },
    seen: Listing | null = null,
  ): ManagedServer => {
    const server = createServer(
      config,
      accepted,
      { ...deps, clean: (text) => secrets.redactor.text(text), changed: () => tell(config.id) },
      seen,
      serves,
    )
    servers.set(config.id, server)
    return server
  }
  const required = (id: string): ManagedServer => {
    const found = servers.get(id)
    if (!found) throw serverUnknown(id)
    return found
  }
  const byPlugin = (plugin: string): ManagedServer | undefined =>
    plugin.startsWith('mcp-') ? servers.get(plugin.slice('mcp-'.length)) : undefined
  const audit = (rule: string, by: string, data: Record<string, unknown>) =>
    store.audit.append({ kind: 'plugin', actor: by, run: null, step: null, tool: null, verdict: null, rule, data })
  for (const kept of await readRows(store)) put(kept)

  return {
    list: () => [...servers.values()].map((server) => server.view()),
    get: (id) => required(id).view(),
    async set(given, by) {
      const config = checkedConfig(given, store.home)
      if (config.transport.kind === 'stdio' && sandbox.isolation.level !== 'bubblewrap')
        throw configInvalid(
          `A server that runs here is shut in a box, and this machine has none: ${sandbox.isolation.reason ?? 'the reason is not known'}. ${sandbox.isolation.mend ?? ''}`.trim(),
        )
      const before = servers.get(config.id)
      const same = before !== undefined && JSON.stringify(before.config.transport) === JSON.stringify(config.transport)
      const accepted = same ? before.accepted : null
      const serves = same ? before.serves() : null
      await writeRow(store, { config, accepted: accepted && [...accepted], serves }, accepted && digestOfTools(accepted), by, deps.now())
      await audit('mcp-set', by, { server: config.id, transport: config.transport })
      await before?.stop()
      if (before && !same) await revokeAll(deps.grants(), config.id, by)
      const server = put({ config, accepted, serves })
      if (config.enabled) await server.look(by)
      tell(config.id)
      return server.view()
    },
    async accept(id, digest, by) {
      const before = required(id)
      const offered = before.offered()
      if (!offered) throw notAccepted(id, 'it was not reached yet. Reconnect it.')
      if (digestOfTools(offered) !== digest) throw notAccepted(id, 'they changed since they were shown.')
      await writeRow(store, { config: before.config, accepted: offered, serves: before.serves() }, digest, by, deps.now())
      await revokeAll(deps.grants(), id, by)
      await grantReading(deps.grants(), before.config, by)
      await audit('mcp-accepted', by, { server: id, digest, tools: offered.map(({ id: tool }) => tool) })
      await before.stop()
      const server = put({ config: before.config, accepted: offered, serves: before.serves() }, before.listing())
      tell(id)
      return server.view()
    },
    async remove(id, by) {
      await required(id).stop()
      servers.delete(id)
      await revokeAll(deps.grants(), id, by)
      await removeRow(store, id)
      await audit('mcp-removed', by, { server: id })
      tell(id)
    },
    async reconnect(id, by) {
      const server = required(id)
      server.forgive()
      await audit('mcp-reconnected', by, { server: id })
      await server.look(by)
      return server.view()
    },
    async enable(id, enabled) {
      const before = required(id)
      const config = { ...before.config, enabled }
      await before.stop()
      await writeRow(
        store,
        { config, accepted: before.accepted && [...before.accepted], serves: before.serves() },
        before.accepted && digestOfTools(before.accepted),
        'life-os',
        deps.now(),
      )
      put({ config, accepted: before.accepted, serves: before.serves() }, before.listing())
      tell(id)
    },
    has: (plugin) => byPlugin(plugin) !== undefined,
    plugins: {
      list: () => [...servers.values()].map((server) => server.plugin()),
      get: (plugin) => byPlugin(plugin)?.plugin(),
      tools: () => [...servers.values()].flatMap((server) => server.tools()),
      tool: (id) =>
        byPlugin(id.slice(0, id.indexOf('.')))
          ?.tools()
          .find((tool) => tool.id === id),
      digest: (plugin) => byPlugin(plugin)?.digest(),
      labels: (plugin) => byPlugin(plugin)?.labels() ?? [],
      taint: (plugin, labels) => byPlugin(plugin)?.taint(labels),
      log: (plugin, limit) => byPlugin(plugin)?.log(limit) ?? [],
      restart: async (plugin) => byPlugin(plugin)?.stop(),
      async call(call) {
        const server = byPlugin(call.tool.slice(0, call.tool.indexOf('.')))
        if (!server) throw serverUnknown(call.tool)
        return server.call(call)
      },
    } satisfies Pick<Plugins, 'list' | 'get' | 'tools' | 'tool' | 'digest' | 'labels' | 'taint' | 'log' | 'restart' | 'call'>,
    onChange(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...servers.values()].map((server) => server.stop()))
    },
  }
}
