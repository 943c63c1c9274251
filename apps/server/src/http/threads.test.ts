// Conversations over HTTP: whose they are, what a token may, and a message that is sent twice.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page, Thread, ThreadMessage } from '@life-os/contract'
import type { Sent } from '@life-os/kernel/threads'
import { openServer } from '../testing/open.ts'
import type { Caller, TestServer } from '../testing/open.ts'

let server: TestServer
beforeAll(async () => {
  server = await openServer()
}, 120_000)
afterAll(() => server[Symbol.asyncDispose]())

const post = (path: string, body: unknown, caller: Caller = server.owner, headers: Record<string, string> = {}) =>
  server.ask(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(body), headers }, caller)
const get = (path: string, caller: Caller = server.owner) => server.ask(`/api/v1${path}`, {}, caller)
const read = async <T>(response: Response): Promise<T> => (await response.json()) as T // the contract's answer
const answered = async (response: Response): Promise<[number, string | undefined]> => [
  response.status,
  (await read<{ code?: string }>(response)).code,
]

/** Somebody else, signed in. */
async function bob(): Promise<Caller> {
  const { link } = await server.kernel.auth.add('Bob', 'admin')
  const signedIn = await server.ask('/api/v1/sign-in', { method: 'POST', body: JSON.stringify({ link }) })
  const { csrf } = await read<{ csrf: string }>(signedIn)
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return { headers: { cookie, 'x-csrf-token': csrf }, peer: server.stranger.peer }
}

test('a message that is sent twice under one key is one message and one run', async () => {
  const { id } = await read<Thread>(await post('/threads', {}))
  const key = { 'idempotency-key': 'send-once' }
  const first = await read<Sent>(await post(`/threads/${id}/messages`, { text: 'hello' }, server.owner, key))
  const again = await post(`/threads/${id}/messages`, { text: 'hello' }, server.owner, key)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  const second = await read<Sent>(again)
  expect([second.message.id, second.answer.run]).toEqual([first.message.id, first.answer.run])
  expect(await answered(await post(`/threads/${id}/messages`, { text: 'other' }, server.owner, key))).toEqual([
    422,
    'idempotency-key-reused',
  ])
  await server.kernel.runs.settled(first.answer.run ?? '')
  const { items } = await read<{ items: ThreadMessage[] }>(await get(`/threads/${id}/messages`))
  expect(items.map(({ role }) => role)).toEqual(['person', 'assistant'])
  const runs = await server.kernel.store.db.selectFrom('runs').select('id').where('plan_id', '=', 'chat-turn').execute()
  expect(runs).toHaveLength(1)
})

test('another person is told that there is no such conversation, whatever they try, an administrator too', async () => {
  const other = await bob()
  const { id } = await read<Thread>(await post('/threads', { title: 'Mine' }))
  const sent = await read<Sent>(await post(`/threads/${id}/messages`, { text: 'a secret word' }))
  await server.kernel.runs.settled(sent.answer.run ?? '')
  const unknown = [404, 'thread-unknown']
  for (const path of ['', '/messages', `/messages/${sent.message.id}`, '/compaction', '/export'])
    expect(await answered(await get(`/threads/${id}${path}`, other)), path).toEqual(unknown)
  for (const path of ['/messages', '/stop', '/proceed'])
    expect(await answered(await post(`/threads/${id}${path}`, { text: 'x' }, other)), path).toEqual(unknown)
  expect((await read<Page<Thread>>(await get('/threads', other))).items).toEqual([])
  expect(await (await get('/threads/search?q=secret', other)).text()).not.toContain('secret word')
})

test('a token that may only read says nothing, stops nothing and changes nothing', async () => {
  const reader = await server.token(['read'])
  const { id } = await read<Thread>(await post('/threads', { title: 'Read me' }))
  expect((await get(`/threads/${id}`, reader)).status).toBe(200)
  const missing = [403, 'scope-missing']
  expect(await answered(await post('/threads', {}, reader))).toEqual(missing)
  for (const path of ['/messages', '/stop', '/proceed', '/compact'])
    expect(await answered(await post(`/threads/${id}${path}`, { text: 'x' }, reader)), path).toEqual(missing)
  const change = { method: 'PATCH', body: JSON.stringify({ title: 'Taken' }) }
  expect(await answered(await server.ask(`/api/v1/threads/${id}`, change, reader))).toEqual(missing)
  expect(await answered(await server.ask(`/api/v1/threads/${id}`, { method: 'DELETE' }, reader))).toEqual(missing)
  expect(await answered(await get(`/threads/${id}`, server.stranger))).toEqual([401, expect.any(String)])
})
