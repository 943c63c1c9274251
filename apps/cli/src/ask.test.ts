import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ollamaServer } from '../../../tools/lab/models.ts'
import type { Page, ProviderConfig, Thread, ThreadMessage } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

let here: Machine
beforeAll(async () => {
  here = await machine()
})
afterAll(() => here[Symbol.dispose]())

test('without any model it says so, and what works all the same', async () => {
  const asked = await here.lifeos('ask', 'what is the weather like')
  expect([asked.code, asked.out, asked.err]).toEqual([
    0,
    expect.stringContaining('No model is set up'),
    expect.stringContaining('lifeos chat '),
  ])
  expect(await here.lifeos('chat')).toMatchObject({ code: 2, err: expect.stringContaining('needs a terminal') })
})

test('a question is answered with what it brings along, found again, exported and removed', async () => {
  await using server = await ollamaServer({
    models: [{ name: 'small', capabilities: ['completion', 'tools'] }],
    answer: ['Two lines:\n\u001B[31mone\u001B[0m\nand two.'],
  })
  mkdirSync(here.work, { recursive: true })
  const file = join(here.work, 'a.txt')
  writeFileSync(file, 'one\ntwo\n')
  await setUp({ id: 'here', kind: 'ollama', name: 'Here', url: server.url, enabled: true })
  const asked = await here.lifeos('ask', 'How many lines?', '--file', file)
  expect([asked.code, asked.out]).toEqual([0, expect.stringContaining('and two.')])
  expect(server.asked[0]?.last).toContain(file)
  const { items } = document<Page<Thread>>(await here.lifeos('threads', 'list', 'how many', '--json'))
  expect(items).toMatchObject([{ title: 'How many lines?', messages: 2, active: null }])
  const id = items[0]?.id ?? ''
  expect(await here.lifeos('threads', 'search', 'two')).toMatchObject({ code: 0, out: expect.stringContaining('and «two».') })
  const shown = document<{ items: ThreadMessage[] }>(await here.lifeos('threads', 'show', id, '--json'))
  expect(shown.items.map(({ role, state }) => [role, state])).toEqual([
    ['person', null],
    ['assistant', 'done'],
  ])
  expect((await here.lifeos('threads', 'export', id)).out).toMatch(/^# How many lines\?\n[\s\S]*## You[\s\S]*and two\./)
  expect(await here.lifeos('ask', 'x', '--file', join(here.work, 'absent'))).toMatchObject({ code: 2 })
  expect(await here.lifeos('threads', 'rm', id)).toMatchObject({ code: 0 })
  expect(await here.lifeos('threads', 'show', id)).toMatchObject({ code: 2, err: expect.stringContaining('no thread') })
})

/** Sets a provider up as its owner would, in a process that owns the folder meanwhile. */
async function setUp(provider: ProviderConfig): Promise<void> {
  const { connect } = await import('./backend/connect.ts')
  await using backend = await connect({ home: here.home })
  await backend.client.models.setProvider(provider)
}
