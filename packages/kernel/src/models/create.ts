import { freemem, totalmem } from 'node:os'
import { adviceFor } from './advice.ts'
import { createCache } from './cache.ts'
import { createCatalogue } from './catalogue.ts'
import type { ModelsDeps } from './deps.ts'
import { embed } from './embed.ts'
import { worstOf } from './estimate.ts'
import { generate, type Calling } from './generate.ts'
import { createLedger, markLost } from './ledger.ts'
import { dayOf } from './money.ts'
import { createProviderBook } from './provider-book.ts'
import { createPulls, splitRef, storeFor } from './pulls.ts'
import { qualify } from './qualify.ts'
import { createRouter } from './router.ts'
import { createModelSettings } from './settings.ts'
import { budgetStates } from './sums.ts'
import type { ModelCall, Models } from './types.ts'
import { costsBy, usagePage } from './usage.ts'

/** Models of all providers behind one door. Asks nobody until it is used. */
export function createModels(deps: ModelsDeps): Models {
  const { store, events, logger, clock } = deps
  const listeners = new Set<() => void>()
  const tell = (data: Record<string, unknown>): void => {
    for (const listener of listeners) listener()
    if (!ended)
      events
        .publish('model.changed', data)
        .catch((error: unknown) => logger.warn({ error: String(error) }, 'a change of models was not told'))
  }
  let ended = false
  const settings = createModelSettings(store)
  const book = createProviderBook(deps, () => tell({ what: 'providers' }))
  const ledger = createLedger(deps, settings.get)
  const catalogue = createCatalogue(deps, book, settings.get)
  const router = createRouter(deps, { catalogue, ledger, settings: settings.get })
  const calling: Calling = { deps, router, catalogue, ledger, cache: createCache(deps) }
  const pulls = createPulls(deps, book, tell)
  const changes = events.subscribe('model.changed', ({ data }) => {
    settings.forget()
    if (data['what'] === 'providers') book.forget()
    catalogue.forget()
  })
  /** Calls that a crash left open are told of before any new one goes out. */
  const recovered = markLost(store.db).catch((error: unknown) =>
    logger.warn({ error: String(error) }, 'calls that a crash left open were not found'),
  )
  const after = async <T>(work: () => Promise<T>): Promise<T> => recovered.then(work)
  const calls = new Set<Promise<unknown>>()
  const ending = new AbortController()
  /** Ends with the signal of the caller or with this module, and is waited for: its record is settled. */
  const made = <C extends ModelCall, T>(call: C, work: (call: C) => Promise<T>): Promise<T> => {
    const running = recovered.then(() => work({ ...call, signal: AbortSignal.any([call.signal, ending.signal]) }))
    calls.add(running)
    const done = () => void calls.delete(running)
    running.then(done, done)
    return running
  }
  const audit = (rule: string, by: string, data: Record<string, unknown>) =>
    store.audit.append({ kind: 'setting', actor: by, run: null, step: null, tool: null, verdict: null, rule, data })

  return {
    generate: (request, call) => made(call, (mine) => generate(calling, request, mine)),
    embed: (texts, call) => made(call, (mine) => embed(calling, texts, mine)),
    route: async (query) => {
      const { model, problem, candidates } = await router.route(query)
      return { model, problem, candidates }
    },
    worst: worstOf,
    providers: async (look) => (await book.entries(look)).map((entry) => entry.view()),
    setProvider: (config, by) => book.set(config, by),
    removeProvider: (id, by) => book.remove(id, by),
    list: async (fresh) => (await catalogue.models(fresh)).models,
    settings: settings.get,
    async setSettings(patch, by) {
      const next = await settings.set(patch)
      await audit('model-settings-changed', by, { changed: Object.keys(patch) })
      tell({ what: 'settings' })
      return next
    },
    async show(ref) {
      const { model, entry } = await catalogue.find(ref)
      const told = await entry.client.store?.show(model.name, AbortSignal.timeout(10_000))
      return { model, details: told?.details ?? {}, license: told?.license ?? null, template: told?.template ?? null }
    },
    pull: (ref, by) => pulls.start(ref, by),
    pulls: () => pulls.list(),
    cancelPull: (ref) => pulls.cancel(ref),
    async remove(ref, by) {
      const { provider, name } = splitRef(ref)
      await (await storeFor(book, provider)).remove(name, AbortSignal.timeout(30_000))
      await audit('model-removed', by, { ref })
      await (await book.entries()).find(({ config }) => config.id === provider)?.look()
      tell({ what: 'providers' })
    },
    qualify: (ref, call) =>
      made(call, async (mine) => {
        const result = await qualify(calling, ref, mine)
        await catalogue.keep(ref, result)
        tell({ what: 'providers' })
        return result
      }),
    async advice() {
      const { total, free } = deps.memory?.() ?? { total: totalmem(), free: freemem() }
      const { models } = await catalogue.models()
      const used = models.reduce((sum, { size, local }) => sum + (local ? (size ?? 0) : 0), 0)
      return { memory: total, free, disk: { used, free: (await deps.room?.()) ?? null }, models: adviceFor(total, models) }
    },
    usage: (query) => after(() => usagePage(store.db, query)),
    costs: (query) => after(async () => costsBy(store.db, query, (await settings.get()).budgets.currency, clock.now())),
    budgets: () => after(async () => budgetStates(store.db, dayOf(clock.now()), (await settings.get()).budgets)),
    onChange(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    async [Symbol.asyncDispose]() {
      ended = true
      changes[Symbol.dispose]()
      await pulls[Symbol.asyncDispose]()
      await recovered
      ending.abort(new Error('Life-OS is closing'))
      await Promise.allSettled(calls)
    },
  }
}
