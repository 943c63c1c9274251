import { LifeOsError, Plan } from '@life-os/contract'
import type { Page, PageQuery, PlanFault, Scope, StoredPlan } from '@life-os/contract'
import type { Gate } from '../gate/index.ts'
import type { CheckContext, Plans } from '../plans/types.ts'
import type { Plugins } from '../plugins/types.ts'
import type { PlanRow, PlanVersionRow } from '../store/schema.ts'
import type { Store } from '../store/types.ts'
import { checkHeld } from './held.ts'
import { createShipped, type Entry } from './shipped.ts'
import { calledBy, reachedFrom } from './sub-plans.ts'
import { keepText } from './text.ts'
import { compareVersions, contentOf, nextVersion } from './versions.ts'

export type PlanDetail = StoredPlan & { text: string; mermaid: string }

export interface PlanBook {
  /** By name; `search` looks at name, id and description. */
  list(query: PageQuery & { search?: string | undefined }): Promise<Page<StoredPlan>>
  /** Errors: `plan-missing`. */
  get(id: string, version?: string): Promise<PlanDetail>
  versions(id: string): Promise<{ version: string; at: number; by: string }[]>
  /**
   * A changed plan becomes a new version; an unchanged one stays as it is. `scopes`: what whoever saves it may do.
   * Errors: `plan-invalid` (details.faults), `plan-bundled`, `plan-granted`.
   */
  save(source: Plan | string, by: string, scopes: ReadonlySet<Scope>): Promise<StoredPlan>
  remove(id: string): Promise<void>
  /** Every fault at once; the plan as far as its text can be read. */
  check(source: Plan | string): Promise<{ ok: boolean; faults: PlanFault[]; plan?: Plan; mermaid?: string }>
  /** The plan itself, for running it; null when there is none. */
  find(id: string, version?: string): Promise<Plan | null>
  /** Whether a stranger's plugin ships what this id stands for: its text may change with each of its versions. */
  isStranger(id: string): Promise<boolean>
  /** Parsed and free of faults. Errors: `plan-invalid` (details.faults). */
  parse(source: Plan | string): Promise<Plan>
  /** What a check of this plan may look up: all tools, and the plans it reaches. */
  contextFor(plan: Plan): Promise<CheckContext>
}

export interface PlanBookDependencies {
  store: Pick<Store, 'db' | 'transaction'>
  plugins: Pick<Plugins, 'plans' | 'tool'>
  /** Whose grants a new version would go on with. */
  gate: Pick<Gate, 'grants' | 'roleFor'>
  language: Plans
  clock: { now(): number }
}

