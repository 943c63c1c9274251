// A conversation is its person's alone: what its answers are made of is no other person's to read, find, count or answer.
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Preview } from '@life-os/contract'
import type { Sent } from '@life-os/kernel/threads'
import { ollamaServer } from '@life-os/kernel/models/testing'
import type { WireServer } from '@life-os/kernel/models/testing'
import { freshDatabase, POSTGRES_MISSING } from '../../../../tools/services/fresh.ts'
import { openServer } from '../testing/open.ts'
import type { Caller, TestServer } from '../testing/open.ts'

let database: Awaited<ReturnType<typeof freshDatabase>> | undefined
let server: TestServer
let model: WireServer
let bob: Caller
let thread = ''
let run = ''
let approval = ''
/** A plan that the run started, and what takes that back. */
let below: string[] = []

async function open(kind: 'sqlite' | 'postgres'): Promise<void> {
  database = kind === 'postgres' ? await freshDatabase() : undefined
  server = await openServer(database && { url: database.url })
  model = await ollamaServer({
    models: ['chatty'],
    answer: { calls: [{ tool: 'life-os.ask-person', input: { question: 'Which aubergine?' } }] },
  })
  await server.kernel.models.setProvider({ id: 'script', kind: 'ollama', name: 'Scripted', url: model.url, enabled: true }, 'ada')
  bob = await personOf('Bob')
  thread = (await body<{ id: string }>(await post('/threads', {}, server.owner))).id
  const sent = await body<Sent>(await post(`/threads/${thread}/messages`, { text: 'My aubergine is ill.' }, server.owner))
  run = sent.answer.run ?? ''
  await server.kernel.runs.settled(run)
  const waiting = await body<{ items: { id: string }[] }>(await get(`/approvals?run=${run}`, server.owner))
  approval = waiting.items[0]?.id ?? ''
  below = await familyOf(run)
}

async function close(): Promise<void> {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
}

/** Rows as a plan of the answer has them, a plan of that one, and an undo of it: three steps away from the conversation. */
async function familyOf(top: string): Promise<string[]> {
  const { db } = server.kernel.store
  const row = await db.selectFrom('runs').selectAll().where('id', '=', top).executeTakeFirstOrThrow()
  const made = ['1', '2', '3'].map((last) => top.slice(0, -1) + (last === top.at(-1) ? '0' : last))
  const [child = '', grandchild = '', undo = ''] = made
  const shared = { ...row, state: 'done', plan_id: 'tidy', plan_name: 'Tidy', approval: null }
  await db
    .insertInto('runs')
    .values([
      { ...shared, id: child, parent: top, parent_step: 'answer' },
      { ...shared, id: grandchild, parent: child, parent_step: 'answer' },
      { ...shared, id: undo, kind: 'undo', of: grandchild },
    ])
    .execute()
  return made
}

async function previewWith(path: string): Promise<void> {
  const change = { kind: 'file-remove' as const, path, summary: 'x', reversal: 'exact' as const }
  const found = await server.kernel.gate.previews.latest(run)
  const summary = found?.preview.summary ?? { hash: 'x' }
  const preview = { run, summary, changes: [{ id: 'a', step: 'a', labels: [], change }], steps: [] }
  await server.kernel.gate.previews.save(preview as unknown as Preview, 1) // only its changes are looked at here
}

/** What a plan of the answer put into the trash, as its effect is kept. */
async function removedBy(of: string): Promise<string> {
  const id = randomUUID()
  const change_json = JSON.stringify({ kind: 'file-remove', path: '/aubergine', bytes: 7, summary: 'x', reversal: 'exact' })
  const shared = { path: 'a', try: 1, seq: 1, plugin: 'files', plugin_version: '1', tool: 'files.remove', state: 'finished', at: 1 }
  await server.kernel.store.db
    .insertInto('effects')
    .values({
      ...shared,
      id,
      run: of,
      change_json,
      before_json: '{}',
      after_json: null,
      until: null,
      reversal: 'exact',
      labels: '[]',
    } as never) // as the journal writes it
    .execute()
  return id
}

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
const bobHimself = async () => {
  const found = (await server.kernel.auth.people()).find(({ name }) => name === 'Bob')
  if (!found) throw new Error('Bob is not there.')
  return found
}

