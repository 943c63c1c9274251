import { LifeOsError, Plan } from '@life-os/contract'
import type { StoredPlan } from '@life-os/contract'
import type { Plans } from '../plans/types.ts'
import type { Plugins } from '../plugins/types.ts'
import type { PlanRow, PlanVersionRow } from '../store/schema.ts'
import type { Store } from '../store/types.ts'

export interface Entry {
  stored: StoredPlan
  text: string
  stranger?: true
}

/** Which plan an id stands for: of those that plugins ship and those that people saved. */
export interface Entries {
  /** Error: `plan-missing`. */
  entry(id: string, version?: string): Promise<Entry>
  /** One for each id. */
  everything(): Promise<Entry[]>
  /** Of Life-OS itself: their ids are nobody else's. */
  bundled(): Entry[]
  /** Of plugins that people installed: an id that stands for something already goes on to stand for that. */
  strangers(): Entry[]
  row(id: string): Promise<PlanRow | undefined>
  versionRows(id: string): Promise<PlanVersionRow[]>
}

export interface EntriesDependencies {
  store: Pick<Store, 'db'>
  plugins: Pick<Plugins, 'plans'>
  language: Plans
  clock: { now(): number }
}

export function createEntries({ store, plugins, language, clock }: EntriesDependencies): Entries {
  const parsedTexts = new Map<string, Plan | null>()
  const startedAt = clock.now()

  /** Plans shipped in plugins; one that does not parse is left out here and told by the plugin's own checks. */
  const shipped = (): Entry[] =>
    plugins.plans().flatMap(({ plugin, text, stranger }) => {
      if (!parsedTexts.has(text)) {
        const parsed = language.parsePlan(text)
        parsedTexts.set(text, parsed.ok ? parsed.plan : null)
      }
      const plan = parsedTexts.get(text)
      const stored: StoredPlan | null = plan ? { plan, source: 'bundled', plugin, updatedAt: startedAt, versions: 1 } : null
      return stored ? [{ text, stored, ...(stranger && { stranger }) }] : []
    })
  const bundled = (): Entry[] => shipped().filter(({ stranger }) => !stranger)
  const strangers = (): Entry[] => shipped().filter(({ stranger }) => stranger)
  const row = (id: string): Promise<PlanRow | undefined> =>
    store.db.selectFrom('plans').selectAll().where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
  const versionRows = (id: string): Promise<PlanVersionRow[]> =>
    store.db.selectFrom('plan_versions').selectAll().where('id', '=', id).execute()

  return {
    async entry(id, version) {
      const found = await row(id)
      const ships = (candidate: Entry) => candidate.stored.plan.id === id
      const shipped = bundled().find(ships) ?? (found ? undefined : strangers().find(ships))
      if (shipped && (version === undefined || version === shipped.stored.plan.version)) return shipped
      const rows = found ? await versionRows(id) : []
      if (found && (version === undefined || version === found.version)) return entryOf(found, rows.length)
      const older = found && rows.find((candidate) => candidate.version === version)
      if (found && older)
        return entryOf(
          { ...found, plan_json: older.plan_json, text: older.text, version: older.version, updated_at: older.at },
          rows.length,
        )
      const what = version && (found || shipped) ? `Plan “${id}” has no version ${version}.` : `There is no plan “${id}”.`
      throw new LifeOsError('plan-missing', `${what} See the list with “lifeos plan list”.`)
    },
    async everything() {
      const rows = await store.db.selectFrom('plans').selectAll().where('deleted_at', 'is', null).execute()
      const counts = await store.db
        .selectFrom('plan_versions')
        .select(['id', (select) => select.fn.countAll().as('count')])
        .groupBy('id')
        .execute()
      const countOf = new Map(counts.map(({ id, count }) => [id, Number(count)]))
      const byId = new Map<string, Entry>()
      for (const one of [...bundled(), ...rows.map((found) => entryOf(found, countOf.get(found.id) ?? 1)), ...strangers()])
        if (!byId.has(one.stored.plan.id)) byId.set(one.stored.plan.id, one)
      return [...byId.values()]
    },
    bundled,
    strangers,
    row,
    versionRows,
  }
}

/** `versions`: how many of it are kept. */
export function entryOf(found: PlanRow, versions: number): Entry {
  const plan = Plan.parse(JSON.parse(found.plan_json))
  return { text: found.text, stored: { plan, source: 'person', plugin: null, updatedAt: found.updated_at, versions } }
}
