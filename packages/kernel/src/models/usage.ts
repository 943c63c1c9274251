import { sql } from 'kysely'
import type { ModelUsage, Page, UsageGroup } from '@life-os/contract'
import type { ModelUsageRow, Store } from '../store/index.ts'
import type { Models } from './types.ts'

type Db = Store['db']
const DAY = 86_400_000 // ms
const SHOWN_DAYS = 30

/** Calls, newest first. */
export async function usagePage(db: Db, query: Parameters<Models['usage']>[0]): Promise<Page<ModelUsage>> {
  const { cursor, limit, model, agent, run, from } = query
  const filtered = db
    .selectFrom('model_usage')
    .$if(model !== undefined, (q) => q.where('model', '=', model ?? ''))
    .$if(agent !== undefined, (q) => q.where('agent', '=', agent ?? ''))
    .$if(run !== undefined, (q) => q.where('run', '=', run ?? ''))
    .$if(from !== undefined, (q) => q.where('at', '>=', from ?? 0))
  const counted = await filtered.select(({ fn }) => fn.countAll<number | string>().as('count')).executeTakeFirst()
  const rows = await filtered
    .selectAll()
    .$if(cursor !== undefined, (q) => q.where('id', '<', cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit).map(usageOf)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total: Number(counted?.count ?? 0) }
}

function usageOf(row: ModelUsageRow): ModelUsage {
  const { id, at, model, person, agent, tool, plugin, run, step, micros, currency, latency, outcome } = row
  return {
    id,
    at,
    model,
    capability: row.capability as ModelUsage['capability'], // written from one
    person,
    agent,
    tool,
    plugin,
    run,
    step,
    usage: { input: row.input, output: row.output, cached: row.cached_input, reasoning: row.reasoning },
    micros,
    currency,
    latency,
    firstToken: row.first_token,
    cached: row.from_cache === 1,
    outcome,
  }
}

type Costs = Awaited<ReturnType<Models['costs']>>

/** Sums over a range (default the last 30 days) by one word; of money in the budgets' currency. What nobody stands behind has the key ''. */
export async function costsBy(db: Db, query: Parameters<Models['costs']>[0], currency: string, now: number): Promise<Costs> {
  const until = query.until ?? now
  const from = query.from ?? Math.floor(until / DAY) * DAY - (SHOWN_DAYS - 1) * DAY
  const rows = await db
    .selectFrom('model_usage')
    .select(({ fn, ref }) => [
      ref(query.by).as('key'),
      fn.countAll<number | string>().as('calls'),
      sql<number | string | null>`sum(case when outcome not in ('done', 'open') then 1 else 0 end)`.as('failed'),
      fn.sum<number | string | null>('from_cache').as('cached'),
      fn.sum<number | string | null>('input').as('input'),
      fn.sum<number | string | null>('output').as('output'),
      fn.sum<number | string | null>('micros').as('micros'),
      sql<number | string | null>`sum(case when from_cache = 0 and outcome = 'done' then latency else 0 end)`.as('waited'),
      sql<number | string | null>`sum(case when from_cache = 0 and outcome = 'done' then 1 else 0 end)`.as('answered'),
    ])
    .where('at', '>=', from)
    .where('at', '<=', until)
    .where(({ or, eb }) => or([eb('currency', '=', currency), eb('micros', '=', 0)]))
    .groupBy(query.by)
    .execute()
  const sums = rows.map(sumOf)
  const groups = sums
    .map(groupOf)
    .toSorted((a, b) => (query.by === 'day' ? (a.key < b.key ? -1 : 1) : b.micros - a.micros || b.calls - a.calls))
  return { from, until, currency, total: groupOf(sums.reduce(addUp, { ...NONE })), groups }
}

type Sum = Omit<UsageGroup, 'latency'> & { waited: number; answered: number }
const NONE: Sum = { key: 'total', calls: 0, failed: 0, cached: 0, input: 0, output: 0, micros: 0, waited: 0, answered: 0 }
const NUMBERS = ['calls', 'failed', 'cached', 'input', 'output', 'micros', 'waited', 'answered'] as const

function sumOf(row: { key: string | null } & Record<(typeof NUMBERS)[number], number | string | null>): Sum {
  const sum: Sum = { ...NONE, key: row.key ?? '' }
  for (const name of NUMBERS) sum[name] = Number(row[name] ?? 0)
  return sum
}
function addUp(total: Sum, one: Sum): Sum {
  const sum = { ...total }
  for (const name of NUMBERS) sum[name] += one[name]
  return sum
}
function groupOf({ waited, answered, ...group }: Sum): UsageGroup {
  return { ...group, latency: answered === 0 ? null : waited / answered }
}
