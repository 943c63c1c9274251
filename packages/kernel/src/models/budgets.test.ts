import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forEachStore, runRow } from '../store/testing.ts'
import { ollamaServer } from './testing/index.ts'
import { KEYS, call, modelsOver, saying, withCloud } from './testing/over-store.ts'

const DAY = 86_400_000

forEachStore((name, open) => {
  describe('a budget', () => {
    it('stops a call before it goes out, and says what is left', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using server = await withCloud(fixture, { answer: { text: 'Yes', usage: { input: 10, output: 20 } } })
      await fixture.models.setSettings({ budgets: { call: 100, currency: 'USD', alerts: [] } }, 'ada')
      await expect(fixture.models.generate(saying('Hello'), call())).rejects.toMatchObject({
        code: 'model-budget',
        applied: 'no',
        message: expect.stringMatching(/0\.0001 USD for one call/) as string,
      })
      expect(server.asked).toHaveLength(0)
      expect(await fixture.models.generate(saying('Hello', { maxTokens: 50 }), call())).toMatchObject({ micros: 30 })
    })

    it('over money leaves models of this machine alone', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using local = await ollamaServer({ models: ['small'], answer: 'Free.' })
      await fixture.add({ id: 'here', kind: 'ollama', url: local.url })
      await using _cloud = await withCloud(fixture, { answer: 'Dear.' })
      await fixture.models.setSettings({ prefer: 'cloud', budgets: { day: 0, currency: 'USD', alerts: [] } }, 'ada')
      expect(await fixture.models.generate(saying('Hello'), call())).toMatchObject({ model: 'here/small', micros: 0 })
    })

    it('of a run, a person and a day counts what each spent, and begins anew with the day', async () => {
      await using opened = await open()
      let now = Date.UTC(2026, 0, 5, 12)
      await using fixture = modelsOver(opened.store, { ...KEYS, clock: { now: () => now } })
      await using _server = await withCloud(fixture, { answer: { text: 'Yes', usage: { input: 100, output: 100 } } })
      await fixture.models.setSettings({ budgets: { run: 500, personDay: 1000, day: 1500, currency: 'USD', alerts: [] } }, 'ada')
      const run = crypto.randomUUID()
      const ask = (person: string, of?: string) =>
        fixture.models.generate(saying('Hello', { maxTokens: 190 }), call({ asker: { person, run: of } }))
      await ask('ada', run)
      await ask('ada', run)
      await expect(ask('ada', run)).rejects.toMatchObject({ message: expect.stringContaining('this run') as string })
      await ask('ada')
      await ask('ada')
      await ask('ada')
      await expect(ask('ada')).rejects.toMatchObject({ message: expect.stringContaining('you today') as string })
      await ask('grace')
      await ask('grace')
      await expect(ask('grace')).rejects.toMatchObject({ message: expect.stringMatching(/for today/) as string })
      expect(await fixture.models.budgets()).toMatchObject([
        { budget: 'day', person: null, limit: 1500, spent: 1400, reserved: 0 },
        { budget: 'personDay', person: 'ada', spent: 1000 },
        { budget: 'personDay', person: 'grace', spent: 400 },
      ])
      now += DAY
      await ask('ada')
      expect(await fixture.models.costs({ by: 'day' })).toMatchObject({
        groups: [
          { key: '2026-01-05', micros: 1400 },
          { key: '2026-01-06', micros: 200 },
        ],
      })
    })

    it('of a run counts what the plans that it started spend, and who started it', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using _server = await withCloud(fixture, { answer: { text: 'Yes', usage: { input: 100, output: 100 } } })
      await fixture.models.setSettings({ budgets: { run: 500, currency: 'USD', alerts: [] } }, 'ada')
      const rows = [runRow('top'), runRow('child', { parent: 'top' }), runRow('grandchild', { parent: 'child' }), runRow('other')]
      await opened.store.db.insertInto('runs').values(rows).execute()
      const ask = (run: string) => fixture.models.generate(saying('Hello', { maxTokens: 190 }), call({ asker: { person: 'ada', run } }))
      await ask('grandchild')
      await ask('top')
      for (const run of ['child', 'top', 'grandchild'])
        await expect(ask(run)).rejects.toMatchObject({ message: expect.stringContaining('this run') as string })
      await ask('other')
    })

    it('tells once a day of each share it reaches, also after a restart', async () => {
      await using opened = await open()
      const budgets = { day: 1000, currency: 'USD', alerts: [0.5, 1] }
      const ask = async (times: number) => {
        await using fixture = modelsOver(opened.store, KEYS)
        await using _server = await withCloud(fixture, { answer: { text: 'Yes', usage: { input: 100, output: 100 } } })
        await fixture.models.setSettings({ budgets }, 'ada')
        for (let asked = 0; asked < times; asked += 1) await fixture.models.generate(saying('Hello', { maxTokens: 190 }), call())
      }
      const told = async () =>
        (await opened.store.db.selectFrom('events').select('data_json').where('topic', '=', 'model.budget').orderBy('seq').execute()).map(
          ({ data_json }) => (JSON.parse(data_json) as { share: number }).share,
        ) // as published
      await ask(2)
      expect(await told()).toEqual([])
      await ask(1)
      expect(await told()).toEqual([0.5])
      await ask(1)
      await ask(1)
      expect(await told()).toEqual([0.5, 1])
    })

    it('holds measurings of a model too, however many are started at once', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using server = await withCloud(fixture, { answer: { text: '{}', usage: { input: 400, output: 40 } } })
      const limit = 9000
      await fixture.models.setSettings({ budgets: { personDay: limit, currency: 'USD', alerts: [] } }, 'ada')
      const [model] = await fixture.models.list(false)
      const measured = await Promise.allSettled([1, 2, 3, 4, 5].map(() => fixture.models.qualify(model?.ref ?? '', call())))
      expect(measured.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'done'))).toContain('model-budget')
      const { total } = await fixture.models.costs({ by: 'day' })
      expect(total.micros).toBeGreaterThan(0)
      expect(total.micros).toBeLessThanOrEqual(limit)
      const before = server.asked.length
      await expect(fixture.models.qualify(model?.ref ?? '', call())).rejects.toMatchObject({ code: 'model-budget' })
      expect(server.asked.length - before).toBeLessThan(5) // it ends at the first question that is not paid for
    })

    it('is not passed by calls at once, whatever they cost', async () => {
      const tries = fc.array(
        fc.record({ most: fc.integer({ min: 1, max: 300 }), used: fc.integer({ min: 0, max: 300 }), fails: fc.boolean() }),
        { minLength: 2, maxLength: 12 },
      )
      await using opened = await open()
      await fc.assert(
        fc.asyncProperty(tries, fc.integer({ min: 0, max: 1500 }), async (given, limit) => {
          await opened.store.db.deleteFrom('model_usage').execute()
          await using fixture = modelsOver(opened.store, KEYS)
          await using server = await withCloud(fixture, {
            answer: (request) => {
              const one = given[Number(request.last)]
              if (one?.fails) return { status: 400, message: 'no' }
              return { text: 'x', usage: { input: 0, output: Math.min(one?.used ?? 0, one?.most ?? 0) } }
            },
          })
          await fixture.models.setSettings({ budgets: { day: limit, currency: 'USD', alerts: [1] } }, 'ada')
          const ends = await Promise.allSettled(
            given.map(({ most }, index) => fixture.models.generate(saying(String(index), { maxTokens: most }), call())),
          )
          const codes = ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as { code: string }).code] : []))
          expect(codes.every((code) => code === 'model-budget' || code === 'model-bad-request')).toBe(true)
          const { total } = await fixture.models.costs({ by: 'day' })
          expect(total.micros).toBeLessThanOrEqual(limit)
          expect(server.asked.length + codes.filter((code) => code === 'model-budget').length).toBe(given.length)
        }),
        { numRuns: name === 'sqlite' ? 30 : 8 },
      )
    })
  })
})
