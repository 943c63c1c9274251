import { LifeOsError, ModelSettings, type ModelSettingsPatch } from '@life-os/contract'
import type { Store } from '../store/index.ts'

const KEY = 'models'

export interface ModelSettingsStore {
  get(): Promise<ModelSettings>
  /** Error: `model-settings-invalid`. */
  set(patch: ModelSettingsPatch): Promise<ModelSettings>
  /** Another process changed them. */
  forget(): void
}

/** What a person decided about models: one row of the table `settings`. A stored value of an older shape falls back to the defaults. */
export function createModelSettings({ db }: Pick<Store, 'db'>): ModelSettingsStore {
  let cached: Promise<ModelSettings> | null = null
  const read = async (): Promise<ModelSettings> => {
    const row = await db.selectFrom('settings').select('value_json').where('key', '=', KEY).executeTakeFirst()
    const parsed = ModelSettings.safeParse(row ? JSON.parse(row.value_json) : {})
    return parsed.success ? parsed.data : ModelSettings.parse({})
  }
  const get = () => (cached ??= read())
  let last: Promise<unknown> = Promise.resolve()
  const change = async (patch: ModelSettingsPatch): Promise<ModelSettings> => {
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
    const settings = checked({ ...(await get()), ...given })
    const value_json = JSON.stringify(settings)
    await db
      .insertInto('settings')
      .values({ key: KEY, value_json })
      .onConflict((clash) => clash.column('key').doUpdateSet({ value_json }))
      .execute()
    cached = Promise.resolve(settings)
    return settings
  }
  return {
    get,
    forget: () => {
      cached = null
    },
    set(patch) {
      const mine = last.then(() => change(patch)) // one after the other, so that no change is lost to one made beside it
      last = mine.catch(() => undefined)
      return mine
    },
  }
}

const ALIAS = /^[a-z][a-z0-9-]{0,40}$/
const REF = /^[a-z][a-z0-9-]{0,62}\/.+/
const invalid = (message: string) => new LifeOsError('model-settings-invalid', message)

function checked(given: unknown): ModelSettings {
  const parsed = ModelSettings.safeParse(given)
  if (!parsed.success) throw invalid(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}.`)
  const { aliases, choices, prices, budgets } = parsed.data
  for (const [alias, refs] of Object.entries(aliases)) {
    if (!ALIAS.test(alias)) throw invalid(`“${alias}” is no alias: small letters, digits and dashes, for example “fast”.`)
    const wrong = refs.find((ref) => !REF.test(ref))
    if (wrong !== undefined) throw invalid(`“${wrong}” is no model; name it as provider/model, as “lifeos models list” shows it.`)
  }
  for (const [who, choice] of Object.entries(choices))
    if (!REF.test(choice) && !ALIAS.test(choice)) throw invalid(`“${choice}” for ${who} is neither an alias nor provider/model.`)
  for (const [ref, price] of Object.entries(prices))
    if (price.currency !== budgets.currency)
      throw invalid(`The price of ${ref} is in ${price.currency} and the budgets are in ${budgets.currency}; nothing here converts money.`)
  return parsed.data
}
