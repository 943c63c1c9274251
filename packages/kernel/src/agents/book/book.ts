import { LifeOsError } from '@life-os/contract'
import type { Agent, StoredAgent } from '@life-os/contract'
import semver from 'semver'
import type { Events } from '../../events/index.ts'
import type { Plugins } from '../../plugins/types.ts'
import type { AgentRow, Store } from '../../store/index.ts'
import type { AgentBook } from '../types.ts'
import { missingOf, names, permissionsOf } from './powers.ts'
import { agentInvalid, checkAgent } from './read.ts'
import { agentIn, countVersions, rowOf, shippedBy, versionsOf } from './rows.ts'
import { createShipped } from './shipped.ts'
import type { Shipped } from './shipped.ts'
import { statisticsOf } from './statistics.ts'
import { contentOf, raised } from './versions.ts'

export interface AgentBookDependencies {
  store: Pick<Store, 'db' | 'transaction' | 'audit' | 'journal'>
  plugins: Pick<Plugins, 'agents' | 'tools' | 'get'>
  events: Pick<Events, 'publish'>
  clock: { now(): number }
}

/** See {@link AgentBook}. Each change stands in the audit record and is told as `agent.changed`. */
export function createAgentBook({ store, plugins, events, clock }: AgentBookDependencies): AgentBook {
  const { db } = store
  const shipped = createShipped(plugins)
  const startedAt = clock.now()
  let turn: Promise<unknown> = Promise.resolve() // changes come one after the other, so that no two make one version

  const everything = async (): Promise<Map<string, StoredAgent>> => {
    const ships = shipped()
    const rows = new Map((await db.selectFrom('agents').selectAll().execute()).map((row) => [row.id, row]))
    const counts = await countVersions(db)
    const ids = [...new Set([...ships.keys(), ...rows.keys()])].toSorted()
    return new Map(
      ids.flatMap((id) => {
        const stored = standing({ row: rows.get(id), ships: ships.get(id), known: counts.get(id), startedAt })
        return stored ? [[id, stored] as const] : []
      }),
    )
  }
  const need = async (id: string): Promise<StoredAgent> => (await everything()).get(id) ?? unknown(id)
  const told = async (rule: string, id: string, by: string, version?: string): Promise<void> => {
    const data = { agent: id, ...(version !== undefined && { version }) }
    await store.audit.append({ kind: 'setting', actor: by, run: null, step: null, tool: null, verdict: null, rule, data })
    await events.publish('agent.changed', { agent: id })
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  /** A changed agent as a new version; of a bundled one what was shipped is kept as the version before. */
  const write = async (given: Agent, by: string, rule: string): Promise<StoredAgent> => {
    const at = clock.now()
    const ships = shipped().get(given.id)
    const row = await rowOf(db, given.id)
    const before = await versionsOf(db, given.id)
    const version = raised(given.version, [...before.map((one) => one.version), ...(ships ? [ships.agent.version] : [])])
    const agent_json = JSON.stringify({ ...given, version })
    await store.transaction(async (tx) => {
      const versions = tx.insertInto('agent_versions')
      if (ships && !row?.agent_json) {
        const base = {
          id: given.id,
          version: ships.agent.version,
          agent_json: JSON.stringify(ships.agent),
          at: startedAt,
          by: shippedBy(ships.plugin),
        }
        await versions
          .values(base)
          .onConflict((clash) => clash.columns(['id', 'version']).doNothing())
          .execute()
      }
      await versions.values({ id: given.id, version, agent_json, at, by }).execute()
      const values = { version, agent_json, updated_at: at }
      await tx
        .insertInto('agents')
        .values({ id: given.id, enabled: 1, ...values })
        .onConflict((clash) => clash.column('id').doUpdateSet(values))
        .execute()
    })
    await told(rule, given.id, by, version)
    return need(given.id)
  }

  return {
    list: async () => [...(await everything()).values()],
    async find(id) {
      const stored = (await everything()).get(id)
      return stored?.enabled ? stored.agent : null
    },
    async get(id) {
      const all = await everything()
      const stored = all.get(id) ?? unknown(id)
      const tools = plugins.tools()
      const toolList = tools.filter((tool) => names(stored.agent, tool))
      const permissions = permissionsOf(stored.agent, toolList, (plugin) => plugins.get(plugin)?.manifest)
      return { ...stored, toolList, permissions, missing: missingOf(stored.agent, tools, new Set(all.keys())) }
    },
    save: (agent, by) =>
      inTurn(async () => {
        const read = checkAgent(agent)
        if (!read.ok) throw agentInvalid(read.faults)
        const stands = (await everything()).get(read.agent.id)
        if (stands && contentOf(stands.agent) === contentOf(read.agent)) return stands
        return write(read.agent, by, 'agent-saved')
      }),
    remove: (id, by) =>
      inTurn(async () => {
        const stored = await need(id)
        if (stored.source === 'bundled' && !stored.changed)
          throw new LifeOsError(
            'agent-bundled',
            `“${id}” comes with the plugin ${stored.plugin} and is as it was shipped. Switch it off to be rid of it.`,
          )
        await store.transaction(async (tx) => {
          if (stored.changed)
            await tx.updateTable('agents').set({ agent_json: null, updated_at: clock.now() }).where('id', '=', id).execute()
          else {
            await tx.deleteFrom('agents').where('id', '=', id).execute()
            await tx.deleteFrom('agent_versions').where('id', '=', id).execute()
          }
        })
        await told(stored.changed ? 'agent-restored' : 'agent-removed', id, by)
      }),
    enable: (id, enabled, by) =>
      inTurn(async () => {
        const stored = await need(id)
        if (stored.enabled === enabled) return stored
        const values = { enabled: enabled ? 1 : 0, updated_at: clock.now() }
        await db
          .insertInto('agents')
          .values({ id, version: stored.agent.version, agent_json: null, ...values })
          .onConflict((clash) => clash.column('id').doUpdateSet(values))
          .execute()
        await told(enabled ? 'agent-enabled' : 'agent-disabled', id, by)
        return need(id)
      }),
    async versions(id) {
      const stored = await need(id)
      const rows = (await versionsOf(db, id)).map(({ version, at, by, agent_json }) => ({ version, at, by, agent: agentIn(agent_json) }))
      const ships = stored.source === 'bundled' ? shipped().get(id) : undefined
      if (ships && !rows.some(({ version }) => version === ships.agent.version))
        rows.push({ version: ships.agent.version, at: startedAt, by: shippedBy(ships.plugin), agent: ships.agent })
      return rows.toSorted((a, b) => semver.rcompare(a.version, b.version))
    },
    rollback: (id, version, by) =>
      inTurn(async () => {
        const stands = await need(id)
        const ships = shipped().get(id)
        const row = (await versionsOf(db, id)).find((one) => one.version === version)
        const agent = row ? agentIn(row.agent_json) : ships?.agent.version === version ? ships.agent : null
        if (!agent) throw new LifeOsError('agent-version-unknown', `“${id}” has no version ${version}. See “lifeos agents versions ${id}”.`)
        return contentOf(agent) === contentOf(stands.agent) ? stands : write(agent, by, 'agent-rolled-back')
      }),
    async statistics(id) {
      await need(id)
      return statisticsOf(store, id)
    },
  }
}

interface Facts {
  row: AgentRow | undefined
  ships: Shipped | undefined
  known: { count: number; from: string | null } | undefined
  startedAt: number
}

/** What stands for an id: a person's version where there is one, else what ships. */
function standing({ row, ships, known, startedAt }: Facts): StoredAgent | null {
  const enabled = row ? row.enabled === 1 : true
  if (row?.agent_json) {
    const changed = ships !== undefined && known?.from === shippedBy(ships.plugin)
    const origin = changed ? ({ source: 'bundled', plugin: ships.plugin } as const) : ({ source: 'own', plugin: null } as const)
    return { agent: agentIn(row.agent_json), ...origin, changed, enabled, versions: known?.count ?? 1, updatedAt: row.updated_at }
  }
  if (!ships) return null
  const { agent, plugin } = ships
  return {
    agent,
    source: 'bundled',
    plugin,
    changed: false,
    enabled,
    versions: Math.max(1, known?.count ?? 1),
    updatedAt: row?.updated_at ?? startedAt,
  }
}

function unknown(id: string): never {
  throw new LifeOsError(
    'agent-unknown',
    `There is no agent “${id}”. It may have gone with the plugin that brought it: install that again, or choose another (“lifeos agents”).`,
  )
}
