import {
  LifeOsError,
  type Change,
  type EffectRecord,
  type JournalEntry,
  type Page,
  type PageQuery,
  type Plan,
  type PlanStatistics,
  type PreviewChange,
  type Recorded,
  type Run,
  type RunStep,
} from '@life-os/contract'
import { nothingKnown } from '../../secrets/index.ts'
import { fromColumn } from '../../store/index.ts'
import type { RunRow } from '../../store/index.ts'
import { withFamily } from '../undo/family.ts'
import { changeKey, placeOf } from '../record/change-key.ts'
import type { RunsContext } from '../context.ts'
import { effectsOf } from '../record/effects.ts'
import type { Engine } from '../drive/engine.ts'
import { foldOf, type RunFold } from '../record/fold.ts'
import type { Frozen, RunOptions } from '../live.ts'
import { valueOf } from '../record/record.ts'
import type { ChangeWithState, RunQuery } from '../types.ts'
import { VIEWED, runView, stepView } from '../record/views.ts'
import { createTotals } from './totals.ts'
import { pageOfTrash, trashItems } from './trash-list.ts'

export type Queries = ReturnType<typeof createQueries>

/** Everything that is asked about runs and changes nothing. */
export function createQueries(context: RunsContext, engine: Engine) {
  const { store, gate } = context.deps
  const { db } = store
  const totals = createTotals(() => context.deps.clock.now())

  const rowOf = async (id: string): Promise<RunRow> => {
    const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new LifeOsError('run-unknown', `There is no run ${id}. See \`lifeos runs\` or the Runs page.`)
    return row
  }
  const foldFor = async (id: string): Promise<RunFold> =>
    engine.live(id)?.fold ?? foldOf(await store.journal.read(id, 0, Number.MAX_SAFE_INTEGER))

  /** What a person typed is used as it was typed, and shown without values that are known. */
  const shown = (run: Run): Run => ({ ...run, inputs: (context.deps.redactor ?? nothingKnown).value(run.inputs) })

  return {
    rowOf,
    async get(id: string): Promise<Run> {
      return shown(await withFamily(store, runView(await rowOf(id), engine.live(id)?.fold ?? null)))
    },
    async list(query: RunQuery): Promise<Page<Run>> {
      let select = db.selectFrom('runs')
      const states = query.state === undefined ? [] : Array.isArray(query.state) ? query.state : [query.state]
      if (states.length > 0) select = select.where('state', 'in', states)
      if (query.plan) select = select.where('plan_id', '=', query.plan)
      if (query.search) {
        const words = `%${query.search.toLowerCase().replaceAll(/[%_\\]/g, '')}%`
        select = select.where((e) =>
          e.or([
            e(e.fn<string>('lower', ['plan_name']), 'like', words),
            e(e.fn<string>('lower', ['inputs_json']), 'like', words),
            e('id', 'like', words),
          ]),
        )
      }
      const count = async (of: typeof select): Promise<number> =>
        Number((await of.select((e) => e.fn.countAll().as('count')).executeTakeFirst())?.count ?? 0)
      const question = [states, query.plan, query.search]
      const totalOf = (of: typeof select, whose: unknown): Promise<number> =>
        totals.of(JSON.stringify([...question, whose]), () => count(of))
      const { reader } = query
      const shared = select.where('only_for', 'is', null)
      // Counted apart, so that everybody's question about a long list is counted once.
      const total =
        reader === undefined
          ? await totalOf(select, true)
          : (await totalOf(shared, null)) + (await totalOf(select.where('only_for', '=', reader), reader))
      const seen = reader === undefined ? select : select.where((e) => e(e.fn.coalesce('only_for', e.val(reader)), '=', reader)) // no index serves it: rows come by id, newest first
      const after = query.cursor ? seen.where('id', '<', query.cursor) : seen
      const rows = await after
        .select(VIEWED)
        .orderBy('id', 'desc')
        .limit(query.limit + 1)
        .execute()
      const items = rows.slice(0, query.limit).map((row) => shown(runView(row, engine.live(row.id)?.fold ?? null)))
      return { items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null, total }
    },
    async steps(id: string, query: PageQuery): Promise<Page<RunStep>> {
      await rowOf(id)
      const all = [...(await foldFor(id)).steps.values()].map(stepView)
      const start = Number(query.cursor ?? 0)
      return {
        items: all.slice(start, start + query.limit),
        next: start + query.limit < all.length ? String(start + query.limit) : null,
        total: all.length,
      }
    },
    async journal(id: string, after: number, limit: number): Promise<{ items: JournalEntry[]; next: number | null }> {
      await rowOf(id)
      const items = await store.journal.read(id, after, limit)
      return { items, next: items.length === limit ? (items.at(-1)?.seq ?? null) : null }
    },
    async effects(id: string, query: PageQuery): Promise<Page<EffectRecord>> {
      await rowOf(id)
      const all = await effectsOf(store, id)
      const start = Number(query.cursor ?? 0)
      return {
        items: all.slice(start, start + query.limit),
        next: start + query.limit < all.length ? String(start + query.limit) : null,
        total: all.length,
      }
    },
    async changes(id: string, query: PageQuery & { search?: string | undefined }): Promise<Page<ChangeWithState>> {
      const row = await rowOf(id)
      const all = await changesOf(row)
      const words = query.search?.toLowerCase()
      const found = words ? all.filter((entry) => `${placeOf(entry.change)} ${entry.change.summary}`.toLowerCase().includes(words)) : all
      const start = Number(query.cursor ?? 0)
      return {
        items: found.slice(start, start + query.limit),
        next: start + query.limit < found.length ? String(start + query.limit) : null,
        total: found.length,
      }
    },
    async outputs(id: string): Promise<Record<string, unknown> | null> {
      const row = await rowOf(id)
      if (row.outputs_json === null) return null
      return (await valueOf(store.blobs, JSON.parse(row.outputs_json) as Recorded)) as Record<string, unknown> // a plan's outputs are a record
    },
    async plan(id: string): Promise<Plan> {
      const { plan } = JSON.parse((await rowOf(id)).frozen_json) as Frozen // written by runs
      return (context.deps.redactor ?? nothingKnown).value(plan)
    },
    async previewOf(id: string) {
      await rowOf(id)
      return (await gate.previews.latest(id))?.preview ?? null
    },
    async children(id: string): Promise<Run[]> {
      const rows = await db.selectFrom('runs').select(VIEWED).where('parent', '=', id).orderBy('id').execute()
      return rows.map((row) => shown(runView(row, engine.live(row.id)?.fold ?? null)))
    },
    statistics: (plan: string) => statisticsOf(context, plan),
    trash: ({ reader, ...query }: PageQuery & { reader?: string | undefined }) => pageOfTrash(store, query, reader),
    trashItems: () => trashItems(store),
  }

  async function changesOf(row: RunRow): Promise<ChangeWithState[]> {
    const shown = (await gate.previews.latest(row.id))?.preview.changes ?? []
    const made = Map.groupBy(await effectsOf(store, row.id), (effect) => `${effect.path}\0${changeKey(effect.change)}`)
    const unticked = new Set((JSON.parse(row.options_json) as RunOptions).unticked)
    const fold = await foldFor(row.id)
    const stateOf = (step: string, change: Change): ChangeWithState['state'] => {
      const effect = made.get(`${step}\0${changeKey(change)}`)?.at(-1)
      if (effect?.state === 'undone') return 'undone'
      if (effect?.state === 'finished') return 'done'
      if (unticked.has(step)) return 'unticked'
      const record = fold.steps.get(step)
      if (record?.state === 'failed' || record?.state === 'continued') return 'failed'
      if (effect?.state === 'started' || record?.state === 'running') return 'doing'
      return record?.state === 'done' && change.kind === 'folder-make' ? 'done' : 'proposed'
    }
    if (shown.length > 0) return shown.map((entry: PreviewChange) => ({ ...entry, state: stateOf(entry.step, entry.change) }))
    return [...made.values()]
      .flat()
      .filter((effect) => effect.state !== 'not-applied')
      .map((effect, index) => ({
        id: `${effect.path}#${index}`,
        step: effect.path,
        change: effect.change,
        labels: effect.labels,
        state: effect.state === 'undone' ? 'undone' : effect.state === 'started' ? 'doing' : 'done',
      }))
  }
}

