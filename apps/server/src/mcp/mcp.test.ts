import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Scope } from '@life-os/contract'
import { parsePlan } from '@life-os/kernel/plans'
import { startServer } from '../start.ts'
import type { Started } from '../start.ts'
import { built } from '../testing/open.ts'
import { open } from './testing.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const inspector = join(root, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js')
const lifeos = join(root, 'tools/bin/lifeos.mjs')
const run = promisify(execFile)

let server: Started
let home: string
let folder: string
beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'lifeos-mcp-server-')))
  server = await startServer({ home, pluginsDir: await built(), port: 0, open: false, print: () => undefined })
}, 120_000)
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  fs.rmSync(home, { recursive: true, force: true })
})
beforeEach(async () => {
  folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'lifeos-mcp-folder-')))
  const reading = {
    subject: { kind: 'any' as const, id: 'any' },
    permission: `fs.read:${folder}/**`,
    verdict: 'allow' as const,
    expiresAt: null,
  }
  await server.kernel.gate.grants.add(reading, 'settings', 'ada')
  fs.writeFileSync(join(folder, 'note.txt'), 'milk and ${{ bread }}\n')
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

async function tokenFor(...scopes: Scope[]): Promise<string> {
  const { auth } = server.kernel
  return (await auth.addToken(await auth.asOwner(), 'mcp', scopes)).secret
}

const http = (token: string, how = '') =>
  new StreamableHTTPClientTransport(new URL(`${server.address}/mcp${how}`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  }) as Parameters<Client['connect']>[0] // its optional fields are declared without undefined

describe.each(['legacy', 'auto'] as const)('over HTTP, %s protocol', (mode) => {
  test('tools are listed with what they are, and reading answers at once', async () => {
    await using opened = await open(http(await tokenFor('read', 'run')), mode)
    const { tools } = await opened.client.listTools()
    expect(tools.find(({ name }) => name === 'files_list')).toMatchObject({ annotations: { readOnlyHint: true } })
    expect(tools.find(({ name }) => name === 'files_move')).toMatchObject({ annotations: { readOnlyHint: false, destructiveHint: false } })
    expect(tools.map(({ name }) => name)).not.toContain('life-os_approve')
    const { said } = await opened.call('files_list', { path: folder })
    expect(JSON.stringify(said)).toContain('note.txt')
    expect(said).toMatchObject({ state: 'done', url: `${server.address}/runs/${said.run}` })
  })

  test('an effect waits with its preview; without the scope nobody is asked and nobody can answer', async () => {
    await using opened = await open(http(await tokenFor('read', 'run')), mode, () => 'approve')
    const { said } = await opened.call('files_write', { path: join(folder, 'new.txt'), content: 'literal ${{ 1 + 1 }}' })
    expect(said).toMatchObject({
      state: 'waiting',
      question: { kind: 'preview', changes: [expect.stringContaining('new.txt')], texts: [{ text: '+literal ${{ 1 + 1 }}' }] },
    })
    expect(opened.asked).toEqual([])
    const { approval, hash } = said['question'] as { approval: string; hash: string } // as just seen
    const refused = await opened.call('life-os_approve', { approval, hash, answer: 'approve' })
    expect(refused).toMatchObject({ isError: true, said: { error: { code: 'scope-missing' } } })
    expect(fs.existsSync(join(folder, 'new.txt'))).toBe(false)
  })

  test('the person is asked in the client with the words of the preview, and their answer is bound to it', async () => {
    await using opened = await open(http(await tokenFor('read', 'run', 'approve')), mode, (message) =>
      message.includes('no.txt:\n    +') ? 'refuse' : 'approve',
    )
    const { said } = await opened.call('files_write', { path: join(folder, 'new.txt'), content: 'literal ${{ 1 + 1 }}' })
    expect(said).toMatchObject({ state: 'done', effects: 1 })
    expect(opened.asked[0]).toContain('new.txt')
    expect(fs.readFileSync(join(folder, 'new.txt'), 'utf8')).toBe('literal ${{ 1 + 1 }}')
    expect((await opened.call('files_write', { path: join(folder, 'no.txt'), content: 'x' })).said).not.toMatchObject({ state: 'done' })
    expect(fs.existsSync(join(folder, 'no.txt'))).toBe(false)
    expect((await opened.call('life-os_undo', { run: said.run })).said).toMatchObject({ state: 'done' })
    expect(fs.existsSync(join(folder, 'new.txt'))).toBe(false)
  })

  test('a form that is closed leaves the run waiting, and it can be answered later by the hash that was shown', async () => {
    await using opened = await open(http(await tokenFor('read', 'run', 'approve')), mode, () => null)
    const { said } = await opened.call('files_write', { path: join(folder, 'new.txt'), content: 'x' })
    expect(said.state).toBe('waiting')
    const { approval, hash } = said['question'] as { approval: string; hash: string } // as just seen
    expect(await opened.call('life-os_approve', { approval, hash: '0'.repeat(64), answer: 'approve' })).toMatchObject({ isError: true })
    expect((await opened.call('life-os_approve', { approval, hash, answer: 'approve' })).said).toMatchObject({ state: 'done' })
    expect((await opened.call('life-os_status', { run: said.run })).said).toMatchObject({ state: 'done' })
  })

  test('runs and plans are resources, and a failure is something a model can read', async () => {
    await using opened = await open(http(await tokenFor('read', 'run')), mode)
    const { said } = await opened.call('files_list', { path: folder })
    const { resources } = await opened.client.listResources()
    expect(resources.map(({ uri }) => uri)).toContain(`life-os://runs/${said.run}`)
    const { contents } = await opened.client.readResource({ uri: `life-os://runs/${said.run}` })
    expect(JSON.stringify(contents)).toContain('note.txt')
    expect(await opened.call('files_list', { path: join(folder, 'none') })).toMatchObject({ isError: true, said: { state: 'failed' } })
    expect(await opened.call('files_nothing')).toMatchObject({ isError: true, said: { error: { code: 'tool-unknown' } } })
  })
})

