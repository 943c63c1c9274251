import type { AgentVersion } from '@life-os/contract'
import semver from 'semver'
import type { AgentBook } from '../types.ts'
import { createChanges } from './changes.ts'
import { missingOf, names, permissionsOf } from './powers.ts'
import { createRoom, type AgentBookDependencies, type Room } from './room.ts'
import { agentIn, shippedBy, versionsOf } from './rows.ts'
import { unknown } from './standing.ts'
import { statisticsOf } from './statistics.ts'

export type { AgentBookDependencies } from './room.ts'

/** See {@link AgentBook}. Each change stands in the audit record and is told as `agent.changed`. */
export function createAgentBook(deps: AgentBookDependencies): AgentBook {
  const room = createRoom(deps)
  const { plugins, store } = deps
  return {
    ...createChanges(room),
    list: async () => [...(await room.all()).values()],
    async find(id) {
      const stored = (await room.all()).get(id)
      return stored?.enabled ? stored.agent : null
    },
    async get(id) {
      const all = await room.all()
      const stored = all.get(id) ?? unknown(id)
      const tools = plugins.tools()
      const toolList = tools.filter((tool) => names(stored.agent, tool))
      const permissions = permissionsOf(stored.agent, toolList, (plugin) => plugins.get(plugin)?.manifest)
      return { ...stored, toolList, permissions, missing: missingOf(stored.agent, tools, new Set(all.keys())) }
    },
    versions: (id) => versions(room, id),
    async statistics(id) {
      await room.need(id)
      return statisticsOf(store, id)
    },
  }
}

async function versions({ store, shipped, startedAt, need }: Room, id: string): Promise<AgentVersion[]> {
  const stored = await need(id)
  const rows = (await versionsOf(store.db, id)).map(({ version, at, by, agent_json }) => ({ version, at, by, agent: agentIn(agent_json) }))
  const ships = stored.source === 'bundled' ? shipped().get(id) : undefined
  if (ships && !rows.some(({ version }) => version === ships.agent.version))
    rows.push({ version: ships.agent.version, at: startedAt, by: shippedBy(ships.plugin), agent: ships.agent })
  return rows.toSorted((a, b) => semver.rcompare(a.version, b.version))
}