describe.each(['sqlite', 'postgres'] as const)('%s', (kind) => {
  const missing = kind === 'postgres' ? process.env[POSTGRES_MISSING] : undefined
  describe.skipIf(missing)(missing ?? 'there', () => {
    beforeAll(() => open(kind), 120_000)
    afterAll(close)

    test('the person reads it', async () => {
      expect(approval).not.toBe('')
      for (const part of ['', '/plan', '/steps', '/journal', '/effects', '/changes', '/outputs'])
        expect((await get(`/runs/${run}${part}`, server.owner)).status).toBe(200)
      expect((await body<{ items: object[] }>(await get('/runs?search=aubergine', server.owner))).items).toHaveLength(4)
    })

    test.each(['', '/plan', '/steps', '/journal', '/effects', '/changes', '/outputs'])('another does not: runs/…%s', async (part) => {
      const response = await get(`/runs/${run}${part}`, bob)
      expect(response.status).toBe(404)
      expect(await response.text()).not.toContain('aubergine')
    })

    test('nor what it started, nor what takes that back', async () => {
      for (const one of below)
        for (const part of ['', '/journal', '/outputs']) expect((await get(`/runs/${one}${part}`, bob)).status).toBe(404)
      for (const query of ['', '?search=aubergine', '?plan=tidy', '?state=done', `?search=${run.slice(0, 20)}`])
        expect(await body(await get(`/runs${query}`, bob))).toMatchObject({ items: [], total: 0 })
      expect(await body(await get('/runs?plan=tidy', server.owner))).toMatchObject({ total: 3 })
    })

    test('another does not find it, count it, listen to it, attach it or go on with it', async () => {
      expect(await body(await get('/runs?search=aubergine', bob))).toMatchObject({ items: [], total: 0 })
      expect((await get(`/events?run=${run}`, bob)).status).toBe(404)
      const own = await body<{ id: string }>(await post('/threads', {}, bob))
      const attachments = [{ kind: 'run', run, name: 'x' }]
      expect((await post(`/threads/${own.id}/messages`, { text: 'What?', attachments }, bob)).status).toBe(404)
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

    test('another hears no topic that names it or its thread; the person does', async () => {
      const told = async (caller: Caller): Promise<string> => {
        const response = await get('/events?after=0', caller)
        const reader = (response.body as ReadableStream<Uint8Array>).getReader() // a stream of events has a body
        await server.kernel.events.publish('end.of-test', {})
        let text = ''
        while (!text.includes('end.of-test')) text += Buffer.from((await reader.read()).value ?? new Uint8Array()).toString()
        await reader.cancel()
        return text
      }
      const [own, others] = [await told(server.owner), await told(bob)]
      for (const topic of ['run.created', 'approval.requested', 'thread.changed']) expect(own).toContain(topic)
      for (const secret of [run, thread]) {
        expect(own).toContain(secret)
        expect(others).not.toContain(secret)
      }
    })

    test('another sees no picture because a run of it names the picture', async () => {
      mkdirSync(server.folder, { recursive: true })
      const picture = join(server.folder, 'ill.png')
      writeFileSync(picture, Buffer.from('iVBORw0KGgo', 'base64'))
      await previewWith(picture)
      for (const query of [`&run=${run}`, '']) {
        const path = `/thumbnail?path=${encodeURIComponent(picture)}${query}`
        expect((await get(path, bob)).status).toBe(query === '' ? 403 : 404)
        expect((await get(path, server.owner)).status).toBe(200)
      }
    })

    test('another reads no bytes that only its runs and thread keep, and attaches them to nothing', async () => {
      const { blobs } = server.kernel.store
      const kept = async (words: string, ...owners: string[]) => {
        const { hash } = await blobs.put(words)
        for (const owner of owners) await blobs.keep(hash, owner)
        return hash
      }
      const { id: bobs } = await bobHimself()
      const hidden = [
        await kept('a', `run:${run}`),
        await kept('b', `thread:${thread}`, `run:${below[2] ?? ''}`),
        await kept('c', 'upload:ada'),
      ]
      const shown = [await kept('d', `run:${run}`, `upload:${bobs}`), await kept('e', 'effect:1')]
      const own = await body<{ id: string }>(await post('/threads', {}, bob))
      for (const hash of hidden) {
        expect((await get(`/blobs/${hash}`, bob)).status).toBe(404)
        const attachments = [{ kind: 'blob', blob: hash, name: 'x', mime: 'text/plain', size: 1 }]
        expect((await post(`/threads/${own.id}/messages`, { text: 'What?', attachments }, bob)).status).toBe(404)
        expect((await post('/models/test', { ref: 'script/chatty', prompt: 'What?', blob: hash, mime: 'image/png' }, bob)).status).toBe(404)
      }
      for (const hash of shown) expect((await get(`/blobs/${hash}`, bob)).status).toBe(200)
      expect((await get(`/blobs/${hidden[0] ?? ''}`, server.owner)).status).toBe(200)
    })

    test('what it used is another’s to sum, and not to follow', async () => {
      const usage = await body<{ items: { run: string | null }[] }>(await get('/models/usage', bob))
      expect(usage.items.length).toBeGreaterThan(0)
      expect(usage.items.filter((one) => one.run !== null)).toEqual([])
      expect((await get(`/models/usage?run=${run}`, bob)).status).toBe(404)
      expect((await body<{ items: { run: string }[] }>(await get(`/models/usage?run=${run}`, server.owner))).items[0]).toMatchObject({
        run,
      })
    })

    test('another finds no place, no run and no words of it in the trash, and brings nothing back', async () => {
      const id = await removedBy(below[1] ?? '')
      expect(await body(await get('/trash', server.owner))).toMatchObject({
        items: [{ effect: id, path: '/aubergine' }],
        total: 1,
        bytes: 7,
      })
      expect(await body(await get('/trash', bob))).toMatchObject({ items: [], total: 0, bytes: 0 })
      expect((await post('/trash/restore', { effects: [id] }, bob)).status).toBe(404)
    })
  })
})