test('nobody without a token, from another page, or with the session of another token', async () => {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  })
  const ask = (headers: Record<string, string>) =>
    fetch(`${server.address}/mcp`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    })
  expect((await ask({})).status).toBe(401)
  const mine = await ask({ authorization: `Bearer ${await tokenFor('read')}` })
  const session = mine.headers.get('mcp-session-id') ?? ''
  expect(session).not.toBe('')
  await mine.body?.cancel()
  expect((await ask({ authorization: `Bearer ${await tokenFor('read')}`, 'mcp-session-id': session })).status).toBe(404)
  expect((await ask({ authorization: `Bearer ${await tokenFor('read')}`, origin: 'https://evil.example' })).status).toBe(403)
  expect((await ask({ authorization: 'Bearer nothing' })).status).toBe(401)
})

test('the inspector, a stranger’s client, lists and calls over HTTP', { timeout: 60_000 }, async () => {
  const inspect = async (...args: string[]) => {
    const { stdout } = await run(process.execPath, [
      inspector,
      '--cli',
      `${server.address}/mcp`,
      '--transport',
      'http',
      '--header',
      `Authorization: Bearer ${await tokenFor('read', 'run')}`,
      ...args,
    ])
    return stdout
  }
  expect(await inspect('--method', 'tools/list')).toContain('files_move')
  expect(await inspect('--method', 'tools/call', '--tool-name', 'files_list', '--tool-arg', `path=${folder}`)).toContain('note.txt')
})

describe('over stdio, from a process of its own', () => {
  const stdio = (...args: string[]) =>
    new StdioClientTransport({
      command: process.execPath,
      args: [lifeos, 'mcp', ...args],
      env: { LIFEOS_HOME: home },
      stderr: 'pipe',
    }) as Parameters<Client['connect']>[0] // its optional fields are declared without undefined

  test('it speaks for the running server, and without --approve nobody is asked', { timeout: 60_000 }, async () => {
    await using opened = await open(stdio(), 'auto', () => 'approve')
    expect(JSON.stringify((await opened.call('files_list', { path: folder })).said)).toContain('note.txt')
    const { said } = await opened.call('files_write', { path: join(folder, 'new.txt'), content: 'x' })
    expect(said).toMatchObject({ state: 'waiting', url: `${server.address}/runs/${said.run}` })
    const { approval, hash } = said['question'] as { approval: string; hash: string } // as just seen
    expect(await opened.call('life-os_approve', { approval, hash, answer: 'approve' })).toMatchObject({
      isError: true,
      said: { error: { code: 'scope-missing' } },
    })
    expect(opened.asked).toEqual([])
  })

  test('with it the person answers in the client', { timeout: 60_000 }, async () => {
    await using opened = await open(stdio('--approve'), 'legacy', () => 'approve')
    expect((await opened.call('files_write', { path: join(folder, 'new.txt'), content: 'x' })).said).toMatchObject({ state: 'done' })
    expect(opened.asked.length).toBeGreaterThan(0)
    expect(fs.readFileSync(join(folder, 'new.txt'), 'utf8')).toBe('x')
  })

  test('the inspector speaks to it', { timeout: 60_000 }, async () => {
    const { stdout } = await run(process.execPath, [
      inspector,
      '--cli',
      process.execPath,
      lifeos,
      'mcp',
      '-e',
      `LIFEOS_HOME=${home}`,
      '--method',
      'tools/list',
    ])
    expect(stdout).toContain('files_move')
  })
})

test('what is private is not told to a client that nobody named for it', async () => {
  await server.kernel.labels.setFolder(folder, ['private'], 'ada')
  await using opened = await open(http(await tokenFor('read', 'run')), 'auto')
  const { said } = await opened.call('files_read', { path: join(folder, 'note.txt') })
  expect(said).toMatchObject({ state: 'done', labels: ['private'], withheld: expect.any(String) })
  expect(JSON.stringify(said)).not.toContain('milk')
})

