import { LifeOsError, type StoredAgent } from '@life-os/contract'
import type { AgentBook } from '../types.ts'
import { agentInvalid, checkAgent } from './read.ts'
import type { Room } from './room.ts'
import { agentIn, versionsOf } from './rows.ts'
import { contentOf } from './versions.ts'
import { write } from './write.ts'

/** Whatever changes an agent, one change after the other. */
export function createChanges(room: Room): Pick<AgentBook, 'save' | 'remove' | 'enable' | 'rollback'> {
  return {
    save: (agent, by) => room.inTurn(() => save(room, agent, by)),
    remove: (id, by) => room.inTurn(() => remove(room, id, by)),
    enable: (id, enabled, by) => room.inTurn(() => enable(room, id, enabled, by)),
    rollback: (id, version, by) => room.inTurn(() => rollback(room, id, version, by)),
  }
}

async function save(room: Room, agent: unknown, by: string): Promise<StoredAgent> {
  const read = checkAgent(agent)
  if (!read.ok) throw agentInvalid(read.faults)
  const stands = (await room.all()).get(read.agent.id)
  if (stands && contentOf(stands.agent) === contentOf(read.agent)) return stands
  return write(room, read.agent, by, 'agent-saved')
}

async function remove({ store, clock, need, told }: Room, id: string, by: string): Promise<void> {
  const stored = await need(id)
  if (stored.source === 'bundled' && !stored.changed)
    throw new LifeOsError(
      'agent-bundled',
      `“${id}” comes with the plugin ${stored.plugin} and is as it was shipped. Switch it off to be rid of it.`,
    )
  await store.transaction(async (tx) => {
    if (stored.changed) await tx.updateTable('agents').set({ agent_json: null, updated_at: clock.now() }).where('id', '=', id).execute()
    else {
      await tx.deleteFrom('agents').where('id', '=', id).execute()
      await tx.deleteFrom('agent_versions').where('id', '=', id).execute()
    }
  })
  await told(stored.changed ? 'agent-restored' : 'agent-removed', id, by)
}

async function enable({ store, clock, need, told }: Room, id: string, enabled: boolean, by: string): Promise<StoredAgent> {
  const stored = await need(id)
  if (stored.enabled === enabled) return stored
  const values = { enabled: enabled ? 1 : 0, updated_at: clock.now() }
  await store.db
    .insertInto('agents')
    .values({ id, version: stored.agent.version, agent_json: null, ...values })
    .onConflict((clash) => clash.column('id').doUpdateSet(values))
    .execute()
  await told(enabled ? 'agent-enabled' : 'agent-disabled', id, by)
  return need(id)
}

async function rollback(room: Room, id: string, version: string, by: string): Promise<StoredAgent> {
  const stands = await room.need(id)
  const ships = room.shipped().get(id)
  const row = (await versionsOf(room.store.db, id)).find((one) => one.version === version)
  const agent = row ? agentIn(row.agent_json) : ships?.agent.version === version ? ships.agent : null
  if (!agent) throw new LifeOsError('agent-version-unknown', `“${id}” has no version ${version}. See “lifeos agents versions ${id}”.`)
  return contentOf(agent) === contentOf(stands.agent) ? stands : write(room, agent, by, 'agent-rolled-back')
}
