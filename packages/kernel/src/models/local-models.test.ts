import { describe, expect, it } from 'vitest'
import { forEachStore } from '../store/testing.ts'
import { ollamaServer } from './testing/index.ts'
import { call, modelsOver } from './testing/over-store.ts'

forEachStore((_name, open) => {
  describe('models on this machine', () => {
    it('are pulled with progress, shown, measured and removed', async () => {
      await using opened = await open()
      const held = Promise.withResolvers<void>()
      await using server = await ollamaServer({ models: ['small'], pullPace: (note) => (note === 1 ? held.promise : undefined) })
      await using fixture = modelsOver(opened.store, { room: async () => 500e9 })
      await fixture.add({ id: 'here', kind: 'ollama', url: server.url })
      expect(await fixture.models.pull('here/qwen3:4b', 'ada')).toMatchObject({ state: 'pulling' })
      expect(fixture.models.pulls()).toMatchObject([{ ref: 'here/qwen3:4b', state: 'pulling' }])
      const changed = Promise.withResolvers<void>()
      using _listening = fixture.models.onChange(() => (fixture.models.pulls()[0]?.state === 'done' ? changed.resolve() : undefined))
      held.resolve()
      await changed.promise
      expect((await fixture.models.list(false)).map(({ ref }) => ref)).toContain('here/qwen3:4b')
      expect((await fixture.models.advice()).models.find(({ name }) => name === 'qwen3:4b')).toMatchObject({ installed: true, fits: true })
      expect(await fixture.models.show('here/small')).toMatchObject({ model: { ref: 'here/small' } })
      await fixture.models.remove('here/qwen3:4b', 'ada')
      expect((await fixture.models.list(false)).map(({ ref }) => ref)).toEqual(['here/small'])
    })

    it('are not pulled where there is no room, and a pull can be stopped', async () => {
      await using opened = await open()
      const held = Promise.withResolvers<void>()
      await using server = await ollamaServer({ models: ['small'], pullPace: () => held.promise })
      let room = 1e9
      await using fixture = modelsOver(opened.store, { room: async () => room })
      await fixture.add({ id: 'here', kind: 'ollama', url: server.url })
      await expect(fixture.models.pull('here/qwen3:4b', 'ada')).rejects.toMatchObject({ code: 'model-no-room' })
      room = 500e9
      await fixture.models.pull('here/qwen3:4b', 'ada')
      const changed = Promise.withResolvers<void>()
      using _listening = fixture.models.onChange(() => (fixture.models.pulls()[0]?.state === 'cancelled' ? changed.resolve() : undefined))
      fixture.models.cancelPull('here/qwen3:4b')
      await changed.promise
      held.resolve()
    })

    it('that call tools badly are passed over for requests with tools, and it says why', async () => {
      await using opened = await open()
      await using server = await ollamaServer({
        models: [
          { name: 'bad', size: 4e9 },
          { name: 'good', size: 1e9 },
        ],
        answer: (request) => {
          const asked = /forecast of (\w+) for (\d)/.exec(request.last)
          const person = /: ([\w ]+) was born in (\d+)/.exec(request.last)
          if (asked)
            return request.model === 'good'
              ? { calls: [{ tool: 'weather.forecast', input: { city: asked[1], days: Number(asked[2]) } }] }
              : { calls: [{ tool: 'weather.forecast', input: { city: asked[1] } }] }
          if (person) return { object: { name: person[1], born: Number(person[2]), fields: ['x'] } }
          if (request.last.includes('secret word')) return request.last.length < 20_000 ? 'marzipan' : 'I do not know'
          return 'A story of a keeper.'
        },
      })
      await using fixture = modelsOver(opened.store)
      await fixture.add({ id: 'here', kind: 'ollama', url: server.url })
      expect(await fixture.models.qualify('here/bad', call())).toMatchObject({ tools: 0, json: 1 })
      const good = await fixture.models.qualify('here/good', call())
      expect(good).toMatchObject({ tools: 1, json: 1 })
      expect(good.context).toBeGreaterThanOrEqual(2000)
      expect(good.notes).toContainEqual(expect.stringContaining('lost what stood at the beginning'))
      const query = { capabilities: ['text' as const, 'tools' as const], asker: { person: 'ada' }, labels: [] }
      const route = await fixture.models.route(query)
      expect(route.model?.ref).toBe('here/good')
      expect(route.candidates.find(({ model }) => model === 'here/bad')?.why).toContain('0 % of its tool calls')
      expect((await fixture.models.list(false)).find(({ ref }) => ref === 'here/good')?.qualification?.tools).toBe(1)
    })
  })
})
