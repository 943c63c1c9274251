import { McpServerConfig } from '@life-os/contract'
import type { Store } from '../store/index.ts'
import type { KnownTool } from './types.ts'

export interface Kept {
  config: McpServerConfig
  accepted: KnownTool[] | null
}

/** Servers as they are kept. A row that this version cannot read is left alone and not shown. */
export async function readRows({ db }: Store): Promise<Kept[]> {
  const rows = await db.selectFrom('mcp_servers').selectAll().orderBy('id').execute()
  return rows.flatMap((row) => {
    const config = McpServerConfig.safeParse(JSON.parse(row.config_json))
    if (!config.success) return []
    return [{ config: config.data, accepted: row.accepted_json === null ? null : (JSON.parse(row.accepted_json) as KnownTool[]) }] // written below
  })
}

export async function writeRow({ db }: Store, { config, accepted }: Kept, digest: string | null, by: string, at: number): Promise<void> {
  const row = { config_json: JSON.stringify(config), accepted_json: accepted && JSON.stringify(accepted), digest, at, by }
  await db
    .insertInto('mcp_servers')
    .values({ id: config.id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

export async function removeRow({ db }: Store, id: string): Promise<void> {
  await db.deleteFrom('mcp_servers').where('id', '=', id).execute()
}
