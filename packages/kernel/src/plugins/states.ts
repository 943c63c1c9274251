import type { Store } from '../store/index.ts'

export type KeptState = 'disabled' | 'quarantined'
export interface KeptRow {
  state: KeptState
  reason: string | null
}

/** What a person or the quarantine decided about plugins, over restarts. */
export interface PluginStates {
  get(id: string): KeptRow | undefined
  set(id: string, row: KeptRow | null): Promise<void>
}

export async function createPluginStates(db: Store['db'], now: () => number): Promise<PluginStates> {
  const rows = await db.selectFrom('plugin_states').selectAll().execute()
  const kept = new Map<string, KeptRow>()
  for (const { id, state, reason } of rows) if (state === 'disabled' || state === 'quarantined') kept.set(id, { state, reason })
  return {
    get: (id) => kept.get(id),
    async set(id, row) {
      if (row) kept.set(id, row)
      else kept.delete(id)
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('plugin_states').where('id', '=', id).execute()
        if (row) await tx.insertInto('plugin_states').values({ id, state: row.state, reason: row.reason, at: now() }).execute()
      })
    },
  }
}
