import { McpServerConfig } from '@life-os/contract'
import type { Store } from '../store/index.ts'
import type { KnownTool, Serves } from './types.ts'

export interface Kept {
  config: McpServerConfig
  accepted: KnownTool[] | null
  /** As it said when it was accepted; null: not known. */
  serves: Serves | null
}

/** Servers as they are kept. A row that this version cannot read is left alone and not shown. */
export async function readRows({ db }: Store): Promise<Kept[]> {
  const rows = await db.selectFrom('mcp_servers').selectAll().orderBy('id').execute()
  return rows.flatMap((row) => {
    const config = McpServerConfig.safeParse(JSON.parse(row.config_json))
    if (!config.success) return []
    return [{ config: config.data, ...acceptedIn(row.accepted_json) }]
  })
}

/** Earlier versions kept the tools alone. */
function acceptedIn(text: string | null): Pick<Kept, 'accepted' | 'serves'> {
  const kept = text === null ? null : (JSON.parse(text) as KnownTool[] | { tools: KnownTool[]; serves: Serves | null }) // written below
  if (kept === null || Array.isArray(kept)) return { accepted: kept, serves: null }
  return { accepted: kept.tools, serves: kept.serves }
}

export async function writeRow(
  { db }: Store,
  { config, accepted, serves }: Kept,
  digest: string | null,
  by: string,
  at: number,
): Promise<void> {
  const row = {
    config_json: JSON.stringify(config),
    accepted_json: accepted && JSON.stringify({ tools: accepted, serves }),
    digest,
    at,
    by,
  }
  await db
    .insertInto('mcp_servers')
    .values({ id: config.id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

export async function removeRow({ db }: Store, id: string): Promise<void> {
  await db.deleteFrom('mcp_servers').where('id', '=', id).execute()
}