export function createPlanBook({ store, plugins, gate, language, clock }: PlanBookDependencies): PlanBook {
  const shipped = createShipped(plugins, language, clock.now())
  const bundled = (): Entry[] => shipped().filter(({ stranger }) => !stranger)
  const strangers = (): Entry[] => shipped().filter(({ stranger }) => stranger)
  const row = (id: string): Promise<PlanRow | undefined> =>
    store.db.selectFrom('plans').selectAll().where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
  const versionRows = (id: string): Promise<PlanVersionRow[]> =>
    store.db.selectFrom('plan_versions').selectAll().where('id', '=', id).execute()
  const entryOf = (found: PlanRow, versions: number): Entry => ({
    text: found.text,
    stored: { plan: Plan.parse(JSON.parse(found.plan_json)), source: 'person', plugin: null, updatedAt: found.updated_at, versions },
  })

  const entry = async (id: string, version?: string): Promise<Entry> => {
    const found = await row(id)
    const ships = (candidate: Entry) => candidate.stored.plan.id === id
    const shipped = bundled().find(ships) ?? (found ? undefined : strangers().find(ships))
    if (shipped && (version === undefined || version === shipped.stored.plan.version)) return shipped
    const rows = found ? await versionRows(id) : []
    if (found && (version === undefined || version === found.version)) return entryOf(found, rows.length)
    const older = found && rows.find((candidate) => candidate.version === version)
    if (found && older)
      return entryOf({ ...found, plan_json: older.plan_json, text: older.text, version: older.version, updated_at: older.at }, rows.length)
    const what = version && (found || shipped) ? `Plan “${id}” has no version ${version}.` : `There is no plan “${id}”.`
    throw new LifeOsError('plan-missing', `${what} See the list with “lifeos plan list”.`)
  }
  const everything = async (): Promise<Entry[]> => {
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
  }
  const find = async (id: string, version?: string): Promise<Plan | null> => {
    try {
      return (await entry(id, version)).stored.plan
    } catch (error) {
      if (error instanceof LifeOsError && error.code === 'plan-missing') return null
      throw error
    }
  }
  const contextFor = async (root: Plan): Promise<CheckContext> => {
    const reached = await reachedFrom(root, find)
    return { tool: (id) => plugins.tool(id), plan: (id) => reached.get(id) }
  }
  const examine = async (source: Plan | string): Promise<{ plan?: Plan; faults: PlanFault[] }> => {
    const result = language.parsePlan(source)
    if (!result.ok) return { faults: result.faults }
    return { plan: result.plan, faults: language.checkPlan(result.plan, await contextFor(result.plan), result.positions) }
  }
  const parse = async (source: Plan | string): Promise<Plan> => {
    const result = await examine(source)
    if (result.plan && result.faults.length === 0) return result.plan
    throw planInvalid(result.faults)
  }

  return {
    find,
    isStranger: async (id) => (await entry(id).catch(() => null))?.stranger === true,
    parse,
    contextFor,
    async list(query) {
      const words = query.search?.toLowerCase()
      const hit = ({
        stored: {
          plan: { id, name, description = '' },
        },
      }: Entry) => !words || `${id}\n${name}\n${description}`.toLowerCase().includes(words)
      const all = (await everything())
        .filter(hit)
        .map(({ stored }) => stored)
        .toSorted((a, b) => a.plan.name.localeCompare(b.plan.name) || (a.plan.id < b.plan.id ? -1 : 1))
      const start = query.cursor ? all.findIndex((stored) => stored.plan.id === query.cursor) + 1 : 0
      const items = all.slice(start, start + query.limit)
      const next = start + query.limit < all.length ? (items.at(-1)?.plan.id ?? null) : null
      return { items, next, total: all.length }
    },
    async get(id, version) {
      const { stored, text } = await entry(id, version)
      return { ...stored, text, mermaid: language.mermaidOf(stored.plan) }
    },
    async versions(id) {
      const { stored } = await entry(id)
      if (stored.source === 'bundled') return [{ version: stored.plan.version, at: stored.updatedAt, by: stored.plugin ?? 'bundled' }]
      const rows = await versionRows(id)
      return rows.toSorted((a, b) => compareVersions(b.version, a.version)).map(({ version, at, by }) => ({ version, at, by }))
    },
    async save(source, by, scopes) {
      const given = await parse(source)
      const present = await row(given.id)
      const taken = [...bundled(), ...(present ? [] : strangers())]
      if (taken.some(({ stored }) => stored.plan.id === given.id)) {
        throw new LifeOsError('plan-bundled', `“${given.id}” comes with a plugin and cannot be changed. Save your copy under another id.`)
      }
      const at = clock.now()
      const rows = await versionRows(given.id)
      const before = present && Plan.parse(JSON.parse(present.plan_json))
      if (present && before && contentOf(before) === contentOf(given)) return entryOf(present, rows.length).stored
      await checkHeld({ gate, clock, calledBy: (id) => calledBy(id, find) }, given.id, scopes)
      const newest = rows
        .map(({ version }) => version)
        .toSorted(compareVersions)
        .at(-1)
      const version = newest === undefined ? given.version : nextVersion(before ?? given, given, newest)
      const saved: Plan = { ...given, version }
      const text = keepText(language, saved, typeof source === 'string' ? source : undefined)
      const plan_json = JSON.stringify(saved)
      const values = {
        id: saved.id,
        version,
        name: saved.name,
        plan_json,
        text,
        source: 'person',
        plugin: null,
        updated_at: at,
        deleted_at: null,
      }
      await store.transaction(async (tx) => {
        await tx.insertInto('plan_versions').values({ id: saved.id, version, plan_json, text, at, by }).execute()
        await tx
          .insertInto('plans')
          .values(values)
          .onConflict((clash) => clash.column('id').doUpdateSet(values))
          .execute()
      })
      return { plan: saved, source: 'person', plugin: null, updatedAt: at, versions: rows.length + 1 }
    },
    async remove(id) {
      const { stored } = await entry(id)
      if (stored.source === 'bundled')
        throw new LifeOsError('plan-bundled', `“${id}” comes with the plugin ${stored.plugin}. Disable the plugin to be rid of it.`)
      await store.db.updateTable('plans').set({ deleted_at: clock.now() }).where('id', '=', id).execute()
    },
    async check(source) {
      const result = await examine(source)
      return {
        ok: result.faults.length === 0,
        faults: result.faults,
        ...(result.plan && { plan: result.plan, mermaid: language.mermaidOf(result.plan) }),
      }
    },
  }
}

function planInvalid(faults: PlanFault[]): LifeOsError {
  const first = faults[0]
  const place = first?.line ? ` (line ${first.line}${first.column ? `, column ${first.column}` : ''})` : ''
  const more = faults.length > 1 ? ` And ${faults.length - 1} more.` : ''
  return new LifeOsError('plan-invalid', `${first?.message ?? 'The plan cannot be read.'}${place}${more}`, { details: { faults } })
}
