import { LifeOsError, type Capability, type ModelBudgets, type ModelSettings, type TokenUsage } from '@life-os/contract'
import type { ModelUsageRow } from '../store/index.ts'
import { createAlerts } from './alerts.ts'
import type { ModelsDeps } from './deps.ts'
import { dayOf, moneyWords } from './money.ts'
import { sumsOf } from './sums.ts'
import type { Asker } from './types.ts'

/** A call on its way: its row stands in the record with the most it may cost. */
export interface OpenCall {
  /** Once. What a call costs that nobody could read stays at the reservation: `micros` undefined. */
  settle(end: CallEnd): Promise<void>
}
export interface CallEnd {
  outcome: string
  usage: TokenUsage
  micros?: number | undefined
  /** Milliseconds. */
  latency: number
  firstToken: number | null
}
export interface NewCall {
  model: string
  capability: Capability
  asker: Asker
  worst: { tokens: number; micros: number }
}

export interface Ledger {
  /** Reserves under the budgets of call, run, person and day and writes the row, before anything goes out. Error: `model-budget`. */
  open(call: NewCall): Promise<OpenCall>
  /** An answer from the cache: nothing is paid. */
  noteCached(call: Omit<NewCall, 'worst'>, latency: number): Promise<void>
  /** Why a call of a cost would be over a budget now, as words. */
  limiter(asker: Asker): Promise<(cost: number) => string | null>
}

const NOTHING: TokenUsage = { input: 0, output: 0, cached: 0, reasoning: 0 }

/** The record of calls and the budgets over it. A call is counted at the most it may cost from before it goes out until it is settled. */
export function createLedger(deps: ModelsDeps, settings: () => Promise<ModelSettings>): Ledger {
  const { store, clock, newId, logger } = deps
  const alerts = createAlerts(deps, settings)
  const inTurn = createTurns() // what is checked is written before the next is checked

  const rowOf = (
    { model, capability, asker }: Omit<NewCall, 'worst'>,
    currency: string,
    fields: Partial<ModelUsageRow>,
  ): ModelUsageRow => ({
    id: newId(),
    at: clock.now(),
    day: dayOf(clock.now()),
    model,
    capability,
    person: asker.person,
    agent: asker.agent ?? null,
    tool: asker.tool ?? null,
    plugin: asker.plugin ?? null,
    run: asker.run ?? null,
    step: asker.step ?? null,
    input: 0,
    output: 0,
    cached_input: 0,
    reasoning: 0,
    micros: 0,
    currency,
    latency: 0,
    first_token: null,
    from_cache: 0,
    outcome: 'open',
    ...fields,
  })

  const limiter = async (asker: Asker): Promise<(cost: number) => string | null> => {
    const { budgets } = await settings()
    if (!limited(budgets)) return () => null
    const sums = await sumsOf(store.db, { day: dayOf(clock.now()), person: asker.person, run: asker.run, currency: budgets.currency })
    return (cost) => overBudget(budgets, sums, cost)
  }

  return {
    limiter,
    open: (call) =>
      inTurn(async () => {
        const { worst } = call
        const { budgets } = await settings()
        const over = worst.micros > 0 ? (await limiter(call.asker))(worst.micros) : null
        if (over !== null)
          throw new LifeOsError(
            'model-budget',
            `The budget for models stops this call: ${over}. Raise it under “lifeos models budget”, or use a model on this machine.`,
            {
              applied: 'no',
              details: { model: call.model, cost: worst.micros },
            },
          )
        const row = rowOf(call, budgets.currency, { micros: worst.micros })
        await store.db.insertInto('model_usage').values(row).execute()
        return {
          async settle(end) {
            await store.db.updateTable('model_usage').set(settled(end, worst.micros)).where('id', '=', row.id).execute()
            if (end.micros !== 0 && worst.micros > 0)
              await alerts
                .look(call.asker.person)
                .catch((error: unknown) => logger.warn({ error: String(error) }, 'a budget alert was not told'))
          },
        }
      }),
    async noteCached(call, latency) {
      const { budgets } = await settings()
      await store.db
        .insertInto('model_usage')
        .values(rowOf(call, budgets.currency, { outcome: 'done', from_cache: 1, latency }))
        .execute()
    },
  }
}

function settled({ outcome, usage = NOTHING, micros, latency, firstToken }: CallEnd, reserved: number): Partial<ModelUsageRow> {
  return {
    outcome,
    input: usage.input,
    output: usage.output,
    cached_input: usage.cached,
    reasoning: usage.reasoning,
    micros: micros ?? reserved,
    latency: Math.max(0, Math.round(latency)),
    first_token: firstToken === null ? null : Math.max(0, Math.round(firstToken)),
  }
}

const limited = ({ call, run, personDay, day }: ModelBudgets): boolean => [call, run, personDay, day].some((limit) => limit !== undefined)

function overBudget(budgets: ModelBudgets, sums: { run: number; person: number; day: number }, cost: number): string | null {
  if (cost === 0) return null
  const parts = [
    { limit: budgets.call, spent: 0, of: 'one call' },
    { limit: budgets.run, spent: sums.run, of: 'this run' },
    { limit: budgets.personDay, spent: sums.person, of: 'you today' },
    { limit: budgets.day, spent: sums.day, of: 'today' },
  ]
  const passed = parts.find(({ limit, spent }) => limit !== undefined && spent + cost > limit)
  if (!passed) return null
  const money = (micros: number) => moneyWords(micros, budgets.currency)
  return `it may cost ${money(cost)}, and of the ${money(passed.limit ?? 0)} for ${passed.of} ${money(Math.max(0, (passed.limit ?? 0) - passed.spent))} are left`
}

/** What a crash left open was possibly paid: it stays counted at its reservation. A call that another process still makes settles over this. */
export async function markLost(db: ModelsDeps['store']['db']): Promise<number> {
  const result = await db.updateTable('model_usage').set({ outcome: 'lost' }).where('outcome', '=', 'open').executeTakeFirst()
  return Number(result.numUpdatedRows)
}

function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}
