import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { POSTGRES_MISSING } from '../../../../../tools/services/fresh.ts'
import { createEvents } from '../../events/index.ts'
import { silentLogger } from '../logger.ts'
import { freshPlace, runRow } from '../testing.ts'

const RUN = '01890000-0000-7000-8000-000000000001'
const missing = process.env[POSTGRES_MISSING]
const record = { kind: 'run' as const, actor: 'ada', run: RUN, step: null, tool: null, verdict: null, rule: null, data: {} }

/** Ends every connection of Life-OS to this database, as a restart of the server would. Answers with how many. */
async function cutConnections(url: string | undefined): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'life-os'",
    )
    return rowCount ?? 0
  } finally {
    await client.end()
  }
}

describe.skipIf(missing)(missing ? `PostgreSQL (${missing})` : 'PostgreSQL', () => {
  test('cut connections lose no entry and double none', { timeout: 60_000 }, async () => {
    await using place = await freshPlace('postgres')
    await using store = await place.open()
    await store.db.insertInto('runs').values(runRow(RUN)).execute()
    let going = true
    const acknowledged: number[] = []
    const append = async (): Promise<void> => {
      for (let number = 0; going; number++) {
        const [entry] = await store.journal.append(
          RUN,
          1,
          [
            { kind: 'event', event: { type: 'step-started', path: `s${number}` } },
            { kind: 'audit', record },
          ],
          'sync',
        )
        if (entry) acknowledged.push(entry.seq)
      }
    }
    const appending = append()
    for (let cut = 1; cut <= 5; cut++) {
      const wanted = acknowledged.length + 20
      while (acknowledged.length < wanted) await store.journal.flush()
      expect(await cutConnections(place.url)).toBeGreaterThan(0)
    }
    const wanted = acknowledged.length + 20
    while (acknowledged.length < wanted) await store.journal.flush()
    going = false
    await appending
    const entries = await store.journal.read(RUN)
    expect(entries.map(({ seq }) => seq)).toEqual(acknowledged)
    expect(entries.map(({ event }) => 'path' in event && event.path)).toEqual(acknowledged.map((_, index) => `s${index}`))
    expect(await store.audit.verify()).toMatchObject({ ok: true, records: acknowledged.length })
  })

  test('a node that was cut off hears what it missed', { timeout: 60_000 }, async () => {
    await using place = await freshPlace('postgres')
    await using store = await place.open()
    await using other = await place.open()
    await using here = createEvents({ store, logger: silentLogger })
    const seen: number[] = []
    const heard = Promise.withResolvers<void>()
    using _ = here.subscribe('**', ({ seq }) => {
      seen.push(seq)
      if (seq === 3) heard.resolve()
    })
    await other.topics.publish('a', {})
    await cutConnections(place.url)
    await other.journal.flush()
    const publish = async (): Promise<void> => void (await other.topics.publish('a', {}).catch(() => publish()))
    await publish()
    await publish()
    await heard.promise
    expect(seen).toEqual([1, 2, 3])
  })

  test('two nodes on one database share the audit chain', { timeout: 60_000 }, async () => {
    await using place = await freshPlace('postgres')
    await using here = await place.open()
    await using there = await place.open()
    await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? here : there).audit.append({ ...record, run: null })))
    for (let index = 0; index < 6; index++) await (index % 2 ? here : there).audit.append({ ...record, run: null })
    expect(await here.audit.verify()).toMatchObject({ ok: true, records: 46 })
  })
})
