import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { forEachStore, runRow } from '../testing.ts'
import type { Store } from '../types.ts'

const DAY = 86_400_000
const record = (text: string) => ({
  kind: 'decision' as const,
  actor: 'ada',
  run: null,
  step: null,
  tool: 'files.move',
  verdict: 'allow' as const,
  rule: 'approval',
  data: { text },
})

/** Seven records in four groups: 1, 2 3 4, 5 6, 7. */
async function fill(store: Store): Promise<void> {
  await store.audit.append(record('one'))
  for (const size of [3, 2]) await Promise.all(Array.from({ length: size }, (_, index) => store.audit.append(record(`${size}.${index}`))))
  await store.audit.append(record('last'))
}

/** Each is something a person with access to the database could do. */
const TAMPERINGS: [string, number, (store: Store) => Promise<unknown>][] = [
  ['a changed text', 3, ({ db }) => db.updateTable('audit').set({ data_json: '{"text":"other"}' }).where('seq', '=', 3).execute()],
  ['a changed verdict', 1, ({ db }) => db.updateTable('audit').set({ verdict: 'deny' }).where('seq', '=', 1).execute()],
  ['a changed time', 7, ({ db }) => db.updateTable('audit').set({ at: 1 }).where('seq', '=', 7).execute()],
  ['a null where a text was', 5, ({ db }) => db.updateTable('audit').set({ rule: null }).where('seq', '=', 5).execute()],
  ['a removed record', 3, ({ db }) => db.deleteFrom('audit').where('seq', '=', 3).execute()],
  ['a removed first record', 1, ({ db }) => db.deleteFrom('audit').where('seq', '=', 1).execute()],
  ['a removed group', 2, ({ db }) => db.deleteFrom('audit').where('group_no', '=', 2).execute()],
  ['the last record of a group removed', 4, ({ db }) => db.deleteFrom('audit').where('seq', '=', 4).execute()],
  ['the last record removed', 7, ({ db }) => db.deleteFrom('audit').where('seq', '=', 7).execute()],
  ['everything removed', 1, ({ db }) => db.deleteFrom('audit').execute()],
  [
    'two records swapped',
    2,
    async ({ db }) => {
      await db.updateTable('audit').set({ seq: 99 }).where('seq', '=', 2).execute()
      await db.updateTable('audit').set({ seq: 2 }).where('seq', '=', 3).execute()
      await db.updateTable('audit').set({ seq: 3 }).where('seq', '=', 99).execute()
    },
  ],
  [
    'a removed record with the others moved up',
    3,
    async ({ db }) => {
      await db.deleteFrom('audit').where('seq', '=', 3).execute()
      await sql`update audit set seq = -(seq - 1) where seq > 3`.execute(db)
      await sql`update audit set seq = -seq where seq < 0`.execute(db)
    },
  ],
  ['a link taken away', 1, ({ db }) => db.updateTable('audit').set({ link: null }).where('seq', '=', 1).execute()],
  [
    'a link made up',
    7,
    ({ db }) =>
      db
        .updateTable('audit')
        .set({ link: 'f'.repeat(64) })
        .where('seq', '=', 7)
        .execute(),
  ],
  ['a record moved to another group', 5, ({ db }) => db.updateTable('audit').set({ group_no: 2 }).where('seq', '=', 5).execute()],
  [
    'a record added at the end',
    8,
    ({ db }) =>
      db
        .insertInto('audit')
        .values({
          seq: 8,
          at: 1,
          kind: 'decision',
          actor: 'eve',
          run: null,
          step: null,
          tool: null,
          verdict: null,
          rule: null,
          data_json: '{}',
          group_no: 5,
          link: 'e'.repeat(64),
        })
        .execute(),
  ],
]

forEachStore((_name, open) => {
  test('an empty record verifies, and so does one that was written in groups', async () => {
    await using opened = await open()
    const { store, place } = opened
    expect(await store.audit.verify()).toMatchObject({ ok: true, records: 0, brokenAt: null })
    await fill(store)
    const verified = await store.audit.verify()
    expect(verified).toMatchObject({ ok: true, records: 7, brokenAt: null })
    expect(verified.head).toMatch(/^[0-9a-f]{64}$/)
    const groups = await store.db.selectFrom('audit').select(['seq', 'group_no']).orderBy('seq').execute()
    expect(groups.map(({ group_no }) => group_no)).toEqual([1, 2, 2, 2, 3, 3, 4])
    expect(statSync(join(place.home, 'audit.key')).mode & 0o777).toBe(0o600)
  })

  test.each(TAMPERINGS)('%s is found', async (_what, at, tamper) => {
    await using opened = await open()
    await fill(opened.store)
    await tamper(opened.store)
    const found = await opened.store.audit.verify()
    expect(found).toMatchObject({ ok: false })
    expect(found.message).not.toBe('')
    expect(found.brokenAt).toBeGreaterThanOrEqual(at)
    expect(found.brokenAt).toBeLessThanOrEqual(at + 2) // a change shows where its group ends
  })

  test('the chain goes on after a restart, and a chain made with another key does not verify', async () => {
    await using opened = await open()
    await fill(opened.store)
    await opened.store[Symbol.asyncDispose]()
    const again = await opened.place.open()
    await again.audit.append(record('after'))
    expect(await again.audit.verify()).toMatchObject({ ok: true, records: 8 })
    await again[Symbol.asyncDispose]()
    rmSync(join(opened.place.home, 'audit.key'))
    await using forged = await opened.place.open()
    expect(await forged.audit.verify()).toMatchObject({ ok: false, brokenAt: 1 })
  })

  test("a journal's records and loose ones share the chain", async () => {
    await using opened = await open()
    const { store } = opened
    await store.db.insertInto('runs').values(runRow('r')).execute()
    await Promise.all([
      store.journal.append('r', 1, [{ kind: 'audit', record: record('run') }], 'sync'),
      store.audit.append(record('loose')),
    ])
    await store.journal.append('r', 1, [{ kind: 'audit', record: record('run') }], 'sync')
    expect((await store.db.selectFrom('audit').select(['seq', 'run']).orderBy('seq').execute()).map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(await store.audit.verify()).toMatchObject({ ok: true, records: 3 })
  })

  test('pruning leaves a checkpoint from which the rest verifies, again and again', async () => {
    let now = 0
    await using opened = await open({ clock: () => now, retention: { audit: 10 * DAY } })
    const { store } = opened
    await fill(store)
    now = 8 * DAY
    await fill(store)
    now = 12 * DAY
    expect(await store.prune(now)).toMatchObject({ audit: 7 })
    expect(await store.audit.verify()).toMatchObject({ ok: true, records: 8 })
    expect(await store.prune(now)).toMatchObject({ audit: 0 })
    now = 20 * DAY
    expect(await store.prune(now)).toMatchObject({ audit: 7 })
    await store.audit.append(record('after'))
    expect(await store.audit.verify()).toMatchObject({ ok: true, records: 3 })
    await store.db.deleteFrom('audit').where('seq', '=', 15).execute()
    expect(await store.audit.verify()).toMatchObject({ ok: false })
  })
})
