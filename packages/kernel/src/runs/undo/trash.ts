import type { Actor, EffectRecord, TrashItem } from '@life-os/contract'
import type { RunsContext } from '../context.ts'
import { effectById, effectFromRow } from '../record/effects.ts'

/** Deletes what the trash keeps. Those effects become final. */
export async function emptyTrash(
  context: RunsContext,
  items: () => Promise<TrashItem[]>,
  actor: Actor,
): Promise<{ removed: number; bytes: number }> {
  const { store } = context.deps
  let bytes = 0
  const list = await items()
  for (const item of list) {
    const effect = await effectById(store, item.effect)
    if (!effect) continue
    bytes += await makeFinal(context, effect)
  }
  await store.audit.append({
    kind: 'setting',
    actor: actor.id,
    run: null,
    step: null,
    tool: null,
    verdict: null,
    rule: 'trash-emptied',
    data: { removed: list.length, bytes },
  })
  return { removed: list.length, bytes }
}

/** Puts removed things back: one undo run for each run that removed some of them. */
export async function restoreTrash(
  context: RunsContext,
  effects: readonly string[],
  undo: (run: string, chosen: string[]) => Promise<string>,
): Promise<{ runs: string[] }> {
  const byRun = new Map<string, string[]>()
  for (const id of effects) {
    const effect = await effectById(context.deps.store, id)
    if (effect) byRun.set(effect.run, [...(byRun.get(effect.run) ?? []), id])
  }
  const runs: string[] = []
  for (const [run, chosen] of byRun) runs.push(await undo(run, chosen))
  return { runs }
}

/** Deletes what is kept for one effect's undo. From then on it is final, and says so. */
async function makeFinal(context: RunsContext, effect: EffectRecord): Promise<number> {
  const { store, host } = context.deps
  const bytes = await host.forget([effect])
  const change_json = JSON.stringify({ ...effect.change, reversal: 'none' })
  await store.db.updateTable('effects').set({ reversal: 'none', until: null, change_json }).where('id', '=', effect.id).execute()
  return bytes
}

/**
 * Keeps the promise "can be undone until …" and not longer: effects past their date become final, and while the trash holds
 * more than `limit` bytes its oldest items do. Answers what was freed.
 */
export async function forgetExpired(
  context: RunsContext,
  items: () => Promise<TrashItem[]>,
  limit: number,
): Promise<{ effects: number; bytes: number }> {
  const { store, clock } = context.deps
  const expired = await store.db
    .selectFrom('effects')
    .selectAll()
    .where('until', '<=', clock.now())
    .where('reversal', '=', 'exact')
    .where('state', 'in', ['finished', 'undone'])
    .execute()
  let bytes = 0
  for (const row of expired) bytes += await makeFinal(context, effectFromRow(row))
  const kept = await items()
  let held = kept.reduce((sum, item) => sum + item.size, 0)
  let effects = expired.length
  for (const item of kept.toReversed()) {
    if (held <= limit) break
    const effect = await effectById(store, item.effect)
    if (!effect) continue
    bytes += await makeFinal(context, effect)
    held -= item.size
    effects += 1
  }
  return { effects, bytes }
}
