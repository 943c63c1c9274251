import type { Actor, TrashItem } from '@life-os/contract'
import type { RunsContext } from './context.ts'
import { effectById } from './effects.ts'

/** Deletes what the trash keeps. Those effects become final. */
export async function emptyTrash(context: RunsContext, items: () => Promise<TrashItem[]>, actor: Actor): Promise<{ removed: number; bytes: number }> {
  const { store, host } = context.deps
  let bytes = 0
  const list = await items()
  for (const item of list) {
    const effect = await effectById(store, item.effect)
    if (!effect) continue
    bytes += await host.forget([effect])
    const change_json = JSON.stringify({ ...effect.change, reversal: 'none' })
    await store.db.updateTable('effects').set({ reversal: 'none', until: null, change_json }).where('id', '=', item.effect).execute()
  }
  await store.audit.append({ kind: 'setting', actor: actor.id, run: null, step: null, tool: null, verdict: null, rule: 'trash-emptied', data: { removed: list.length, bytes } })
  return { removed: list.length, bytes }
}

/** Puts removed things back: one undo run for each run that removed some of them. */
export async function restoreTrash(context: RunsContext, effects: readonly string[], undo: (run: string, chosen: string[]) => Promise<string>): Promise<{ runs: string[] }> {
  const byRun = new Map<string, string[]>()
  for (const id of effects) {
    const effect = await effectById(context.deps.store, id)
    if (effect) byRun.set(effect.run, [...(byRun.get(effect.run) ?? []), id])
  }
  const runs: string[] = []
  for (const [run, chosen] of byRun) runs.push(await undo(run, chosen))
  return { runs }
}
