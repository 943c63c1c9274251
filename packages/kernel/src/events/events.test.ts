import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import type { TopicEvent } from '@life-os/contract'
import { expect, test } from 'vitest'
import { forEachStore, runRow } from '../store/testing.ts'
import { createEvents } from './events.ts'

const silentLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)

/** A handler that remembers, and a way to wait until it has seen a number of events. */
function collector(work: () => Promise<unknown> = () => Promise.resolve()) {
  const seen: TopicEvent[] = []
  let busy = 0
  let mostBusy = 0
  const waiting: { count: number; resolve: () => void }[] = []
  return {
    seen,
    mostBusy: () => mostBusy,
    async handler(event: TopicEvent): Promise<void> {
      mostBusy = Math.max(mostBusy, ++busy)
      await work()
      busy--
      seen.push(event)
      for (const { count, resolve } of waiting) if (seen.length >= count) resolve()
    },
    has: (count: number) => new Promise<void>((resolve) => (seen.length >= count ? resolve() : waiting.push({ count, resolve }))),
  }
}

forEachStore((name, open) => {
  test('published events are numbered, stored with labels, and read by pattern', async () => {
    await using opened = await open({ clock: () => 5 })
    await using events = createEvents({ store: opened.store, logger: silentLogger })
    expect(await events.head()).toBe(0)
    const first = await events.publish('run.started', { run: 'a', text: 'é\u0000' }, ['private'])
    expect(first).toEqual({ seq: 1, topic: 'run.started', at: 5, data: { run: 'a', text: 'é\u0000' }, labels: ['private'] })
    for (const topic of ['run.finished', 'runs', 'run.step.done', 'plan.saved', 'run']) await events.publish(topic, {})
    const topics = async (pattern: string, after = 0, limit = 100): Promise<string[]> =>
      (await events.read(pattern, after, limit)).map(({ topic }) => topic)
    expect(await events.read('run.started', 0, 10)).toEqual([first])
    expect(await topics('run.*')).toEqual(['run.started', 'run.finished'])
    expect(await topics('run.**')).toEqual(['run.started', 'run.finished', 'run.step.done', 'run'])
    expect(await topics('**', 2, 2)).toEqual(['runs', 'run.step.done'])
    expect(await events.head()).toBe(6)
    await expect(events.publish('run.*', {})).rejects.toEqual(expect.objectContaining({ code: 'topic-invalid' }))
  })

  test('reading past many that do not match still fills the limit', async () => {
    await using opened = await open()
    await using events = createEvents({ store: opened.store, logger: silentLogger })
    await Promise.all(range(1, 1200).map((number) => events.publish(number % 300 === 0 ? 'a.x.wanted' : 'a.x.other', { number })))
    expect((await events.read('a.*.wanted', 0, 3)).map(({ data }) => data.number)).toEqual([300, 600, 900])
  })

  test('whenever one subscribes, from wherever: every matching event once and in order', { timeout: 60_000 }, async () => {
    await using opened = await open()
    await using events = createEvents({ store: opened.store, logger: silentLogger })
    let published = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(30), fc.nat(30), fc.nat(40), fc.boolean(), async (before, during, back, slow) => {
        await Promise.all(range(1, before).map(() => events.publish('a.b', {})))
        published += before
        const from = Math.max(0, published - back)
        const live = range(1, during).map(() => events.publish('a.b', {})) // some are committed before, some after the replay
        published += during
        const heard = collector(slow ? () => setImmediate() : undefined)
        using _ = events.subscribe('a.*', heard.handler, from)
        await Promise.all(live)
        await events.publish('a.b', {})
        published++
        await heard.has(published - from)
        expect(heard.seen.map(({ seq }) => seq)).toEqual(range(from + 1, published))
        expect(heard.mostBusy()).toBe(1)
      }),
      { numRuns: name === 'sqlite' ? 25 : 10 },
    )
  })

  test('without a position only new ones come, and none after the end of the subscription', async () => {
    await using opened = await open()
    await using events = createEvents({ store: opened.store, logger: silentLogger })
    await events.publish('a', { old: true })
    const heard = collector()
    const witness = collector()
    const subscription = events.subscribe('**', heard.handler)
    using _ = events.subscribe('a', witness.handler, 0)
    await events.publish('a', { number: 1 })
    await heard.has(1)
    subscription[Symbol.dispose]()
    await events.publish('a', { number: 2 })
    await witness.has(3)
    expect(heard.seen.map(({ data }) => data)).toEqual([{ number: 1 }])
  })

  test('a handler that throws is logged and stops nobody', async () => {
    await using opened = await open()
    const logged: object[] = []
    await using events = createEvents({ store: opened.store, logger: { error: (fields) => logged.push(fields) } })
    const heard = collector()
    let calls = 0
    using _ = events.subscribe('a', () => {
      calls++
      throw new Error('broken')
    })
    using __ = events.subscribe('a', heard.handler)
    for (let number = 0; number < 3; number++) await events.publish('a', { number })
    await heard.has(3)
    expect(calls).toBe(3)
    expect(logged).toHaveLength(3)
    expect(logged[0]).toMatchObject({ topic: 'a', seq: 1, error: 'broken' })
  })

  test('a handler that falls far behind reads the rest from the store and misses none', { timeout: 60_000 }, async () => {
    await using opened = await open()
    await using events = createEvents({ store: opened.store, logger: silentLogger })
    const gate = Promise.withResolvers<void>()
    const heard = collector(() => gate.promise)
    using _ = events.subscribe('**', heard.handler)
    for (let batch = 0; batch < 8; batch++) await Promise.all(range(1, 400).map(() => events.publish('a', {})))
    gate.resolve()
    await heard.has(3200)
    expect(heard.seen.map(({ seq }) => seq)).toEqual(range(1, 3200))
  })

  test("what a run's journal writes as a topic reaches subscribers", async () => {
    await using opened = await open()
    const { store } = opened
    await using events = createEvents({ store, logger: silentLogger })
    await store.db.insertInto('runs').values(runRow('r')).execute()
    const heard = collector()
    using _ = events.subscribe('run.*', heard.handler)
    await store.journal.append(
      'r',
      1,
      [
        { kind: 'event', event: { type: 'run-waiting' } },
        { kind: 'topic', topic: 'run.waiting', data: { run: 'r' }, labels: ['untrusted'] },
      ],
      'next',
    )
    await heard.has(1)
    expect(heard.seen).toMatchObject([{ seq: 1, topic: 'run.waiting', data: { run: 'r' }, labels: ['untrusted'] }])
  })

  if (name === 'postgres')
    test('other nodes are woken, and all see one order', { timeout: 60_000 }, async () => {
      await using opened = await open()
      await using other = await opened.place.open()
      await using here = createEvents({ store: opened.store, logger: silentLogger })
      await using there = createEvents({ store: other, logger: silentLogger })
      const [heardHere, heardThere] = [collector(), collector()]
      using _ = here.subscribe('**', heardHere.handler)
      using __ = there.subscribe('**', heardThere.handler)
      await Promise.all(
        range(1, 60).map(async (number) => {
          await (number % 2 ? here : there).publish('a.b', { number })
        }),
      )
      await Promise.all([heardHere.has(60), heardThere.has(60)])
      expect(heardHere.seen.map(({ seq }) => seq)).toEqual(range(1, 60))
      expect(heardThere.seen).toEqual(heardHere.seen)
    })
})
