import { z } from 'zod'
import type { ModelSettings } from '@life-os/contract'
import type { ModelsDeps } from './deps.ts'
import { dayOf } from './money.ts'
import { budgetStates } from './sums.ts'

const KEY = 'models.alerts'
const Told = z.object({ day: z.string(), told: z.array(z.string()) })

/** Tells of a budget that reaches one of its shares, once a share and day, also over restarts: topic `model.budget`. */
export function createAlerts({ store, events, clock }: ModelsDeps, settings: () => Promise<ModelSettings>) {
  const toldOn = async (day: string): Promise<string[]> => {
    const row = await store.db.selectFrom('settings').select('value_json').where('key', '=', KEY).executeTakeFirst()
    const parsed = Told.safeParse(row ? JSON.parse(row.value_json) : null)
    return parsed.success && parsed.data.day === day ? parsed.data.told : []
  }
  const note = async (day: string, told: string[]): Promise<void> => {
    const value_json = JSON.stringify({ day, told })
    await store.db
      .insertInto('settings')
      .values({ key: KEY, value_json })
      .onConflict((clash) => clash.column('key').doUpdateSet({ value_json }))
      .execute()
  }
  const look = async (person: string): Promise<void> => {
    const { budgets } = await settings()
    if (budgets.day === undefined && budgets.personDay === undefined) return
    const day = dayOf(clock.now())
    const reached = (await budgetStates(store.db, day, budgets)).filter(
      (state) => state.alert !== null && (state.person === null || state.person === person),
    )
    if (reached.length === 0) return
    const told = await toldOn(day)
    for (const { budget, person: of, limit, spent, reserved, currency, alert } of reached) {
      const key = `${budget} ${of ?? ''} ${alert}`
      if (told.includes(key)) continue
      told.push(key)
      await note(day, told)
      await events.publish('model.budget', { budget, person: of, day, share: alert, limit, spent: spent + reserved, currency })
    }
  }
  let turn: Promise<unknown> = Promise.resolve() // two calls that end at once tell once
  return {
    look(person: string): Promise<void> {
      const mine = turn.then(() => look(person))
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}
