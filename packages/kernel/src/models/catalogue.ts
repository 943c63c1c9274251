import { LifeOsError, Qualification, type Model, type ModelSettings } from '@life-os/contract'
import type { ModelsDeps } from './deps.ts'
import { priceOf } from './prices.ts'
import type { ProviderBook } from './provider-book.ts'
import type { ProviderEntry } from './provider-entry.ts'

/** Every model that can be named, with what it costs and what was measured. */
export interface Catalogue {
  models(fresh?: boolean): Promise<{ models: Model[]; entries: readonly ProviderEntry[] }>
  /** Error: `model-unknown`. */
  find(ref: string): Promise<{ model: Model; entry: ProviderEntry }>
  keep(ref: string, result: Qualification): Promise<void>
  forget(): void
}

export function createCatalogue({ store: { db } }: ModelsDeps, book: ProviderBook, settings: () => Promise<ModelSettings>): Catalogue {
  let measured: Promise<ReadonlyMap<string, Qualification>> | null = null
  const load = async () => {
    const rows = await db.selectFrom('model_qualifications').selectAll().execute()
    return new Map(
      rows.flatMap((row) => {
        const parsed = Qualification.safeParse(JSON.parse(row.result_json))
        return parsed.success ? [[row.ref, parsed.data] as const] : []
      }),
    )
  }
  const models = async (fresh = false) => {
    const [entries, { prices, budgets }, results] = await Promise.all([book.entries(fresh), settings(), (measured ??= load())])
    const all = entries.flatMap((entry) =>
      entry.models.map((bare): Model => ({
        ...bare,
        price: priceOf(bare, entry.config.kind, prices, budgets.currency),
        qualification: results.get(bare.ref) ?? null,
      })),
    )
    return { models: all, entries }
  }
  return {
    models,
    forget: () => {
      measured = null
    },
    async find(ref) {
      const known = await models()
      const { models: all, entries } = known.models.some((model) => model.ref === ref) ? known : await models(true)
      const model = all.find((one) => one.ref === ref)
      const entry = entries.find(({ config }) => config.id === model?.provider)
      if (!model || !entry) throw new LifeOsError('model-unknown', `No provider has ${ref} now. “lifeos models list” shows what there is.`)
      return { model, entry }
    },
    async keep(ref, result) {
      const row = { ref, result_json: JSON.stringify(result), at: result.at }
      await db
        .insertInto('model_qualifications')
        .values(row)
        .onConflict((clash) => clash.column('ref').doUpdateSet(row))
        .execute()
      measured = null
    },
  }
}
