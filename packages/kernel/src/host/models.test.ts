import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { createCallLabels } from '../labels/index.ts'
import { anthropicServer, modelsOver, ollamaServer } from '../models/testing/index.ts'
import { freshPlace } from '../store/testing.ts'
import { createTestHost } from './testing.ts'

/** A host over models of two real servers: one that counts as of this machine, one with a key that says it is not. */
async function open(allowed: { kind: string; resource: string }[]) {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(path.join(tmpdir(), 'lifeos-host-models-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const place = stack.use(await freshPlace('sqlite'))
  const store = stack.use(await place.open())
  const server = stack.use(
    await ollamaServer({
      models: [
        { name: 'eyes', capabilities: ['completion', 'tools', 'vision'] },
        { name: 'vectors', capabilities: ['embedding'] },
      ],
      answer: (request) => `You said: ${request.last}`,
    }),
  )
  const fixture = stack.use(modelsOver(store, { keys: { anthropic: 'k' } }))
  await fixture.add({ id: 'here', kind: 'ollama', url: server.url })
  const host = await createTestHost(folder, { allowed, models: fixture.models, blobs: store.blobs, effect: 'read' })
  stack.defer(() => host[Symbol.asyncDispose]())
  const owned = stack.move()
  return { server, store, fixture, host, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
const ASK = { messages: [{ role: 'user', text: 'Hello' }] }

it('asks a model within what was decided, and records who asked', async () => {
  await using opened = await open([{ kind: 'model', resource: 'text' }])
  expect(await opened.host.call('models.generate', ASK)).toMatchObject({ text: 'You said: Hello', model: 'here/eyes', finish: 'stop' })
  const { items } = await opened.fixture.models.usage({ limit: 5 })
  expect(items).toMatchObject([{ plugin: 'test', tool: 'test.tool', step: 'test', outcome: 'done', person: 'system' }])
})

it('refuses what was not decided', async () => {
  await using opened = await open([{ kind: 'model', resource: 'embed' }])
  await expect(opened.host.call('models.generate', ASK)).rejects.toMatchObject({
    code: 'model-not-allowed',
    details: { permission: 'model:text' },
  })
  expect(opened.server.asked).toHaveLength(0)
  const answer = await opened.host.call<{ vectors: number[][]; model: string }>('models.embed', ['one', 'two'])
  expect(answer.model).toBe('here/vectors')
  expect(answer.vectors).toHaveLength(2)
})

it('needs more for pictures, and sends their bytes', async () => {
  await using opened = await open([{ kind: 'model', resource: 'vision' }])
  const { hash } = await opened.store.blobs.put(new Uint8Array([137, 80, 78, 71]))
  await expect(opened.host.call('models.generate', ASK)).rejects.toMatchObject({ code: 'model-not-allowed' })
  await opened.host.call('models.generate', {
    messages: [{ role: 'user', text: 'What is it?', blobs: [{ blob: hash, mime: 'image/png' }] }],
  })
  expect(opened.server.asked[0]?.messages.at(-1)?.pictures).toEqual([Buffer.from([137, 80, 78, 71]).toString('base64')])
})

it('ends the recording of a preview, and asks nobody', async () => {
  await using opened = await open([{ kind: 'model', resource: 'text' }])
  const { services, recording } = opened.host.preview()
  await expect(services.handle('models.generate', [ASK], new AbortController().signal)).rejects.toMatchObject({ code: 'recording-ended' })
  expect(recording.unknown).toBe(true)
  expect(opened.server.asked).toHaveLength(0)
})

it('lets what a call has seen decide: private data stays on this machine, and an unpaid call spends nothing', async () => {
  await using opened = await open([{ kind: 'model', resource: 'text' }])
  await using cloud = await anthropicServer({ models: ['claude-haiku-4-5'], answer: 'from the cloud', key: 'k' })
  const { fixture, host } = opened
  await fixture.models.removeProvider('here', 'ada')
  await fixture.add({ id: 'cloud', kind: 'anthropic', url: cloud.url, secret: 'anthropic' })
  const seen = createCallLabels([])
  seen.add('private', 'the folder Letters')
  const asked = (part: object) => host.real(part).handle('models.generate', [ASK], new AbortController().signal)
  await expect(asked({ seen })).rejects.toMatchObject({ code: 'model-private' })
  await expect(asked({})).rejects.toMatchObject({ code: 'budget-exceeded' })
  expect(cloud.asked).toHaveLength(0)
})

it('refuses an argument that no schema knows', async () => {
  await using opened = await open([{ kind: 'model', resource: 'text' }])
  await expect(opened.host.call('models.generate', { ...ASK, tools: [] })).rejects.toMatchObject({ code: 'arguments-invalid' })
})
