import { setImmediate } from 'node:timers/promises'
import type { JournalEntry, RunEvent } from '@life-os/contract'
import { expect, test } from 'vitest'
import type { EffectRow, TryRow } from '../schema.ts'
import { forEachStore, runRow } from '../testing.ts'
import type { JournalWrite, Store } from '../types.ts'
import type { Timing } from './timer.ts'

const RUN = '01890000-0000-7000-8000-000000000001'
const OTHER = '01890000-0000-7000-8000-000000000002'
const started = (path: string): JournalWrite => ({ kind: 'event', event: { type: 'step-started', path } })
const tryRow = (path: string, run = RUN): TryRow => ({
  run,
  path,
  try: 1,
  plan_id: 'plan',
  step: path,
  plugin: 'files',
  tool: 'files.move',
  key: 'key',
  input_hash: 'hash',
  state: 'started',
  started_at: 1,
  finished_at: null,
  cost_json: null,
  error_code: null,
})
const effectRow = (id: string, run = RUN): EffectRow => ({
  id,
  run,
  path: 'a',
  try: 1,
  seq: 1,
  plugin: 'files',
  plugin_version: '1.0.0',
  tool: 'files.move',
  change_json: '{}',
  before_json: '{}',
  after_json: null,
  state: 'started',
  at: 1,
  until: 99,
  reversal: 'exact',
  labels: '["private"]',
})
const fails = (code: string) => expect.objectContaining({ code })

async function addRuns(store: Store, ...ids: string[]): Promise<void> {
  for (const id of ids) await store.db.insertInto('runs').values(runRow(id)).execute()
}

/** Time that only the test moves on. */
function handTiming(): Timing & { soonNow(): void; laterNow(): void; waiting(): string } {
  let soon: (() => void) | undefined
  let later: (() => void) | undefined
  const run = (work: (() => void) | undefined): void => work?.()
  return {
    soon: (work) => {
      soon = work
      return () => {
        soon = undefined
      }
    },
    later: (work) => {
      later = work
      return () => {
        later = undefined
      }
    },
    soonNow: () => {
      const work = soon
      soon = undefined
      run(work)
    },
    laterNow: () => {
      const work = later
      later = undefined
      run(work)
    },
    waiting: () => [soon && 'soon', later && 'later'].filter(Boolean).join(),
  }
}

