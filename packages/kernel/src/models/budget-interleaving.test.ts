// No interleaving of calls passes a limit by more than what was in flight elsewhere, whatever they cost and however they end.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forEachStore, runRow } from '../store/testing.ts'
import type { Store } from '../store/index.ts'
import { KEYS, call, modelsOver, saying, withCloud } from './testing/over-store.ts'
import type { ModelsFixture } from './testing/over-store.ts'
import type { Scripted } from './testing/index.ts'

/** More than what goes in of these requests may cost: one micro-unit a token. */
const REQUEST = 100
const ENDS = ['answers', 'fails', 'refuses', 'cut', 'stopped'] as const
interface Try {
  most: number
  used: number
  ends: (typeof ENDS)[number]
  /** Lets the call go on; the order in which calls end is the order of these. */
  turn: number
  run: 'a' | 'b' | 'child of a'
  person: 'ada' | 'grace'
  process: 0 | 1
}
const TRIES = fc.array(
  fc.record({
    most: fc.integer({ min: 1, max: 300 }),
    used: fc.integer({ min: 0, max: 300 }),
    ends: fc.constantFrom(...ENDS),
    turn: fc.integer({ min: 0, max: 1000 }),
    run: fc.constantFrom('a' as const, 'b' as const, 'child of a' as const),
    person: fc.constantFrom('ada' as const, 'grace' as const),
    process: fc.constantFrom(0 as const, 1 as const),
  }),
  { minLength: 2, maxLength: 10 },
)
const LIMITS = fc.record(
  {
    call: fc.integer({ min: 0, max: 400 }),
    run: fc.integer({ min: 0, max: 900 }),
    personDay: fc.integer({ min: 0, max: 1200 }),
    day: fc.integer({ min: 0, max: 1500 }),
  },
  { requiredKeys: [] },
)
type Limits = { call?: number; run?: number; personDay?: number; day?: number }

/** Each call waits at the server for its turn, so that they overlap as drawn. */
function world(tries: readonly Try[]) {
  const held = tries.map(() => Promise.withResolvers<void>())
  const stops = tries.map(() => new AbortController())
  const answer = (request: { last: string }): Scripted => {
    const at = Number(request.last)
    const { ends, used, most } = tries[at] ?? { ends: 'fails', used: 0, most: 0 }
    const before = () => held[at]?.promise ?? Promise.resolve()
    if (ends === 'fails') return { status: 500, message: 'no', before }
    if (ends === 'refuses') return { status: 400, message: 'no', before }
    if (ends === 'cut') return { text: 'one two three', cutAfter: 0, before }
    return { text: 'x', usage: { input: 0, output: Math.min(used, most) }, before }
  }
  const order = tries.map((_, index) => index).toSorted((a, b) => (tries[a]?.turn ?? 0) - (tries[b]?.turn ?? 0))
  const release = async (): Promise<void> => {
    for (const index of order) {
      if (tries[index]?.ends === 'stopped') stops[index]?.abort(new Error('enough'))
      held[index]?.resolve()
      await new Promise((done) => setImmediate(done))
    }
  }
  return { answer, release, stops }
}

async function parentOf(store: Store, child: string, parent: string): Promise<void> {
  const rows = [runRow(parent), runRow(child, { parent, parent_step: 'plan' })]
  await store.db.insertInto('runs').values(rows).execute()
}

async function ask(
  fixtures: readonly ModelsFixture[],
  tries: readonly Try[],
  ids: Record<Try['run'], string>,
  stops: readonly AbortController[],
) {
  return Promise.allSettled(
    tries.map(async ({ most, process, person, run }, index) =>
      fixtures[process]?.models.generate(
        saying(String(index), { maxTokens: most }),
        call({ asker: { person, run: ids[run] }, signal: stops[index]?.signal ?? new AbortController().signal }),
      ),
    ),
  )
}

/** What is counted, and the most that was open at once in the other process when one was let through. */
async function sums(store: Store, ids: Record<Try['run'], string>) {
  const rows = await store.db.selectFrom('model_usage').select(['run', 'person', 'micros', 'outcome']).execute()
  const of = (fits: (row: (typeof rows)[number]) => boolean) => rows.filter(fits).reduce((sum, { micros }) => sum + Number(micros), 0)
  return {
    rows,
    day: of(() => true),
    ada: of(({ person }) => person === 'ada'),
    grace: of(({ person }) => person === 'grace'),
    a: of(({ run }) => run === ids.a || run === ids['child of a']),
    b: of(({ run }) => run === ids.b),
  }
}

const under = (limit: number | undefined, spent: number, slack: number): void => {
  if (limit !== undefined) expect(spent).toBeLessThanOrEqual(limit + slack)
}

forEachStore((name, open) => {
  const check = async (processes: 1 | 2) => {
    await using opened = await open()
    const { store } = opened
    await fc.assert(
      fc.asyncProperty(TRIES, LIMITS, async (tries, limits: Limits) => {
        const mine = tries.map((one) => ({ ...one, process: processes === 1 ? (0 as const) : one.process }))
        await store.db.deleteFrom('model_usage').execute()
        await store.db.deleteFrom('model_providers').execute()
        const ids = { a: crypto.randomUUID(), b: crypto.randomUUID(), 'child of a': crypto.randomUUID() }
        await parentOf(store, ids['child of a'], ids.a)
        const { answer, release, stops } = world(mine)
        await using first = modelsOver(store, KEYS)
        await using second = modelsOver(store, KEYS)
        await using _server = await withCloud(first, { answer })
        await first.models.setSettings({ budgets: { ...limits, currency: 'USD', alerts: [1] } }, 'ada')
        const asked = ask([first, second], mine, ids, stops)
        const releasing = release()
        const ends = await asked
        await releasing
        const counted = await sums(store, ids)
        expect(counted.rows.filter(({ outcome }) => outcome === 'open')).toEqual([])
        expect(counted.rows.length).toBeGreaterThanOrEqual(ends.filter(({ status }) => status === 'fulfilled').length)
        // One process knows of all that is in flight. Another one's call is known once it is written, and each writes one at a time.
        const slack = processes === 1 ? 0 : Math.max(...mine.map(({ most }) => most)) + REQUEST
        for (const { micros } of counted.rows) under(limits.call, Number(micros), 0)
        under(limits.day, counted.day, slack)
        under(limits.personDay, counted.ada, slack)
        under(limits.personDay, counted.grace, slack)
        under(limits.run, counted.a, slack)
        under(limits.run, counted.b, slack)
      }),
      { numRuns: name === 'sqlite' ? 25 : 6, endOnFailure: true },
    )
  }
  describe('limits of call, run, person and day', () => {
    it('hold in every interleaving within a process: nothing is passed', () => check(1), 60_000)
    it('are passed by no more than the calls in flight where two processes share a store', () => check(2), 60_000)
  })
})
