import type { Change, EffectRecord, FileImage, Labels } from '@life-os/contract'
import type { EffectRow, Store } from '../store/index.ts'

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
    change: JSON.parse(row.change_json) as Change, // the host wrote these columns
    before: JSON.parse(row.before_json) as Record<string, FileImage | null>,
    after: row.after_json === null ? null : (JSON.parse(row.after_json) as Record<string, FileImage | null>),
    state: row.state as EffectRecord['state'],
    at: row.at,
    until: row.until,
    labels: JSON.parse(row.labels) as Labels[number][],
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
