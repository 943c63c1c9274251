import { describe, expect, it } from 'vitest'
import { forEachStore } from '../store/testing.ts'
import { ollamaServer } from './testing/index.ts'
import { KEYS, call, modelsOver, saying, withCloud } from './testing/over-store.ts'

forEachStore((_name, open) => {
  describe('a call that fails', () => {
    it('waits as long as the provider asks, and counts a refused try as free', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using server = await withCloud(fixture, { answer: [{ status: 429, headers: { 'retry-after': '0' } }, 'At last.'] })
      expect(await fixture.models.generate(saying('Hello'), call())).toMatchObject({ text: 'At last.', passed: [] })
      expect(server.asked).toHaveLength(2)
      const { items } = await fixture.models.usage({ limit: 10 })
      expect(items.map(({ outcome }) => outcome)).toEqual(['done', 'model-rate-limited'])
      expect(items[1]?.micros).toBe(0)
    })

    it('asks another model when the provider wants a long wait, and lets it rest so long', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using server = await withCloud(fixture, { answer: { status: 429, headers: { 'retry-after': '3600' } } })
      await expect(fixture.models.generate(saying('Hello'), call())).rejects.toMatchObject({ code: 'model-rate-limited' })
      expect(server.asked).toHaveLength(1)
      expect((await fixture.models.providers(false)).map(({ state }) => state)).toEqual(['resting'])
      await expect(fixture.models.generate(saying('Hello'), call())).rejects.toMatchObject({ code: 'model-resting' })
      expect(server.asked).toHaveLength(1)
    })

    it('repeats what was possibly paid once, and counts both', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using server = await withCloud(fixture, { answer: { text: 'one two three', cutAfter: 0 } })
      await expect(fixture.models.generate(saying('Hello'), call())).rejects.toMatchObject({ class: 'operational' })
      expect(server.asked).toHaveLength(2)
      const { items } = await fixture.models.usage({ limit: 10 })
      expect(items.map(({ micros }) => micros > 0)).toEqual([true, true])
    })

    it('neither repeats nor falls back once text has reached the caller', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using local = await ollamaServer({ models: ['small'], answer: { pieces: ['The ', 'be', 'ginning', ' ends'], cutAfter: 1 } })
      await fixture.add({ id: 'here', kind: 'ollama', url: local.url })
      await using cloud = await withCloud(fixture, { answer: 'Served.' })
      const pieces: string[] = []
      const work = fixture.models.generate(saying('Hello'), call({ onText: (delta) => pieces.push(delta) }))
      await expect(work).rejects.toMatchObject({ code: 'model-cut-off', applied: 'unknown', details: { streamed: true } })
      expect('The beginning ends').toContain(pieces.join(''))
      expect(pieces.join('')).not.toContain('ends')
      expect({ local: local.asked.length, cloud: cloud.asked.length }).toEqual({ local: 1, cloud: 0 })
    })

    it('stops the provider when it is cancelled, and stays counted', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      const held = Promise.withResolvers<void>()
      await using server = await withCloud(fixture, {
        answer: { text: 'one two', pace: (piece) => (piece === 1 ? held.promise : undefined) },
      })
      const ending = new AbortController()
      const work = fixture.models.generate(
        saying('Hello'),
        call({ signal: ending.signal, onText: () => ending.abort(new Error('enough')) }),
      )
      await expect(work).rejects.toThrow('enough')
      const seen = await server.arrived(0)
      await seen.over
      expect(seen.aborted).toBe(true)
      held.resolve()
      const { items } = await fixture.models.usage({ limit: 10 })
      expect(items).toMatchObject([{ outcome: 'cancelled', micros: 110 }])
    })

    it('ends a provider that says nothing', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      const held = Promise.withResolvers<void>()
      await using _server = await withCloud(fixture, { answer: { text: 'late', before: held.promise } })
      await fixture.models.setSettings({ timeout: 1000 }, 'ada')
      await expect(fixture.models.generate(saying('Hello'), call())).rejects.toMatchObject({ code: 'model-timeout' })
      held.resolve()
    })

    it('rests after failing again and again', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using server = await withCloud(fixture, { answer: { status: 503 } })
      for (const _round of [1, 2]) await expect(fixture.models.generate(saying('Hello'), call())).rejects.toThrow()
      expect(server.asked.length).toBe(5)
      expect((await fixture.models.providers(false)).map(({ state }) => state)).toEqual(['resting'])
    })

    it('an object that does not fit its schema is paid, not asked for again, and named by its place', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      const usage = { input: 40, output: 7 }
      await using cloud = await withCloud(fixture, { answer: { text: '{"total":"120","lines":[{"price":"x"}]}', usage } })
      const price = { type: 'object', properties: { price: { type: 'number' } } }
      const schema = {
        type: 'object',
        properties: { total: { type: 'number' }, lines: { type: 'array', items: price } },
        required: ['total'],
      }
      const failed = fixture.models.generate(saying('Total?', { schema }), call())
      await expect(failed).rejects.toMatchObject({
        code: 'model-invalid',
        class: 'operational',
        applied: 'unknown',
        message: expect.stringMatching(/total: .*number.*lines\.0\.price: .*number/),
      })
      expect(cloud.asked).toHaveLength(1)
      const { items } = await fixture.models.usage({ limit: 10 })
      expect(items).toMatchObject([{ outcome: 'model-invalid', micros: 47, usage }])
      expect((await fixture.models.providers(false)).at(0)).toMatchObject({ state: 'ready' })
    })

    it('an object that does not fit is asked of the next model, unless its text was shown', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using local = await ollamaServer({ models: ['small'], answer: '{"total":"many"}' })
      await fixture.add({ id: 'here', kind: 'ollama', url: local.url })
      await using _cloud = await withCloud(fixture, { answer: '{"total":120}' })
      const asking = saying('Total?', { schema: { type: 'object', properties: { total: { type: 'number' } } } })
      expect(await fixture.models.generate(asking, call())).toMatchObject({
        object: { total: 120 },
        passed: [{ model: 'here/small', code: 'model-invalid' }],
      })
      const shown = fixture.models.generate(asking, call({ onText: () => undefined }))
      await expect(shown).rejects.toMatchObject({
        code: 'model-invalid',
        details: { streamed: true, faults: [expect.stringMatching(/^total/)] },
      })
    })
  })
})
