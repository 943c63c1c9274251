import { LifeOsError, type StoredAgent } from '@life-os/contract'
import type { AgentRow, Store } from '../../store/index.ts'
import { agentIn, countVersions, shippedBy } from './rows.ts'
import type { Shipped } from './shipped.ts'

/** What stands for each id, by id. */
export interface Standing {
  all(): Promise<Map<string, StoredAgent>>
  /** @throws `agent-unknown` */
  need(id: string): Promise<StoredAgent>
}

export function createStanding(db: Store['db'], shipped: () => ReadonlyMap<string, Shipped>, startedAt: number): Standing {
  const all = async (): Promise<Map<string, StoredAgent>> => {
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
  return { all, need: async (id) => (await all()).get(id) ?? unknown(id) }
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

export function unknown(id: string): never {
  throw new LifeOsError(
    'agent-unknown',
    `There is no agent “${id}”. It may have gone with the plugin that brought it: install that again, or choose another (“lifeos agents”).`,
  )
}
