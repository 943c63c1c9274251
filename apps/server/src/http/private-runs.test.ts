// A conversation is its person's alone: what its answers are made of is no other person's to read, find or answer.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sent } from '@life-os/kernel/threads'
import { ollamaServer } from '@life-os/kernel/models/testing'
import type { WireServer } from '@life-os/kernel/models/testing'
import { openServer } from '../testing/open.ts'
import type { Caller, TestServer } from '../testing/open.ts'

let server: TestServer
let model: WireServer
let bob: Caller
let run = ''
let approval = ''
beforeAll(async () => {
  server = await openServer()
  model = await ollamaServer({
    models: ['chatty'],
    answer: { calls: [{ tool: 'life-os.ask-person', input: { question: 'Which aubergine?' } }] },
  })
  await server.kernel.models.setProvider({ id: 'script', kind: 'ollama', name: 'Scripted', url: model.url, enabled: true }, 'ada')
  bob = await personOf('Bob')
  const thread = await body<{ id: string }>(await post('/threads', {}, server.owner))
  const sent = await body<Sent>(await post(`/threads/${thread.id}/messages`, { text: 'My aubergine is ill.' }, server.owner))
  run = sent.answer.run ?? ''
  await server.kernel.runs.settled(run)
  const waiting = await body<{ items: { id: string }[] }>(await get(`/approvals?run=${run}`, server.owner))
  approval = waiting.items[0]?.id ?? ''
}, 120_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

const get = (path: string, caller: Caller) => server.ask(`/api/v1${path}`, {}, caller)
const post = (path: string, value: unknown, caller: Caller) =>
  server.ask(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(value) }, caller)
const body = async <T>(response: Response) => (await response.json()) as T // the contract's answer

/** A token of another member of the household. */
async function personOf(name: string): Promise<Caller> {
  const { auth } = server.kernel
  const { person } = await auth.add(name, 'member')
  const identity = {
    actor: { kind: 'person' as const, id: person.id, name },
    person,
    scopes: new Set(['read', 'run', 'approve'] as const),
    via: 'session' as const,
  }
  const { secret } = await auth.addToken(identity, 'test', ['read', 'run', 'approve'])
  return { headers: { authorization: `Bearer ${secret}` }, peer: (await server.token(['read'])).peer }
}

test('the person reads it', async () => {
  expect(approval).not.toBe('')
  for (const part of ['', '/plan', '/steps', '/journal', '/effects', '/changes', '/outputs'])
    expect((await get(`/runs/${run}${part}`, server.owner)).status).toBe(200)
  expect((await body<{ items: object[] }>(await get('/runs?search=aubergine', server.owner))).items).toHaveLength(1)
})

test.each(['', '/plan', '/steps', '/journal', '/effects', '/changes', '/outputs'])('another does not: runs/…%s', async (part) => {
  const response = await get(`/runs/${run}${part}`, bob)
  expect(response.status).toBe(404)
  expect(await response.text()).not.toContain('aubergine')
})

test('another does not find it, count it, listen to it, attach it or go on with it', async () => {
  expect(await body(await get('/runs?search=aubergine', bob))).toMatchObject({ items: [], total: 0 })
  expect((await get(`/events?run=${run}`, bob)).status).toBe(404)
  const thread = await body<{ id: string }>(await post('/threads', {}, bob))
  const attachments = [{ kind: 'run', run, name: 'x' }]
  expect((await post(`/threads/${thread.id}/messages`, { text: 'What?', attachments }, bob)).status).toBe(404)
  expect((await post('/planner/replan', { run }, bob)).status).toBe(404)
  for (const verb of ['cancel', 'pause', 'resume']) expect((await post(`/runs/${run}/${verb}`, {}, bob)).status).toBe(404)
})

test('another is not asked what it asks', async () => {
  expect(await body(await get(`/approvals?run=${run}`, bob))).toMatchObject({ items: [], total: 0 })
  expect((await get(`/approvals/${approval}`, bob)).status).toBe(404)
  const answer = { answer: 'done', hash: 'x', output: { answer: 'mine' } }
  expect((await post(`/approvals/${approval}/answer`, answer, bob)).status).toBe(404)
  expect((await get(`/approvals/${approval}`, server.owner)).status).toBe(200)
})
