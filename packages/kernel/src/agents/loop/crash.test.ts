// What the journal of an agent's run is worth: it is killed at random moments, and goes on without paying again.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { JournalEntry, Run } from '@life-os/contract'
import type { WireRequest } from '../../models/testing/index.ts'
import { fixtureBuild } from '../../runs/testing.ts'
import { forEachStore, type StorePlace } from '../../store/testing.ts'
import { live } from './fixtures/killing.ts'
import { modelServer } from './testing.ts'

const ROUNDS = 12
const KILLS = 12

async function journalOf(place: StorePlace): Promise<{ run: string | undefined; events: JournalEntry['event'][] }> {
  await using store = await place.open()
  const row = await store.db.selectFrom('runs').select('id').executeTakeFirst()
  return { run: row?.id, events: row ? (await store.journal.read(row.id, 0, 100_000)).map(({ event }) => event) : [] }
}

const roundOf = ({ messages }: WireRequest): number => messages.filter(({ role }) => role === 'tool').length
const finishedRounds = (events: readonly JournalEntry['event'][]): number[] =>
  events
    .flatMap((event) => (event.type === 'try-finished' ? Number(/turn\[(\d+)\]\.model$/.exec(event.path)?.[1] ?? -1) : []))
    .filter((round) => round >= 0)

forEachStore((name, _, freshPlace) => {
  test(
    `no finished call of a model is paid again, none in flight more than once more, and no effect twice (${name})`,
    { timeout: 300_000 },
    async () => {
      await using place = await freshPlace()
      const folder = mkdtempSync(join(tmpdir(), 'lifeos-agent-'))
      await using server = await modelServer(async (request) => {
        const round = roundOf(request)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20)) // a model takes its time, so that kills fall into calls
        if (round === ROUNDS) return 'All written.'
        return { calls: [{ tool: 'trial.note', input: { path: join(folder, `${round}.txt`), text: String(round) } }] }
      })
      const build = await fixtureBuild()
      const order = { home: place.home, url: place.url, folder, model: server.url, build }
      const askedOf = (round: number): number => server.asked.filter((request) => roundOf(request) === round).length
      const paid = new Map<number, number>()
      let kills = 0
      let end: Run | undefined
      while (!end) {
        const { run } = await journalOf(place)
        const dies = kills < KILLS ? { killAfter: 1 + Math.floor(Math.random() * 9), killWait: Math.floor(Math.random() * 12) } : {}
        const { said, killed } = await live({ ...order, ...dies }, run)
        expect(said?.error).toBeUndefined()
        if (killed) kills += 1
        else end = said?.run
        const { events } = await journalOf(place)
        for (const round of finishedRounds(events)) if (!paid.has(round)) paid.set(round, askedOf(round))
      }
      expect(end).toMatchObject({ state: 'done', error: null })
      for (const [round, times] of paid) expect(askedOf(round), `round ${round} was asked again after it was paid`).toBe(times)
      const { events } = await journalOf(place)
      const warned = events.filter((event) => event.type === 'warning-noted' && event.code === 'possibly-paid-twice').length
      expect(server.asked.length - (ROUNDS + 1), 'asked again').toBeLessThanOrEqual(warned)
      expect(warned, 'at most one in flight at each kill').toBeLessThanOrEqual(kills)
      expect(readdirSync(folder)).toHaveLength(ROUNDS)
      expect(
        events.filter(({ type }) => type === 'effect-started').length,
        'each effect once, but for what a kill cut off',
      ).toBeLessThanOrEqual(ROUNDS + kills)
      const finished = events.filter((event) => event.type === 'try-finished').reduce((sum, { cost }) => sum + cost.tokens, 0)
      if (warned > 0) expect(end.cost.tokens, 'what was cut off counts in full').toBeGreaterThan(finished)
      else expect(end.cost.tokens).toBe(finished)
      rmSync(folder, { recursive: true, force: true })
    },
  )
})
