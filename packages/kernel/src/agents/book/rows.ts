import { Agent } from '@life-os/contract'
import type { Kysely } from 'kysely'
import type { AgentRow, AgentVersionRow, Database } from '../../store/index.ts'

/** `by` of the version that a plugin shipped, noted when a person first changes it. */
export const shippedBy = (plugin: string): string => `plugin:${plugin}`

export const rowOf = (db: Kysely<Database>, id: string): Promise<AgentRow | undefined> =>
  db.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst()

export const versionsOf = (db: Kysely<Database>, id: string): Promise<AgentVersionRow[]> =>
  db.selectFrom('agent_versions').selectAll().where('id', '=', id).execute()

/** Of every agent at once: how many versions are stored, and what plugin's agent it was before a person changed it. */
export async function countVersions(db: Kysely<Database>): Promise<Map<string, { count: number; from: string | null }>> {
  const rows = await db.selectFrom('agent_versions').select(['id', 'by']).execute()
  return new Map(
    [...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => [
      id,
      { count: own.length, from: own.find(({ by }) => by.startsWith('plugin:'))?.by ?? null },
    ]),
  )
}

/** Written by this module, so it parses; a field that a later version added gets its default. */
export const agentIn = (text: string): Agent => Agent.parse(JSON.parse(text))
