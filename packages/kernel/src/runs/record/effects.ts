import type { EffectRecord } from '@life-os/contract'
import { fromColumn } from '../../store/index.ts'
import type { EffectRow, Store } from '../../store/index.ts'

export function effectFromRow(row: EffectRow): EffectRecord {
  return {
    id: row.id,
    run: row.run,
    path: row.path,
    try: row.try,
    seq: row.seq,
    plugin: row.plugin,
    pluginVersion: row.plugin_version,
    tool: row.tool,
    change: fromColumn(row.change_json),
    before: fromColumn(row.before_json),
    after: row.after_json === null ? null : fromColumn(row.after_json),
    state: row.state as EffectRecord['state'], // the column holds what runs wrote
    at: row.at,
    until: row.until,
    labels: fromColumn(row.labels),
  }
}

/** Effects of a run, oldest first, with all that is still on its way to the disk. */
export async function effectsOf(store: Store, run: string, path?: string): Promise<EffectRecord[]> {
  await store.journal.flush()
  let select = store.db.selectFrom('effects').selectAll().where('run', '=', run)
  if (path !== undefined) select = select.where('path', '=', path)
  return (await select.orderBy('seq').execute()).map(effectFromRow)
}

export async function effectById(store: Store, id: string): Promise<EffectRecord | null> {
  const row = await store.db.selectFrom('effects').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? effectFromRow(row) : null
}
