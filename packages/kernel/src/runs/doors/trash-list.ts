import { sql } from 'kysely'
import type { Page, PageQuery, TrashItem } from '@life-os/contract'
import { mayBeReadBy } from '../../store/index.ts'
import type { Store } from '../../store/index.ts'
import { placeOf } from '../record/change-key.ts'
import { effectFromRow } from '../record/effects.ts'

export async function pageOfTrash(store: Store, query: PageQuery, reader?: string): Promise<Page<TrashItem> & { bytes: number }> {
  const items = await trashItems(store, reader)
  const start = Number(query.cursor ?? 0)
  return {
    items: items.slice(start, start + query.limit),
    next: start + query.limit < items.length ? String(start + query.limit) : null,
    total: items.length,
    bytes: items.reduce((sum, item) => sum + item.size, 0),
  }
}

/** What can be brought back, newest first. `reader`: without what others' conversations removed. */
export async function trashItems(store: Store, reader?: string): Promise<TrashItem[]> {
  await store.journal.flush()
  const rows = await store.db
    .selectFrom('effects')
    .selectAll()
    .where('state', '=', 'finished')
    .where('reversal', '=', 'exact')
    .where('change_json', 'like', '%"file-remove"%')
    .$if(reader !== undefined, (of) => of.where(mayBeReadBy(reader ?? '', sql.ref('effects.run'))))
    .orderBy('at', 'desc')
    .execute()
  return rows
    .map(effectFromRow)
    .filter((effect) => effect.change.kind === 'file-remove')
    .map((effect) => {
      const path = placeOf(effect.change)
      const image = effect.before[path]
      return {
        effect: effect.id,
        run: effect.run,
        path,
        size: effect.change.bytes ?? image?.size ?? 0,
        kind: image?.kind ?? 'file',
        at: effect.at,
        until: effect.until,
      }
    })
}
