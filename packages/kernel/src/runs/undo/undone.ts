import type { EffectRecord } from '@life-os/contract'
import type { RunsContext } from '../context.ts'
import { effectsOf } from '../record/effects.ts'
import type { LiveRun } from '../live.ts'
import { valueOf } from '../record/record.ts'

interface Item {
  effect: string
  how: string
}

/** After an undo run: marks what it took back. Undoing an undo run (a redo) makes the first run's effects stand again. Repeating is harmless. */
export async function markUndone(context: RunsContext, live: LiveRun): Promise<void> {
  const { store } = context.deps
  const items = itemsOf(live.row.inputs_json)
  const restored: { item: Item; index: number }[] = []
  for (const [index, item] of items.entries()) if (await wasRestored(context, live, index, item)) restored.push({ item, index })
  for (const { item } of restored) await store.db.updateTable('effects').set({ state: 'undone' }).where('id', '=', item.effect).execute()
  if (live.row.of === null) return
  const target = await store.db.selectFrom('runs').selectAll().where('id', '=', live.row.of).executeTakeFirst()
  if (!target) return
  if (restored.length > 0) await markRuns(context, live, target.id, restored)
  if (target.kind === 'undo' && target.of !== null) await standAgain(context, live, target.id, itemsOf(target.inputs_json), restored)
}

/** The run it is an undo of, and each plan of it of which it took something back. */
async function markRuns(context: RunsContext, live: LiveRun, target: string, restored: readonly { item: Item }[]): Promise<void> {
  const { db } = context.deps.store
  const runs = new Set([target])
  for (const { item } of restored) {
    const row = await db.selectFrom('effects').select('run').where('id', '=', item.effect).executeTakeFirst()
    if (row) runs.add(row.run)
  }
  await db
    .updateTable('runs')
    .set({ undone_by: live.id })
    .where('id', 'in', [...runs])
    .execute()
}

function itemsOf(inputs: string): Item[] {
  return (JSON.parse(inputs) as { items?: Item[] }).items ?? [] // made by undoPlanFor
}

async function wasRestored(context: RunsContext, live: LiveRun, index: number, item: Item): Promise<boolean> {
  const record = live.fold.steps.get(`back[${index}].${item.how}`)
  if (record?.state !== 'done' || !record.output) return false
  if (item.how !== 'restore') return true
  const output = (await valueOf(context.deps.store.blobs, record.output)) as { restored?: boolean } // the restore tool's output
  return output.restored === true
}

async function standAgain(
  context: RunsContext,
  live: LiveRun,
  undoRun: string,
  undoItems: readonly Item[],
  restored: readonly { item: Item; index: number }[],
): Promise<void> {
  const { store } = context.deps
  const ofUndo = new Map((await effectsOf(store, undoRun)).map((effect) => [effect.id, effect]))
  const mine = Map.groupBy(await effectsOf(store, live.id), (effect) => effect.path)
  for (const { item, index } of restored) {
    const original = undoItems[indexIn(ofUndo.get(item.effect))]?.effect
    if (original === undefined) continue
    const made = mine.get(`back[${index}].${item.how}`) ?? []
    await store.db
      .updateTable('effects')
      .set({ state: 'finished', ...imagesOf(made) })
      .where('id', '=', original)
      .execute()
  }
  await store.db.updateTable('runs').set({ undone_by: null }).where('undone_by', '=', undoRun).execute()
}

/**
 * As it stands now is as the redo left it: what was there before lies where the redo put it, and is kept as long. What a redo
 * made of several effects keeps its own images.
 */
function imagesOf(made: readonly EffectRecord[]): { before_json?: string; after_json?: string; until?: number | null } {
  const [only] = made
  if (!only?.after || made.length > 1) return {}
  return { before_json: JSON.stringify(only.before), after_json: JSON.stringify(only.after), until: only.until }
}

function indexIn(effect: EffectRecord | undefined): number {
  return Number(/^back\[(\d+)\]/.exec(effect?.path ?? '')?.[1] ?? -1)
}
