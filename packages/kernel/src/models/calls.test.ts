import { describe, expect, it } from 'vitest'
import type { GenerateRequest, ModelPart } from '@life-os/contract'
import { forEachStore } from '../store/testing.ts'
import { ollamaServer } from './testing/index.ts'
import { KEYS, call, modelsOver, saying, withCloud } from './testing/over-store.ts'
import type { CallAccount } from './types.ts'

const TOOL = {
  id: 'files.list',
  description: 'Lists a folder.',
  input: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
}

forEachStore((_name, open) => {
  describe('a call', () => {
    it('streams, settles its account with what was used, and stands in the record', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using _server = await withCloud(fixture, { answer: { text: 'Two words', usage: { input: 40, output: 7 } } })
      const settled: unknown[] = []
      const reserved: unknown[] = []
      const account: CallAccount = {
        spent: { tokens: 0, micros: 0 },
        reserve: async (cost) => (reserved.push(cost), { settle: (actual) => void settled.push(actual) }),
      }
      const pieces: string[] = []
      const asker = { person: 'ada', agent: 'clerk', tool: 'life-os.generate', run: crypto.randomUUID(), step: 'think.turn[0].model' }
      const answer = await fixture.models.generate(
        saying('Hello', { maxTokens: 50 }),
        call({ asker, account, onText: (delta) => pieces.push(delta) }),
      )
      expect(answer).toMatchObject({
        text: 'Two words',
        model: 'cloud/gpt-x',
        local: false,
        micros: 47,
        finish: 'stop',
        cached: false,
        passed: [],
      })
      expect(pieces.join('')).toBe('Two words')
      const worst = { tokens: 60, micros: 60 } // 8 for the message, 2 for its text, 50 for the answer
      expect({ reserved, settled }).toEqual({ reserved: [worst], settled: [{ tokens: 47, micros: 47 }] })
      const { items } = await fixture.models.usage({ limit: 10 })
      expect(items).toMatchObject([
        { ...asker, model: 'cloud/gpt-x', micros: 47, outcome: 'done', usage: { input: 40, output: 7 }, cached: false },
      ])
      expect(await fixture.models.costs({ by: 'agent' })).toMatchObject({
        currency: 'USD',
        total: { calls: 1, micros: 47 },
        groups: [{ key: 'clerk', calls: 1, failed: 0, micros: 47 }],
      })
    })

    it('falls back to the next model and tells what it passed', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using local = await ollamaServer({ models: ['small'], answer: { status: 500, message: 'out of memory' } })
      await fixture.add({ id: 'here', kind: 'ollama', url: local.url })
      await using _cloud = await withCloud(fixture, { answer: 'Served.' })
      const answer = await fixture.models.generate(saying('Hello'), call())
      expect(answer).toMatchObject({ model: 'cloud/gpt-x', text: 'Served.', passed: [{ model: 'here/small', code: 'model-failed' }] })
      const { items } = await fixture.models.usage({ limit: 10 })
      expect(items.map(({ model, outcome, micros }) => ({ model, outcome, free: micros === 0 })).at(0)).toEqual({
        model: 'cloud/gpt-x',
        outcome: 'done',
        free: false,
      })
      expect(new Set(items.slice(1).map(({ outcome }) => outcome))).toEqual(new Set(['model-failed']))
    })

    it('does not fall back on a request that is wrong in itself', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using local = await ollamaServer({ models: ['small'], answer: { status: 400, message: 'no such field' } })
      await fixture.add({ id: 'here', kind: 'ollama', url: local.url })
      await using cloud = await withCloud(fixture, { answer: 'Served.' })
      await expect(fixture.models.generate(saying('Hello'), call())).rejects.toMatchObject({ code: 'model-bad-request' })
      expect(cloud.asked).toHaveLength(0)
      expect(local.asked).toHaveLength(1)
    })

    it('keeps private data on this machine, whatever fails here', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, KEYS)
      await using local = await ollamaServer({ models: ['small'], answer: { status: 500 } })
      await fixture.add({ id: 'here', kind: 'ollama', url: local.url })
      await using cloud = await withCloud(fixture, { answer: 'Served.' })
      await expect(fixture.models.generate(saying('My diary'), call({ labels: ['private'] }))).rejects.toMatchObject({
        code: 'model-failed',
      })
      await expect(
        fixture.models.generate(saying('My diary', { model: 'cloud/gpt-x' }), call({ labels: ['private'] })),
      ).rejects.toMatchObject({ code: 'model-private' })
      expect(cloud.asked).toHaveLength(0)
    })

    it('takes an answer again for as long as it may be kept, apart by labels', async () => {
      await using opened = await open()
      let now = 1_700_000_000_000
      await using fixture = modelsOver(opened.store, { ...KEYS, clock: { now: () => now } })
      await using server = await ollamaServer({ models: ['small'], answer: (_request, index) => `Answer ${index}.` })
      await fixture.add({ id: 'here', kind: 'ollama', url: server.url })
      const request: GenerateRequest = saying('Hello', { cache: '1h' })
      const said: string[] = []
      expect(await fixture.models.generate(request, call())).toMatchObject({ text: 'Answer 0.', cached: false })
      expect(await fixture.models.generate(request, call({ onText: (text) => said.push(text) }))).toMatchObject({
        text: 'Answer 0.',
        cached: true,
        micros: 0,
      })
      expect(said).toEqual(['Answer 0.'])
      expect(await fixture.models.generate(request, call({ labels: ['private'] }))).toMatchObject({ text: 'Answer 1.', cached: false })
      expect(await fixture.models.generate(saying('Hello'), call())).toMatchObject({ text: 'Answer 2.', cached: false })
      now += 3_600_001
      expect(await fixture.models.generate(request, call())).toMatchObject({ text: 'Answer 3.', cached: false })
      expect((await fixture.models.usage({ limit: 10 })).items.filter(({ cached }) => cached)).toHaveLength(1)
    })

    it('sends tools and pictures to who can, and nothing that is secret', async () => {
      await using opened = await open()
      const redactor = { value: <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '[secret:door]')) as T } // the same shape
      await using fixture = modelsOver(opened.store, { redactor })
      const models = [
        { name: 'plain', capabilities: ['completion' as const] },
        { name: 'able', capabilities: ['completion' as const, 'tools' as const, 'vision' as const] },
      ]
      await using server = await ollamaServer({
        models,
        answer: (request) => (request.tools.length > 0 ? { calls: [{ tool: 'files.list', input: { path: '/tmp' } }] } : 'A dot.'),
      })
      await fixture.add({ id: 'here', kind: 'ollama', url: server.url })
      const answer = await fixture.models.generate(saying('The password is hunter2', { tools: [TOOL] }), call())
      expect(answer).toMatchObject({ model: 'here/able', finish: 'tool-calls', calls: [{ tool: 'files.list', input: { path: '/tmp' } }] })
      expect(server.asked[0]?.last).toBe('The password is [secret:door]')
      const { hash } = await opened.store.blobs.put(new Uint8Array([1, 2, 3]))
      const content: ModelPart[] = [
        { type: 'text', text: 'What is it?' },
        { type: 'file', blob: hash, mime: 'image/png' },
      ]
      expect(await fixture.models.generate({ ...saying(''), messages: [{ role: 'user', content }] }, call())).toMatchObject({
        model: 'here/able',
        text: 'A dot.',
      })
    })

    it('makes embeddings, all of one model', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store)
      await using server = await ollamaServer({ models: [{ name: 'vectors', capabilities: ['embedding'] }] })
      await fixture.add({ id: 'here', kind: 'ollama', url: server.url })
      const texts = Array.from({ length: 200 }, (_, index) => `text ${index}`)
      const { vectors, model } = await fixture.models.embed(texts, call())
      expect({ count: vectors.length, model }).toEqual({ count: 200, model: 'here/vectors' })
      expect((await fixture.models.usage({ limit: 10 })).items.map(({ capability }) => capability)).toEqual(['embed', 'embed', 'embed'])
    })
  })
})
