import type { Agent, StoredAgent } from '@life-os/contract'
import type { Room } from './room.ts'
import { rowOf, shippedBy, versionsOf } from './rows.ts'
import { raised } from './versions.ts'

/** A changed agent as a new version; of a bundled one what was shipped is kept as the version before. */
export async function write(room: Room, given: Agent, by: string, rule: string): Promise<StoredAgent> {
  const { store } = room
  const at = room.clock.now()
  const ships = room.shipped().get(given.id)
  const row = await rowOf(store.db, given.id)
  const before = await versionsOf(store.db, given.id)
  const version = raised(given.version, [...before.map((one) => one.version), ...(ships ? [ships.agent.version] : [])])
  const agent_json = JSON.stringify({ ...given, version })
  await store.transaction(async (tx) => {
    const versions = tx.insertInto('agent_versions')
    if (ships && !row?.agent_json) {
      const { agent, plugin } = ships
      await versions
        .values({ id: given.id, version: agent.version, agent_json: JSON.stringify(agent), at: room.startedAt, by: shippedBy(plugin) })
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
  await room.told(rule, given.id, by, version)
  return room.need(given.id)
}
