import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Preference, StoredAgent } from '@life-os/contract'
import { openServer } from '../testing/open.ts'
import type { Caller, TestServer } from '../testing/open.ts'

let server: TestServer
let runner: Caller
let member: Caller
beforeAll(async () => {
  server = await openServer()
  runner = await server.token(['read', 'run'])
  member = await server.token(['read', 'run', 'approve'])
}, 120_000)
afterAll(() => server[Symbol.asyncDispose]())

async function ask<T>(method: string, path: string, body?: unknown, caller = server.owner): Promise<[number, T]> {
  const response = await server.ask(`/api/v1${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) }, caller)
  return [response.status, (await response.json()) as T] // the contract's answer, or a problem
}
const MINE = {
  id: 'mine',
  name: 'Mine',
  instructions: 'Answer in rhymes.',
  tools: ['files.read', 'nothing.*'],
  permissions: ['fs.read:/srv/**'],
}

describe('agents', () => {
  test('one is saved, read with what it comes to, changed, rolled back, switched off and removed', async () => {
    expect(await ask('PUT', '/agents/mine', { agent: MINE })).toMatchObject([200, { agent: { version: '1.0.0' }, source: 'own' }])
    expect(await ask('GET', '/agents/mine')).toMatchObject([
      200,
      { toolList: [{ id: 'files.read' }], permissions: ['fs.read:/srv/**'], missing: ['nothing.*'] },
    ])
    expect(await ask('PUT', '/agents/mine', { agent: { ...MINE, name: 'Changed' } })).toMatchObject([200, { agent: { version: '1.0.1' } }])
    expect(await ask('POST', '/agents/mine/rollback', { version: '1.0.0' })).toMatchObject([
      200,
      { agent: { version: '1.0.2', name: 'Mine' } },
    ])
    expect(await ask('GET', '/agents/mine/versions')).toMatchObject([
      200,
      [{ version: '1.0.2' }, { version: '1.0.1' }, { version: '1.0.0' }],
    ])
    expect(await ask('POST', '/agents/mine/enable', { enabled: false })).toMatchObject([200, { enabled: false }])
    expect(await ask('GET', '/agents/mine/statistics')).toMatchObject([200, { agent: 'mine', runs: 0, time: null, tools: [] }])
    expect(await ask('DELETE', '/agents/mine')).toEqual([200, { ok: true }])
    expect(await ask('GET', '/agents/mine')).toMatchObject([404, { code: 'agent-unknown' }])
  })

  test('faults are told one by one, and the address names the agent', async () => {
    expect(await ask('PUT', '/agents/mine', { agent: { ...MINE, agents: ['mine'], tools: ['files'] } })).toMatchObject([
      422,
      { code: 'agent-invalid', errors: [{ path: 'tools.0' }, { path: 'agents.0' }] },
    ])
    expect(await ask('PUT', '/agents/other', { agent: MINE })).toMatchObject([422, { code: 'agent-invalid' }])
  })

  test('only an administrator changes what grants may hold for', async () => {
    for (const caller of [runner, member])
      expect(await ask('PUT', '/agents/mine', { agent: MINE }, caller)).toMatchObject([403, { code: 'scope-missing' }])
    const [status, list] = await ask<StoredAgent[]>('GET', '/agents', undefined, runner)
    expect([status, list.some(({ agent }) => agent.id === 'mine')]).toEqual([200, false])
  })
})

test('a sentence is written, reworded, switched off and forgotten by who may answer questions', async () => {
  expect(await ask('POST', '/preferences', { sentence: 'Answer in German.' }, runner)).toMatchObject([403, { code: 'scope-missing' }])
  const [, { id }] = await ask<Preference>('POST', '/preferences', { sentence: ' Answer\nin German. ', agent: 'mine' }, member)
  const [, list] = await ask<Preference[]>('GET', '/preferences?agent=mine')
  expect(list).toMatchObject([{ id, sentence: 'Answer in German.', state: 'kept', origin: 'person', agent: 'mine', labels: [] }])
  expect((await ask('GET', '/preferences?agent=other'))[1]).toEqual([])
  expect(await ask('PUT', `/preferences/${id}`, { state: 'off', sentence: 'Answer in French.' }, member)).toMatchObject([
    200,
    { state: 'off', sentence: 'Answer in French.' },
  ])
  expect(await ask('DELETE', `/preferences/${id}`, undefined, member)).toEqual([200, { ok: true }])
  expect(await ask('DELETE', `/preferences/${id}`, undefined, member)).toMatchObject([404, { code: 'preference-missing' }])
})