forEachStore((_name, open) => {
  test('appends are numbered from 1 within their run and read back as they were', async () => {
    await using opened = await open({ clock: () => 42 })
    const { store } = opened
    await addRuns(store, RUN, OTHER)
    const event: RunEvent = {
      type: 'step-finished',
      path: 'a',
      output: { value: { text: 'é\u0000\uD800 "😀"', n: 1.5 }, labels: ['untrusted', 'private'] },
    }
    const first = await store.journal.append(RUN, 1, [started('a'), { kind: 'event', event }], 'sync')
    const other = await store.journal.append(OTHER, 1, [started('b')], 'sync')
    expect(first.map(({ seq, at }) => [seq, at])).toEqual([
      [1, 42],
      [2, 42],
    ])
    expect(other.map(({ seq }) => seq)).toEqual([1])
    expect(await store.journal.read(RUN)).toEqual(first)
    expect(await store.journal.read(RUN, 1, 1)).toEqual(first.slice(1))
    const rows = await store.db.selectFrom('run_events').select(['type', 'path', 'labels']).where('run', '=', RUN).orderBy('seq').execute()
    expect(rows).toEqual([
      { type: 'step-started', path: 'a', labels: '[]' },
      { type: 'step-finished', path: 'a', labels: '["private","untrusted"]' },
    ])
  })

  test('all writes of an append commit together, later ones folded into earlier ones', async () => {
    await using opened = await open()
    const { store } = opened
    await addRuns(store, RUN)
    await store.journal.append(
      RUN,
      1,
      [
        started('a'),
        { kind: 'try-insert', row: tryRow('a') },
        { kind: 'try-update', path: 'a', try: 1, patch: { state: 'finished', finished_at: 9 } },
        { kind: 'effect-insert', row: effectRow('e1') },
        { kind: 'run-update', patch: { state: 'waiting', error_path: 'a' } },
        { kind: 'run-update', patch: { state: 'running', started_at: 7 } },
        { kind: 'wait-insert', row: { run: RUN, path: 'w', until: 5, event: null, from_seq: null } },
        { kind: 'wait-insert', row: { run: RUN, path: 'gone', until: 5, event: null, from_seq: null } },
        { kind: 'wait-delete', path: 'gone' },
        { kind: 'topic', topic: 'run.started', data: { run: RUN } },
        {
          kind: 'audit',
          record: { kind: 'run', actor: 'ada', run: RUN, step: null, tool: null, verdict: null, rule: null, data: { a: 1 } },
        },
      ],
      'sync',
    )
    await store.journal.append(
      RUN,
      1,
      [
        { kind: 'effect-update', id: 'e1', patch: { state: 'finished', after_json: '{}', until: null } },
        { kind: 'run-update', patch: { error_path: null } },
        { kind: 'wait-insert', row: { run: RUN, path: 'w', until: null, event: 'files.changed', from_seq: 3 } },
      ],
      'sync',
    )
    const run = await store.db.selectFrom('runs').select(['state', 'started_at', 'error_path', 'epoch']).executeTakeFirstOrThrow()
    expect(run).toEqual({ state: 'running', started_at: 7, error_path: null, epoch: 1 })
    expect(await store.db.selectFrom('tries').selectAll().execute()).toEqual([{ ...tryRow('a'), state: 'finished', finished_at: 9 }])
    expect(await store.db.selectFrom('effects').selectAll().execute()).toEqual([
      { ...effectRow('e1'), state: 'finished', after_json: '{}', until: null },
    ])
    expect(await store.db.selectFrom('waits').selectAll().execute()).toEqual([
      { run: RUN, path: 'w', until: null, event: 'files.changed', from_seq: 3 },
    ])
    expect(await store.db.selectFrom('events').select(['topic', 'data_json']).execute()).toEqual([
      { topic: 'run.started', data_json: JSON.stringify({ run: RUN }) },
    ])
    expect((await store.audit.verify()).records).toBe(1)
  })

  test('concurrent runs share a commit and keep their order', async () => {
    await using opened = await open()
    const { store } = opened
    const ids = Array.from({ length: 20 }, (_, index) => `01890000-0000-7000-8000-0000000001${String(index).padStart(2, '0')}`)
    await addRuns(store, ...ids)
    const groups: (readonly JournalEntry[])[] = []
    using _ = store.journal.onCommitted((entries) => groups.push(entries))
    await Promise.all(
      ids.map(async (run) => {
        for (let step = 0; step < 25; step++) await store.journal.append(run, 1, [started(`s${step}`)], 'sync')
      }),
    )
    expect(groups.flat()).toHaveLength(500)
    expect(groups.length).toBeLessThan(100)
    for (const run of ids) {
      const mine = groups.flat().filter((entry) => entry.run === run)
      expect(mine.map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
      expect(await store.journal.read(run)).toEqual(mine)
    }
  })

  test('appends that are not awaited keep their order too', async () => {
    await using opened = await open()
    const { store } = opened
    await addRuns(store, RUN)
    const appends = Array.from({ length: 50 }, (_, index) =>
      store.journal.append(RUN, 1, [started(`s${index}`)], index % 3 === 0 ? 'next' : 'sync'),
    )
    await Promise.all(appends)
    const paths = (await store.journal.read(RUN)).map(({ event }) => 'path' in event && event.path)
    expect(paths).toEqual(Array.from({ length: 50 }, (_, index) => `s${index}`))
  })

  test('`next` gives its numbers at once and rides with the next commit, or goes alone in time', async () => {
    const timing = handTiming()
    await using opened = await open({ timing })
    const { store } = opened
    await addRuns(store, RUN)
    const committed: number[][] = []
    using _ = store.journal.onCommitted((entries) => committed.push(entries.map(({ seq }) => seq)))
    const [first] = await store.journal.append(RUN, 1, [started('a')], 'next')
    expect(first?.seq).toBe(1)
    expect(timing.waiting()).toBe('later')
    const second = store.journal.append(RUN, 1, [started('b')], 'sync')
    expect(timing.waiting()).toBe('soon')
    timing.soonNow()
    await second
    expect(committed).toEqual([[1, 2]])
    await store.journal.append(RUN, 1, [started('c')], 'next')
    timing.laterNow()
    while (committed.length < 2) await setImmediate()
    expect(committed[1]).toEqual([3])
    const flushed = store.journal.append(RUN, 1, [started('d')], 'next').then(() => store.journal.read(RUN))
    while (timing.waiting() !== 'soon') await setImmediate()
    timing.soonNow()
    expect(await flushed).toHaveLength(4)
  })

  test('a closed store refuses to be written', async () => {
    await using opened = await open()
    await addRuns(opened.store, RUN)
    await opened.store[Symbol.asyncDispose]()
    await expect(opened.store.journal.append(RUN, 1, [started('a')], 'sync')).rejects.toEqual(fails('store-closed'))
  })

  test('what a transaction leaves running may write once it ended', async () => {
    await using opened = await open()
    const { store } = opened
    await addRuns(store, RUN)
    const ended = Promise.withResolvers<void>()
    let after: Promise<JournalEntry[]> | undefined
    await store.transaction(async (tx) => {
      await tx.selectFrom('runs').select('id').execute()
      after = ended.promise.then(() => store.journal.append(RUN, 1, [started('a')], 'sync'))
    })
    ended.resolve()
    expect(await after).toHaveLength(1)
  })

  test('a stale epoch writes nothing, and the others of its group are not touched', async () => {
    await using opened = await open()
    const { store } = opened
    await addRuns(store, RUN, OTHER)
    await store.journal.append(RUN, 1, [started('a')], 'sync')
    await store.db.updateTable('runs').set({ epoch: 2 }).where('id', '=', RUN).execute()
    const stale = store.journal.append(
      RUN,
      1,
      [
        started('stale'),
        { kind: 'run-update', patch: { state: 'done' } },
        { kind: 'try-insert', row: tryRow('stale') },
        { kind: 'topic', topic: 'run.finished', data: {} },
        { kind: 'audit', record: { kind: 'run', actor: 'old', run: RUN, step: null, tool: null, verdict: null, rule: null, data: {} } },
      ],
      'sync',
    )
    const good = store.journal.append(
      OTHER,
      1,
      [
        started('b'),
        { kind: 'audit', record: { kind: 'run', actor: 'ada', run: OTHER, step: null, tool: null, verdict: null, rule: null, data: {} } },
      ],
      'sync',
    )
    await expect(stale).rejects.toEqual(fails('run-fenced'))
    expect((await good).map(({ seq }) => seq)).toEqual([1])
    await expect(store.journal.append(RUN, 1, [started('again')], 'next')).rejects.toEqual(fails('run-fenced'))
    expect(await store.journal.append(RUN, 2, [started('new owner')], 'sync')).toMatchObject([{ seq: 2 }])
    await expect(store.journal.append(RUN, 1, [started('again')], 'sync')).rejects.toEqual(fails('run-fenced'))
    expect(await store.db.selectFrom('tries').selectAll().execute()).toEqual([])
    expect(await store.db.selectFrom('events').selectAll().execute()).toEqual([])
    expect(await store.db.selectFrom('runs').select('state').where('id', '=', RUN).executeTakeFirst()).toEqual({ state: 'running' })
    expect(await store.audit.verify()).toMatchObject({ ok: true, records: 1 })
  })

  test('an entry given out with `next` and then fenced closes the run to its old owner', async () => {
    const timing = handTiming()
    await using opened = await open({ timing })
    const { store } = opened
    await addRuns(store, RUN)
    await store.journal.append(RUN, 1, [started('lost')], 'next')
    await store.db.updateTable('runs').set({ epoch: 2 }).where('id', '=', RUN).execute()
    const behind = store.journal.append(RUN, 1, [started('behind')], 'sync')
    timing.soonNow()
    await expect(behind).rejects.toEqual(fails('run-fenced'))
    const fresh = store.journal.append(RUN, 2, [started('b')], 'sync')
    while (timing.waiting() === '') await setImmediate()
    timing.soonNow()
    expect(await fresh).toMatchObject([{ seq: 1 }])
  })

  test('a row the schema refuses fails its own append only, and leaves no hole in the numbers', async () => {
    await using opened = await open()
    const { store } = opened
    await addRuns(store, RUN, OTHER)
    await store.journal.append(RUN, 1, [{ kind: 'try-insert', row: tryRow('a') }], 'sync')
    const twice = store.journal.append(RUN, 1, [started('bad'), { kind: 'try-insert', row: tryRow('a') }], 'sync')
    const behind = store.journal.append(RUN, 1, [started('behind')], 'sync')
    const other = store.journal.append(OTHER, 1, [started('good')], 'sync')
    await expect(twice).rejects.toEqual(fails('store-constraint'))
    await expect(behind).rejects.toEqual(fails('store-constraint'))
    expect(await other).toMatchObject([{ seq: 1 }])
    expect(await store.journal.append(RUN, 1, [started('next')], 'sync')).toMatchObject([{ seq: 1 }])
    expect((await store.journal.read(RUN)).map(({ event }) => event)).toEqual([{ type: 'step-started', path: 'next' }])
  })

  test.each([
    ['a run that is not there', 'run-unknown', [started('a')]],
    ['a NUL in a text', 'text-invalid', [started('a\0')]],
    ['the epoch, which only a claim may raise', 'store-constraint', [{ kind: 'run-update', patch: { epoch: 9 } }]],
  ] as [string, string, JournalWrite[]][])('%s is refused', async (_case, code, writes) => {
    await using opened = await open()
    if (code !== 'run-unknown') await addRuns(opened.store, RUN)
    await expect(opened.store.journal.append(RUN, 1, writes, 'sync')).rejects.toEqual(fails(code))
  })

  test('a patch reaches only rows of its own run', async () => {
    await using opened = await open()
    const { store } = opened
    await addRuns(store, RUN, OTHER)
    await store.journal.append(RUN, 1, [{ kind: 'effect-insert', row: effectRow('e1') }], 'sync')
    await store.journal.append(OTHER, 1, [{ kind: 'effect-update', id: 'e1', patch: { state: 'undone' } }], 'sync')
    expect(await store.db.selectFrom('effects').select('state').execute()).toEqual([{ state: 'started' }])
  })

  test('a transaction of the store and the journal take turns', async () => {
    await using opened = await open()
    const { store } = opened
    await addRuns(store, RUN)
    const inside = Promise.withResolvers<void>()
    const transaction = store.transaction(async (tx) => {
      await tx.insertInto('settings').values({ key: 'a', value_json: '1' }).execute()
      await inside.promise
      await tx.insertInto('settings').values({ key: 'b', value_json: '2' }).execute()
    })
    const append = store.journal.append(RUN, 1, [started('a')], 'sync')
    await setImmediate()
    inside.resolve()
    await Promise.all([transaction, append])
    expect(await store.db.selectFrom('settings').selectAll().orderBy('key').execute()).toHaveLength(2)
    expect(await store.journal.read(RUN)).toHaveLength(1)
  })

  test('awaiting the journal inside a transaction is refused instead of waiting for ever', async () => {
    await using opened = await open()
    const { store } = opened
    await addRuns(store, RUN)
    const work = store.transaction(async (tx) => {
      await tx.insertInto('settings').values({ key: 'a', value_json: '1' }).execute()
      await store.journal.append(RUN, 1, [started('a')], 'sync')
    })
    await expect(work).rejects.toEqual(fails('journal-in-transaction'))
    expect(await store.db.selectFrom('settings').selectAll().execute()).toEqual([])
  })

  test('what was appended is there after the store is opened again', async () => {
    await using opened = await open()
    await addRuns(opened.store, RUN)
    await opened.store.journal.append(RUN, 1, [started('a')], 'next')
    await opened.store[Symbol.asyncDispose]()
    await using again = await opened.place.open()
    expect(await again.journal.append(RUN, 1, [started('b')], 'sync')).toMatchObject([{ seq: 2 }])
    expect(await again.journal.read(RUN)).toHaveLength(2)
  })
})
