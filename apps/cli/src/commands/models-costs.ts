import { LifeOsError } from '@life-os/contract'
import type { BudgetState, ModelBudgets } from '@life-os/contract'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import type { Command } from '../session.ts'

const DAY = 86_400_000 // ms
const money = (micros: number, currency: string): string => `${(micros / 1e6).toFixed(micros > 0 && micros < 10_000 ? 6 : 2)} ${currency}`
const count = (value: number): string => value.toLocaleString('en')

export interface CostsOptions {
  by?: 'day' | 'model' | 'agent' | 'tool' | 'person' | 'plugin'
  days?: number
}

/** Calls, tokens and money by one word. */
export const showCosts: Command<CostsOptions> = async (session, { by = 'day', days = 30 }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const costs = await client.models.costs({ by, from: Date.now() - days * DAY })
  if (io.json) io.out(JSON.stringify(costs))
  else if (costs.groups.length === 0) io.out('No model was asked in that time.')
  else {
    const rows = [...costs.groups, costs.total].map(({ key, calls, failed, cached, input, output, micros }) => [
      key === '' ? 'none' : key,
      `${count(calls)} calls`,
      failed > 0 ? paint('red', `${count(failed)} failed`) : '',
      cached > 0 ? `${count(cached)} from the cache` : '',
      `${count(input)} in`,
      `${count(output)} out`,
      money(micros, costs.currency),
    ])
    for (const line of table(rows)) io.out(line)
  }
  return EXIT.done
}

type Limit = 'call' | 'run' | 'personDay' | 'day'
const LIMITS: readonly [Limit, string][] = [
  ['call', 'one call'],
  ['run', 'one run'],
  ['personDay', 'a person a day'],
  ['day', 'a day'],
]
export type BudgetOptions = Partial<Record<Limit, string>>

/** How the budgets stand; with an option, changes that one. `none` takes a limit away. */
export const budgetModels: Command<BudgetOptions> = async (session, options) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const { budgets: before } = await client.models.settings()
  const changed = LIMITS.some(([limit]) => options[limit] !== undefined)
  const { budgets } = changed ? await client.models.setSettings({ budgets: changedBy(before, options) }) : { budgets: before }
  const states = await client.models.budgets()
  if (io.json) io.out(JSON.stringify({ budgets, states }))
  else {
    const rows = LIMITS.map(([limit, words]) => {
      const most = budgets[limit]
      return [words, most === undefined ? 'no limit' : money(most, budgets.currency)]
    })
    for (const line of table(rows)) io.out(line)
    for (const state of states) io.out(paint(state.alert === null ? 'green' : 'amber', wordsOf(state)))
  }
  return EXIT.done
}

function wordsOf({ person, spent, reserved, limit, currency }: BudgetState): string {
  const open = reserved > 0 ? ` and ${money(reserved, currency)} on their way` : ''
  return `Today${person === null ? '' : `, ${person}`}: ${money(spent, currency)}${open} of ${money(limit, currency)}`
}

function changedBy(before: ModelBudgets, options: BudgetOptions): ModelBudgets {
  const after = { ...before }
  for (const [limit] of LIMITS) {
    const given = options[limit]
    if (given === undefined) continue
    if (given === 'none') delete after[limit]
    else after[limit] = microsOf(given)
  }
  return after
}

function microsOf(text: string): number {
  if (!/^\d+(\.\d{1,6})?$/.test(text)) throw new LifeOsError('input-invalid', `“${text}” is no amount: write 2.50, or none.`)
  return Math.round(Number(text) * 1e6)
}