async function statisticsOf(context: RunsContext, plan: string): Promise<PlanStatistics> {
  const { store } = context.deps
  await store.journal.flush()
  const runs = await store.db
    .selectFrom('runs')
    .select(['state', 'cost_json'])
    .where('plan_id', '=', plan)
    .where('started_at', 'is not', null)
    .execute()
  const tries = await store.db
    .selectFrom('tries')
    .select(['step', 'state', 'started_at', 'finished_at'])
    .where('plan_id', '=', plan)
    .execute()
  const times = runs.flatMap((run) => (run.state === 'done' ? [fromColumn(run.cost_json).time] : []))
  const costs = runs.map((run) => fromColumn(run.cost_json))
  const steps = [...Map.groupBy(tries, (one) => one.step)].map(([step, of]) => {
    const took = of.flatMap((one) => (one.finished_at === null ? [] : [one.finished_at - one.started_at]))
    return {
      step,
      tries: of.length,
      done: of.filter((one) => one.state === 'finished').length,
      failed: of.filter((one) => one.state === 'failed').length,
      averageTime: average(took),
    }
  })
  const count = (state: string) => runs.filter((run) => run.state === state).length
  return {
    plan,
    runs: runs.length,
    done: count('done'),
    failed: count('failed'),
    averageTime: average(times),
    micros: costs.reduce((sum, cost) => sum + cost.micros, 0),
    tokens: costs.reduce((sum, cost) => sum + cost.tokens, 0),
    steps,
  }
}

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
