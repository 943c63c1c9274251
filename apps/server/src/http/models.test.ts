import { expect, it } from 'vitest'
import { openaiServer } from '@life-os/kernel/models/testing'
import { openServer } from '../testing/open.ts'
import type { Caller, TestServer } from '../testing/open.ts'

const KEY = 'sk-only-for-this-place'

async function asked(server: TestServer, caller: Caller, method: string, path: string, body?: unknown) {
  const headers = { 'content-type': 'application/json' }
  const answer = await server.ask(`/api/v1${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body), headers }) }, caller)
  return { status: answer.status, text: await answer.clone().text(), json: (await answer.json()) as unknown }
}

it('serves providers, models, a test prompt and its costs, and shows no key', async () => {
  await using server = await openServer()
  await using far = await openaiServer({ models: ['gpt-x'], key: KEY, answer: 'Good day.' })
  const admin = await server.token(['read', 'run', 'admin'])
  await server.kernel.secrets.set({ name: 'far-key', kind: 'token', title: '', hosts: [far.place], value: KEY }, 'ada')
  const config = { id: 'far', kind: 'openai-compatible', name: 'Far', url: far.url, secret: 'far-key', enabled: true }
  expect(await asked(server, admin, 'PUT', '/models/providers/far', config)).toMatchObject({
    status: 200,
    json: { state: 'ready', models: 1 },
  })
  const listed = await asked(server, admin, 'GET', '/models?fresh=false')
  expect(listed.json).toMatchObject([{ ref: 'far/gpt-x' }])
  const tested = await asked(server, admin, 'POST', '/models/test', { ref: 'far/gpt-x', prompt: 'Hello' })
  expect(tested).toMatchObject({ status: 200, json: { text: 'Good day.', model: 'far/gpt-x' } })
  expect(await asked(server, admin, 'GET', '/models/costs?by=tool')).toMatchObject({
    json: { groups: [{ key: 'life-os.test', calls: 1 }] },
  })
  expect(await asked(server, admin, 'GET', '/models/usage?limit=1')).toMatchObject({ json: { total: 1, items: [{ outcome: 'done' }] } })
  expect([listed.text, tested.text, ...server.log].join('\n')).not.toContain(KEY)
  expect(far.seen.at(-1)?.headers['authorization']).toBe(`Bearer ${KEY}`)
})

it('changes settings one by one, and reads a no in an address as no', async () => {
  await using server = await openServer()
  const admin = await server.token(['read', 'run', 'admin'])
  await asked(server, admin, 'PATCH', '/models/settings', { aliases: { mine: ['far/gpt-x'] } })
  expect(await asked(server, admin, 'PATCH', '/models/settings', { prefer: 'cloud' })).toMatchObject({
    status: 200,
    json: { prefer: 'cloud', aliases: { mine: ['far/gpt-x'] }, fallback: true },
  })
  expect(await asked(server, admin, 'GET', '/models/route?model=mine&private=false')).toMatchObject({
    status: 200,
    json: { model: null, problem: { code: 'model-unknown' } },
  })
  expect(await asked(server, admin, 'POST', '/models/test', { ref: 'far/gpt-x', prompt: 'Hello' })).toMatchObject({
    json: { code: 'model-unknown' },
  })
})

it('lets readers look and no more', async () => {
  await using server = await openServer()
  const reader = await server.token(['read'])
  expect((await asked(server, reader, 'GET', '/models/providers')).status).toBe(200)
  const changes: [string, string, unknown][] = [
    ['PATCH', '/models/settings', { prefer: 'cloud' }],
    ['POST', '/models/pull', { ref: 'ollama/small' }],
    ['POST', '/models/test', { ref: 'ollama/small', prompt: 'Hello' }],
    ['DELETE', '/models/providers/far', undefined],
  ]
  for (const [method, path, body] of changes)
    expect(await asked(server, reader, method, path, body)).toMatchObject({ status: 403, json: { code: 'scope-missing' } })
})
