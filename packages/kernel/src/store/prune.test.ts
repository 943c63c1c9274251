import { expect, test } from 'vitest'
import { forEachStore, runRow } from './testing.ts'

const DAY = 86_400_000
const effect = (id: string, run: string, until: number | null) => ({
  id,
  run,
  path: 'a',
  try: 1,
  seq: 1,
  plugin: 'files',
  plugin_version: '1',
  tool: 'files.move',
  change_json: '{}',
  before_json: '{}',
  after_json: '{}',
  state: 'finished',
  at: 1,
  until,
  reversal: 'exact',
  labels: '[]',
})

forEachStore((_name, open) => {
  test('old runs go with everything of theirs; unfinished, young and undoable ones stay', async () => {
    const now = 1000 * DAY
    await using opened = await open({ clock: () => now })
    const { store } = opened
    const long = now - 400 * DAY
    await store.db
      .insertInto('runs')
      .values([
        runRow('old', { finished_at: long }),
        runRow('young', { finished_at: now - DAY }),
        runRow('waiting', { state: 'waiting', created_at: long }),
        runRow('undoable', { finished_at: long }),
        runRow('past undo', { finished_at: long }),
      ])
      .execute()
    await store.db
      .insertInto('effects')
      .values([effect('e1', 'old', null), effect('e2', 'undoable', now + DAY), effect('e3', 'past undo', now - DAY)])
      .execute()
    await store.journal.append(
      'old',
      1,
      [
        { kind: 'event', event: { type: 'run-waiting' } },
        { kind: 'wait-insert', row: { run: 'old', path: 'w', until: 1, event: null, from_seq: null } },
      ],
      'next',
    )
    expect(await store.prune(now)).toMatchObject({ runs: 2 })
    const left = await store.db.selectFrom('runs').select('id').orderBy('id').execute()
    expect(left.map(({ id }) => id)).toEqual(['undoable', 'waiting', 'young'])
    expect(await store.db.selectFrom('run_events').selectAll().execute()).toEqual([])
    expect(await store.db.selectFrom('waits').selectAll().execute()).toEqual([])
    expect((await store.db.selectFrom('effects').select('id').execute()).map(({ id }) => id)).toEqual(['e2'])
  })

  test('what has expired goes, and its number is told', async () => {
    let now = 0
    await using opened = await open({ clock: () => now })
    const { store } = opened
    await store.db
      .insertInto('people')
      .values({ id: 'ada', name: 'Ada', role: 'admin', created_at: 0, passphrase: null, deleted_at: null })
      .execute()
    const session = { person: 'ada', csrf: 'c', created_at: 0, used_at: 0 }
    await store.db
      .insertInto('sessions')
      .values([
        { ...session, hash: 'a', expires_at: DAY },
        { ...session, hash: 'b', expires_at: 90 * DAY },
      ])
      .execute()
    const grant = {
      subject_kind: 'plugin',
      subject_id: 'files',
      permission: 'fs.write:/',
      verdict: 'allow',
      origin: 'person',
      created_at: 0,
      created_by: 'ada',
      used_at: null,
    }
    await store.db
      .insertInto('grants')
      .values([
        { ...grant, id: '1', expires_at: DAY },
        { ...grant, id: '2', expires_at: null },
      ])
      .execute()
    await store.topics.publish('run.started', {})
    const blob = await store.blobs.put('kept until tomorrow')
    await store.blobs.keep(blob.hash, 'run:1', DAY)
    now = 40 * DAY
    await store.topics.publish('run.finished', {})
    expect(await store.prune(now)).toEqual({
      runs: 0,
      topics: 1,
      idempotency: 0,
      sessions: 1,
      links: 0,
      tokens: 0,
      grants: 1,
      usage: 0,
      answers: 0,
      audit: 0,
      blobs: 1,
    })
    expect((await store.topics.publish('run.started', {})).seq).toBe(3)
    expect(await store.prune(now)).toMatchObject({ topics: 0, sessions: 0, blobs: 0 })
  })

  test('calls of models are told of for 400 days, and answers kept for as long as they were meant to be', async () => {
    const now = 1000 * DAY
    await using opened = await open({ clock: () => now })
    const { store } = opened
    const call = { model: 'a/b', capability: 'text', person: 'ada', input: 1, output: 1, cached_input: 0, reasoning: 0, micros: 1 }
    const rest = { agent: null, tool: null, plugin: null, run: null, step: null, currency: 'USD', latency: 1, first_token: 1 }
    const usage = (id: string, at: number) => ({ id, at, day: '2000-01-01', ...call, ...rest, from_cache: 0, outcome: 'done' })
    await store.db
      .insertInto('model_usage')
      .values([usage('old', now - 400 * DAY - 1), usage('young', now - 400 * DAY)])
      .execute()
    const answer = (key: string, expires_at: number) => ({ key, answer_json: '{}', labels: '[]', at: 1, expires_at, bytes: 2 })
    await store.db
      .insertInto('model_cache')
      .values([answer('over', now), answer('kept', now + 1)])
      .execute()
    expect(await store.prune(now)).toMatchObject({ usage: 1, answers: 1 })
    expect(await store.db.selectFrom('model_usage').select('id').execute()).toEqual([{ id: 'young' }])
    expect(await store.db.selectFrom('model_cache').select('key').execute()).toEqual([{ key: 'kept' }])
  })
})
