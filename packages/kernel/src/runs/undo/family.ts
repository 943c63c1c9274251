import type { EffectRecord, PreviewWarning, Run } from '@life-os/contract'
import type { RunRow, Store } from '../../store/index.ts'
import { effectsOf } from '../record/effects.ts'
import type { LiveRun } from '../live.ts'
import type { ProgressColumn } from '../record/views.ts'

export type Descendant = Pick<RunRow, 'id' | 'state' | 'plan_name' | 'undone_by' | 'progress_json'>

/** Runs that a run started, and those that they started, oldest first. */
export async function descendantsOf({ db }: Pick<Store, 'db'>, id: string): Promise<Descendant[]> {
  const found = new Map<string, Descendant>()
  for (let above = [id]; above.length > 0;) {
    const rows = await db
      .selectFrom('runs')
      .select(['id', 'state', 'plan_name', 'undone_by', 'progress_json'])
      .where('parent', 'in', above)
      .orderBy('id')
      .execute()
    const fresh = rows.filter((row) => !found.has(row.id))
    for (const row of fresh) found.set(row.id, row)
    above = fresh.map((row) => row.id)
  }
  return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Effects of several runs as they came about, each run's own in its own order whatever clocks said. */
export async function effectsOfAll(store: Store, ids: readonly string[]): Promise<EffectRecord[]> {
  const lists = await Promise.all(ids.map(async (id) => (await effectsOf(store, id)).toReversed()))
  const merged: EffectRecord[] = []
  for (;;) {
    const next = lists
      .filter((list) => list.length > 0)
      .toSorted((a, b) => (a.at(-1)?.at ?? 0) - (b.at(-1)?.at ?? 0))[0]
      ?.pop()
    if (!next) return merged
    merged.push(next)
  }
}

/** A run's view with what its plans did that can be taken back with it. */
export async function withFamily(store: Store, run: Run): Promise<Run> {
  const family = (await descendantsOf(store, run.id)).filter((child) => child.undone_by === null)
  const counts = family.map((child) => JSON.parse(child.progress_json) as ProgressColumn) // written by runs
  const changing = counts.filter((one) => one.undoable + one.final > 0)
  if (changing.length === 0) return run
  const sum = (part: 'undoable' | 'final'): number => changing.reduce((total, one) => total + one[part], 0)
  const children = { runs: changing.length, effects: sum('undoable'), final: sum('final') }
  const untils = [run.undo.until, ...changing.map((one) => one.until)].filter((until) => until !== null)
  const possible = run.undo.possible || (run.undo.undoneBy === null && children.effects > 0)
  return { ...run, undo: { ...run.undo, possible, children, until: untils.length > 0 ? Math.min(...untils) : null } }
}

/** What an undo takes back beside the run's own changes, named before it is approved. */
export async function undoneWith(store: Store, live: LiveRun): Promise<PreviewWarning[]> {
  if (live.row.kind !== 'undo' || live.row.of === null) return []
  const { items = [] } = JSON.parse(live.row.inputs_json) as { items?: { effect: string }[] } // made by undoPlanFor
  const taken = new Set(items.map(({ effect }) => effect))
  const warnings: PreviewWarning[] = []
  for (const child of await descendantsOf(store, live.row.of)) {
    const count = (await effectsOf(store, child.id)).filter(({ id }) => taken.has(id)).length
    if (count === 0) continue
    const words = count === 1 ? '1 change' : `${count} changes`
    warnings.push({
      code: 'undo-children',
      message: `Also takes back what “${child.plan_name}” did, which this run had started: ${words}.`,
    })
  }
  return warnings
}
