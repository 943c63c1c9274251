import { sql } from 'kysely'
import type { BudgetState, ModelBudgets } from '@life-os/contract'
import type { Store } from '../store/index.ts'

type Db = Store['db']

/** Micro-units of a run, of a person's day and of the day; calls that are open count at the most they may cost. */
export async function sumsOf(
  db: Db,
  { day, person, run, currency }: { day: string; person: string; run: string | undefined; currency: string },
): Promise<{ run: number; person: number; day: number }> {
  const total = await db
    .selectFrom('model_usage')
    .select(({ fn }) => [
      fn.sum<number | string | null>('micros').as('day'),
      sql<number | string | null>`sum(case when person = ${person} then micros else 0 end)`.as('person'),
    ])
    .where('day', '=', day)
    .where('currency', '=', currency)
    .executeTakeFirst()
  const ofRun = run === undefined ? undefined : await sumOfRun(db, run, currency)
  return { run: Number(ofRun ?? 0), person: Number(total?.person ?? 0), day: Number(total?.day ?? 0) }
}

/** Of the whole tree that a run belongs to: plans that it started, and who started it, spend of the same. */
async function sumOfRun(db: Db, run: string, currency: string): Promise<number> {
  const { rows } = await sql<{ micros: number | string | null }>`
    with recursive
      above(id, parent) as (
        select id, parent from runs where id = ${run}
        union select runs.id, runs.parent from runs join above on runs.id = above.parent
      ),
      tree(id) as (
        select cast(${run} as text)
        union select id from above where parent is null or parent not in (select id from runs)
        union select runs.id from runs join tree on runs.parent = tree.id
      )
    select sum(micros) as micros from model_usage where currency = ${currency} and run in (select id from tree)
  `.execute(db)
  return Number(rows[0]?.micros ?? 0)
}

/** How the budgets of a day stand: the day's, and each person's who called. */
export async function budgetStates(db: Db, day: string, budgets: ModelBudgets): Promise<BudgetState[]> {
  const rows = await db
    .selectFrom('model_usage')
    .select(({ fn }) => [
      'person',
      fn.sum<number | string | null>('micros').as('micros'),
      sql<number | string | null>`sum(case when outcome = 'open' then micros else 0 end)`.as('reserved'),
    ])
    .where('day', '=', day)
    .where('currency', '=', budgets.currency)
    .groupBy('person')
    .orderBy('person')
    .execute()
  const sums = rows.map((row) => ({ person: row.person, all: Number(row.micros ?? 0), reserved: Number(row.reserved ?? 0) }))
  const whole = sums.reduce((sum, one) => ({ all: sum.all + one.all, reserved: sum.reserved + one.reserved }), { all: 0, reserved: 0 })
  return [
    ...(budgets.day === undefined ? [] : [stateOf('day', null, budgets.day, whole, budgets)]),
    ...sums.flatMap((one) => (budgets.personDay === undefined ? [] : [stateOf('personDay', one.person, budgets.personDay, one, budgets)])),
  ]
}

function stateOf(
  budget: BudgetState['budget'],
  person: string | null,
  limit: number,
  { all, reserved }: { all: number; reserved: number },
  { currency, alerts }: ModelBudgets,
): BudgetState {
  const reached = alerts.filter((share) => all >= share * limit)
  return { budget, person, limit, spent: all - reserved, reserved, currency, alert: reached.length > 0 ? Math.max(...reached) : null }
}