test('what is asked about a private run is not told to such a client either, nor can it be answered there', async () => {
  await server.kernel.labels.setFolder(folder, ['private'], 'ada')
  await using opened = await open(http(await tokenFor('read', 'run', 'approve')), 'auto')
  const asked = await opened.call('files_move', { from: join(folder, 'note.txt'), to: join(folder, 'diagnosis.txt') })
  expect(asked.said).toMatchObject({ state: 'waiting', question: { withheld: true } })
  expect([JSON.stringify(asked.said), opened.asked.join()].join()).not.toContain('diagnosis')
})

test('what a run that goes on works on is not told before it has ended and is known not to be private', async () => {
  const plan = parsePlan(
    'id: ask-first\nname: Ask first\ninputs: { about: { type: text } }\nsteps: [{ id: ok, approve: "Go on?" }, { id: list, tool: files.list, input: { path: "/tmp" } }]',
  )
  if (!plan.ok) throw new Error('the plan of this test cannot be read')
  const actor = { kind: 'person' as const, id: 'ada', name: 'Ada' }
  const { runs } = server.kernel
  const started = await runs.start({ plan: plan.plan, inputs: { about: 'the diagnosis' }, mode: 'draft', priority: 0, allow: [] }, actor)
  const going = await runs.settled(started.id)
  expect(going.state).toBe('waiting')
  const read = async (how: string) => {
    await using opened = await open(http(await tokenFor('read'), how), 'auto')
    return JSON.stringify(await opened.client.readResource({ uri: `life-os://runs/${going.id}` }))
  }
  expect(await read('')).not.toContain('diagnosis')
  expect(await read('')).toContain('has not ended')
  expect(await read('?private=show')).toContain('the diagnosis')
  const { hash } = await server.kernel.gate.approvals.get(going.approval ?? '')
  await runs.answer(going.approval ?? '', { answer: 'refuse', hash, except: [], exceptGlobs: [], final: false, remember: 'no' }, actor)
  await runs.settled(going.id)
  expect(await read('')).toContain('the diagnosis') // it ended, and nothing of it is private
})

test('a stored plan is proposed, run with its preview in the client, and approved there', async () => {
  const plan = parsePlan(
    'id: keep-note\nname: Keep a note\ninputs: { file: { type: path } }\nsteps: [{ id: write, tool: files.write, input: { path: "${{ inputs.file }}", content: "kept" } }]',
  )
  if (!plan.ok) throw new Error(`the plan of this test cannot be read: ${JSON.stringify(plan)}`)
  await server.kernel.plans.save(plan.plan, 'ada', new Set<Scope>(['run']))
  await server.kernel.plugins.restart('files') // its process had read private files, and would still be taken for one that tells of them
  await using opened = await open(http(await tokenFor('read', 'run', 'approve')), 'auto', () => 'approve')
  const file = join(folder, 'kept.txt')
  const proposed = await opened.call('life-os_propose', { goal: `find duplicates in ${folder}` })
  expect(proposed.isError, JSON.stringify(proposed.said)).toBe(false)
  expect(JSON.stringify(proposed.said)).toContain(folder)
  expect(fs.readdirSync(folder)).toEqual(['note.txt']) // nothing has happened
  const { said } = await opened.call('life-os_run', { plan: 'keep-note', inputs: { file } })
  expect(said, JSON.stringify(said)).toMatchObject({ state: 'done', effects: 1 })
  expect(opened.asked.join('\n')).toContain('kept.txt')
  expect(fs.readFileSync(file, 'utf8')).toBe('kept')
})

test('inputs that a client’s model chose are no grant', async () => {
  const secret = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'lifeos-mcp-secret-')))
  fs.writeFileSync(join(secret, 'diary.txt'), 'dear diary')
  const plan = parsePlan(
    'id: read-out\nname: Read out\ninputs: { file: { type: path } }\nsteps: [{ id: read, tool: files.read, input: { path: "${{ inputs.file }}" } }]\noutputs: { answer: "${{ steps.read }}" }',
  )
  if (!plan.ok) throw new Error('the plan of this test cannot be read')
  await server.kernel.plans.save(plan.plan, 'ada', new Set<Scope>(['run']))
  await using opened = await open(http(await tokenFor('read', 'run')), 'auto')
  const { said } = await opened.call('life-os_run', { plan: 'read-out', inputs: { file: join(secret, 'diary.txt') } })
  expect(said).toMatchObject({ state: 'waiting', question: { needs: [`fs.read:${join(secret, 'diary.txt')}`] } })
  expect(JSON.stringify(said)).not.toContain('dear diary')
  fs.rmSync(secret, { recursive: true })
})
