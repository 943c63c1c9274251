import { LifeOsError, ProviderConfig, type Provider } from '@life-os/contract'
import { PAUSES } from './deps.ts'
import type { ModelsDeps } from './deps.ts'
import { lookedFor, sameServer, usualPlaces } from './detect.ts'
import { createEntry, type ProviderEntry } from './provider-entry.ts'
import type { CreateProvider, ProviderDeps } from './providers/types.ts'

export interface ProviderBook {
  /** All that are set up, and those that were found on this machine. `look`: asks every one anew. */
  entries(look?: boolean): Promise<readonly ProviderEntry[]>
  set(config: ProviderConfig, by: string): Promise<Provider>
  remove(id: string, by: string): Promise<void>
  /** Another process changed the table. */
  forget(): void
}

/** Providers in the order in which they were set up, then those found by looking; whoever set one up has it instead of the found one. */
export function createProviderBook(deps: ModelsDeps, onChange: () => void): ProviderBook {
  const { store, clock, logger } = deps
  const pauses = { ...PAUSES, ...deps.pauses }
  const known = new Map<string, ProviderEntry>()
  let loading: Promise<readonly ProviderEntry[]> | null = null
  let create: Promise<CreateProvider> | undefined
  const creator = () =>
    (create ??= deps.createProvider
      ? Promise.resolve(deps.createProvider)
      : import('./providers/index.ts').then((module) => module.createProvider))
  const providerDeps: ProviderDeps = {
    now: () => clock.now(),
    secret: async (name, place, signal) => (await deps.secrets.use(name, place, signal, { actor: 'models' })).value,
  }

  const entryOf = async (config: ProviderConfig, detected: boolean): Promise<ProviderEntry> => {
    const before = known.get(config.id)
    if (before && before.detected === detected && JSON.stringify(before.config) === JSON.stringify(config)) return before
    const client = (await creator())(config, providerDeps)
    const entry = createEntry({ config, detected, client, pauses, now: () => clock.now(), onChange })
    known.set(config.id, entry)
    return entry
  }
  const stored = async (): Promise<ProviderConfig[]> => {
    const rows = await store.db.selectFrom('model_providers').selectAll().orderBy('at').orderBy('id').execute()
    return rows.flatMap((row) => {
      const parsed = ProviderConfig.safeParse(JSON.parse(row.config_json))
      if (!parsed.success) logger.warn({ provider: row.id }, 'the configuration of a provider cannot be read')
      return parsed.success ? [parsed.data] : []
    })
  }
  const load = async (): Promise<readonly ProviderEntry[]> => {
    const own = await stored()
    const found = lookedFor(deps.places ?? usualPlaces(process.env)).filter((config) => !own.some((mine) => sameServer(mine, config)))
    return Promise.all([...own.map((config) => entryOf(config, false)), ...found.map((config) => entryOf(config, true))])
  }
  const all = () =>
    (loading ??= load().catch((error: unknown) => {
      loading = null
      throw error
    }))

  /** What was never asked, or does not answer, is waited for; what is old is asked beside. */
  const refresh = async (entries: readonly ProviderEntry[], look: boolean): Promise<void> => {
    const waited = entries.filter(
      (entry) => look || (entry.isStale() && entry.view().state !== 'ready' && (entry.client.local || entry.view().state === 'unchecked')),
    )
    for (const entry of entries) if (!waited.includes(entry) && entry.isStale()) void entry.look()
    await Promise.all(waited.map((entry) => entry.look()))
  }
  const audit = (rule: string, by: string, data: Record<string, unknown>) =>
    store.audit.append({ kind: 'setting', actor: by, run: null, step: null, tool: null, verdict: null, rule, data })

  return {
    forget() {
      loading = null
    },
    async entries(look = false) {
      const entries = await all()
      await refresh(entries, look)
      return entries.filter((entry) => !entry.detected || entry.view().state === 'ready' || entry.view().state === 'resting')
    },
    async set(given, by) {
      const config = checked(given)
      const row = { id: config.id, config_json: JSON.stringify(config), at: clock.now(), by }
      await store.db
        .insertInto('model_providers')
        .values(row)
        .onConflict((clash) => clash.column('id').doUpdateSet({ config_json: row.config_json, by }))
        .execute()
      await audit('model-provider-set', by, {
        provider: config.id,
        kind: config.kind,
        url: config.url ?? null,
        secret: config.secret ?? null,
      })
      known.delete(config.id)
      loading = null
      const entry = (await all()).find((one) => one.config.id === config.id)
      await entry?.look()
      onChange()
      return entry?.view() ?? missing(config.id)
    },
    async remove(id, by) {
      const result = await store.db.deleteFrom('model_providers').where('id', '=', id).executeTakeFirst()
      if (Number(result.numDeletedRows) === 0) {
        if (known.get(id)?.detected)
          throw new LifeOsError('provider-found', `${id} was found on this machine by looking; switch it off instead, or stop it.`)
        missing(id)
      }
      await audit('model-provider-removed', by, { provider: id })
      known.delete(id)
      loading = null
      onChange()
    },
  }
}

function missing(id: string): never {
  throw new LifeOsError('provider-missing', `There is no provider “${id}”. “lifeos models providers” shows them.`)
}

/** Kinds of the cloud have an address of their own; a server of one's own is nowhere without one. */
function checked(config: ProviderConfig): ProviderConfig {
  const parsed = ProviderConfig.parse(config)
  const url = URL.parse(parsed.url ?? '')
  if (parsed.kind === 'openai-compatible' && !url)
    throw new LifeOsError('provider-invalid', 'Say where the server answers, for example --url http://127.0.0.1:8080/v1.')
  if (url && url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new LifeOsError('provider-invalid', 'The address of a provider begins with http:// or https://.')
  if (url && (url.username !== '' || url.password !== ''))
    throw new LifeOsError('provider-invalid', 'Leave the password out of the address: keep it as a secret, and name the secret.')
  if (url?.protocol === 'http:' && parsed.secret !== undefined && !isOnThisMachine(url.hostname))
    throw new LifeOsError('provider-invalid', 'A key would travel in the clear: write the address with https://.')
  return parsed
}
const isOnThisMachine = (host: string): boolean => host === 'localhost' || host === '[::1]' || host.startsWith('127.')
