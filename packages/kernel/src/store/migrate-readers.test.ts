import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Dialect } from './dialect/dialect.ts'
import { openPostgres } from './dialect/postgres.ts'
import { openSqlite } from './dialect/sqlite.ts'
import { silentLogger } from './logger.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { RunRow } from './schema.ts'
import { forEachStore, messageRow, runRow, threadRow } from './testing.ts'
import type { StorePlace } from './testing.ts'

const clock = (): number => 1
const dialectOf = (place: StorePlace): Promise<Dialect> =>
  place.url === undefined ? Promise.resolve(openSqlite(join(place.home, 'lifeos.sqlite'))) : openPostgres(place.url, silentLogger)

/** A run's row as the third schema has it. */
const { only_for: _onlyFor, ...runOfThird } = runRow('r1')

forEachStore((name, _open, place) => {
  test(`runs of conversations become their person’s own, with all that descends from them (${name})`, async () => {
    await using here = await place()
    const dialect = await dialectOf(here)
    try {
      await migrate(dialect, { migrations, clock, target: 3 })
      const kept: Record<string, Partial<RunRow>> = {
        answer: {},
        plan: { parent: 'answer' },
        planOfPlan: { parent: 'plan' },
        undone: { kind: 'undo', of: 'planOfPlan' },
        // No message tells of this one any more.
        gone: { plan_id: 'chat-turn', actor_json: '{"id":"bob","kind":"person"}' },
        other: {},
        undoOfOther: { kind: 'undo', of: 'other' },
      }
      for (const [id, fields] of Object.entries(kept))
        await dialect.db
          .insertInto('runs')
          .values({ ...runOfThird, id, ...fields } as never)
          .execute() // checked by the database
      await dialect.db
        .insertInto('threads')
        .values(threadRow('t', { person: 'ada' }))
        .execute()
      await dialect.db
        .insertInto('messages')
        .values(messageRow('m', 't', '', { run: 'answer' }))
        .execute()
      await migrate(dialect, { migrations, clock, target: 4 })
      const rows = await dialect.db.selectFrom('runs').select(['id', 'only_for']).execute()
      expect(Object.fromEntries(rows.map((row) => [row.id, row.only_for]))).toEqual({
        answer: 'ada',
        plan: 'ada',
        planOfPlan: 'ada',
        undone: 'ada',
        gone: 'bob',
        other: null,
        undoOfOther: null,
      })
      await migrate(dialect, { migrations, clock, target: 3 })
      await dialect.db
        .insertInto('runs')
        .values({ ...runOfThird, id: 'later' } as never)
        .execute() // checked by the database
      await migrate(dialect, { migrations, clock, target: 4 })
      expect((await dialect.db.selectFrom('runs').selectAll().execute()).length).toBe(8)
    } finally {
      await dialect.close()
    }
  })
})
