import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApprovalDetail, Plugin, Run } from '@life-os/contract'
import { openServer } from '../testing/open.ts'
import type { Caller, TestServer } from '../testing/open.ts'
import { startEcho } from '../testing/echo.ts'

let server: TestServer
let base: string
beforeAll(async () => {
  server = await openServer()
  base = server.folder
  mkdirSync(base, { recursive: true })
}, 120_000)
afterAll(() => server[Symbol.asyncDispose]())

interface Written {
  id?: string
  version?: string
  word?: string
  more?: string[]
}
/** An author's folder: a tool that asks the server its settings name, and one that writes its word into a file. */
function write({ id = 'guest', version = '1.0.0', word = 'hello', more = [] }: Written = {}): string {
  const folder = join(base, `${id}-source`)
  mkdirSync(join(folder, 'src'), { recursive: true })
  const manifest = {
    id, name: 'Guest', version, sdk: '^1.0.0', description: 'Says a word.', author: 'A stranger', license: 'MIT', category: 'test',
    entry: 'src/index.ts', tools: [`${id}.fetch`, `${id}.write`],
    permissions: ['fs.write:**', 'net:*:*', ...more].map((permission) => ({ permission, reason: 'Because it must.' })),
    settings: { type: 'object', properties: { server: { type: 'string', default: 'example.org:443' } } },
  } // prettier-ignore
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(
    join(folder, 'src', 'index.ts'),
    `import { definePlugin, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
const fetch = defineTool({ id: '${id}.fetch', title: 'Fetch', description: 'Asks the server.', effect: 'read', input: z.object({}),
  output: z.object({ status: z.int() }), needs: { net: ['\${{ settings.server }}'] },
  async run(_, host) {
    const { server } = await host.settings.get()
    return { status: (await host.net.fetch('http://' + server + '/')).status }
  } })
const write = defineTool({ id: '${id}.write', title: 'Write', description: 'Writes a word.', effect: 'write', input: z.object({ file: z.string() }),
  output: z.object({ file: z.string() }), needs: { 'fs.write': ['file'] },
  run: async ({ file }, host) => ({ file: (await host.fs.append(file, '${word}')).path }) })
export default definePlugin({ tools: [fetch, write] })
`,
  )
  return folder
}

const send = (method: string, body?: unknown): RequestInit => ({ method, ...(body !== undefined && { body: JSON.stringify(body) }) })
async function asked<T>(path: string, init: RequestInit = {}, caller: Caller = server.owner): Promise<T> {
  const response = await server.ask(`/api/v1${path}`, init, caller)
  const document = await response.json()
  expect([response.status, document]).toEqual([response.status < 300 ? response.status : 0, document])
  return document as T // the contract's answer
}
const refused = async (path: string, init: RequestInit, caller: Caller = server.owner) => {
  const response = await server.ask(`/api/v1${path}`, init, caller)
  return [response.status, ((await response.json()) as { code: string }).code] // a problem
}
async function accepted(written: Written = {}): Promise<Plugin> {
  const folder = write(written)
  const { manifest, pending } = await asked<Plugin>('/plugins/install', send('POST', { folder }))
  if (!pending) return asked<Plugin>(`/plugins/${manifest.id}`) // it is the accepted one already
  return asked<Plugin>(`/plugins/${manifest.id}/accept`, send('POST', { digest: pending.digest }))
}
const planOf = (tool: string, input: object) => ({ id: 'trial', name: 'Trial', steps: [{ id: 'a', tool, input }] })
async function started(tool: string, input: object, more: object = {}): Promise<Run> {
  const { id } = await asked<Run>('/runs', send('POST', { plan: planOf(tool, input), mode: 'draft', ...more }))
  return server.kernel.runs.settled(id)
}
async function approve(run: Run): Promise<Run> {
  const { hash } = await asked<ApprovalDetail>(`/approvals/${run.approval}`)
  await asked(`/approvals/${run.approval}/answer`, send('POST', { answer: 'approve', hash }))
  return server.kernel.runs.settled(run.id)
}

test('an uploaded archive is looked at, accepted, set, read and removed, and each is told to whoever listens', async () => {
  const archive = join(base, 'guest.tgz')
  execFileSync('tar', ['-czf', archive, '-C', write(), '.'])
  const stream = await server.ask('/api/v1/events', {}, server.owner)
  const { hash } = await asked<{ hash: string }>('/blobs', { method: 'POST', body: readFileSync(archive) })
  const waiting = await asked<Plugin>('/plugins/install', send('POST', { blob: hash, name: 'guest.tgz' }))
  expect(waiting).toMatchObject({ state: 'waiting', tools: [], source: { kind: 'archive', name: 'guest.tgz' } })
  expect(await refused('/plugins/guest/accept', send('POST', { digest: '0'.repeat(64) }))).toEqual([409, 'plugin-pending-changed'])
  const plugin = await asked<Plugin>('/plugins/guest/accept', send('POST', { digest: waiting.pending?.digest }))
  expect(plugin).toMatchObject({
    state: 'ready',
    digest: waiting.pending?.digest,
    pending: null,
    isolation: server.kernel.sandbox.isolation,
  })
  expect(await heard(stream)).toBe('guest')

  expect(await asked('/plugins/guest/settings')).toMatchObject({ values: { server: 'example.org:443' } })
  expect(await refused('/plugins/guest/settings', send('PUT', { values: { server: 7 } }))).toEqual([400, 'settings-invalid'])
  expect(await asked('/plugins/guest/settings', send('PUT', { values: { server: 'a:1' } }))).toEqual({ values: { server: 'a:1' } })
  expect(await asked<{ lines: unknown[] }>('/plugins/guest/log?limit=5')).toHaveProperty('lines')
  expect(await refused('/plugins/guest/update', send('POST'))).toEqual([409, 'plugin-update-by-hand'])
  expect(await refused('/plugins/guest/rollback', send('POST'))).toEqual([409, 'plugin-no-version-before'])
  expect(await refused('/plugins/guest/reject', send('POST'))).toEqual([409, 'plugin-not-waiting'])
  expect(await asked('/plugins/guest?data=true', send('DELETE'))).toEqual({ ok: true })
  expect(await refused('/plugins/guest', send('GET'))).toEqual([404, 'plugin-unknown'])
})

test('switching a plugin off, on and anew is written down with who did it', async () => {
  await accepted({ id: 'switched' })
  for (const verb of ['disable', 'enable', 'restart']) await asked<Plugin>(`/plugins/switched/${verb}`, send('POST'))
  const { items } = await asked<{ items: { rule: string; actor: string; data: { plugin?: string } }[] }>('/audit?kind=plugin&limit=200')
  const rules = items.filter(({ data }) => data.plugin === 'switched').map(({ rule }) => rule)
  expect(rules).toEqual(expect.arrayContaining(['plugin-disabled', 'plugin-enabled', 'plugin-restarted']))
})

test('what was installed below a private home runs in a box of its own uid', async () => {
  expect(server.kernel.sandbox.isolation.level).toBe('bubblewrap')
  expect(statSync(join(server.kernel.home, '..')).mode & 0o777).toBe(0o700)
  await accepted()
  const { pid } = (await asked<Plugin>('/plugins/guest')).health
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const file = join(base, 'boxed')
  expect(await approve(await started('guest.write', { file }))).toMatchObject({ state: 'done' })
  expect(readFileSync(file, 'utf8')).toBe('hello')
  if (process.getuid?.() === 0) expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0')
})

test('a tool needs what the settings name, and may reach that and nothing else', async () => {
  await using echo = await startEcho()
  await accepted()
  await asked('/plugins/guest/settings', send('PUT', { values: { server: echo.place } }))
  const waiting = await started('guest.fetch', {}, { mode: 'autopilot' })
  expect(waiting.state).toBe('waiting')
  const { needs } = await asked<ApprovalDetail>(`/approvals/${waiting.approval}`)
  expect(needs).toEqual([expect.objectContaining({ kind: 'net', resource: echo.place })])
  expect(await approve(waiting)).toMatchObject({ state: 'done' })
  expect(echo.told).toHaveLength(1)
  await asked('/plugins/guest/settings', send('PUT', { values: { server: 'localhost:1' } }))
  const other = await started('guest.fetch', {}, { mode: 'autopilot', allow: [`net:${echo.place}`] })
  expect((await asked<ApprovalDetail>(`/approvals/${other.approval}`)).needs).toEqual([
    expect.objectContaining({ resource: 'localhost:1' }),
  ])
  await asked('/plugins/guest/settings', send('PUT', { values: {} }))
})

describe('a plugin that changes while a run waits for approval', () => {
  test('what was approved is not what would run: the preview is made again', async () => {
    await accepted()
    const file = join(base, 'changed')
    const waiting = await started('guest.write', { file })
    await accepted({ version: '1.0.1', word: 'other' })
    const again = await approve(waiting)
    expect(again).toMatchObject({ state: 'waiting' })
    expect(again.approval).not.toBe(waiting.approval)
    const { preview } = await asked<ApprovalDetail>(`/approvals/${again.approval}`)
    expect(preview?.summary.warnings).toContainEqual(expect.objectContaining({ code: 'plugin-changed' }))
    expect(() => statSync(file)).toThrow(/ENOENT/)
    expect(await approve(again)).toMatchObject({ state: 'done' })
    expect(readFileSync(file, 'utf8')).toBe('other')
  })

  test('one that goes back to the version before counts as changed too, with what was accepted then', async () => {
    await accepted({ version: '1.0.1', word: 'other' })
    await accepted({ version: '1.1.0', word: 'wide', more: ['exec:sh'] })
    const file = join(base, 'back')
    const waiting = await started('guest.write', { file })
    const before = await asked<Plugin>('/plugins/guest/rollback', send('POST'))
    expect(before).toMatchObject({ state: 'ready', manifest: { version: '1.0.1' }, pending: null })
    expect(before.manifest.permissions.map(({ permission }) => permission)).toEqual(['fs.write:**', 'net:*:*'])
    const again = await approve(waiting)
    expect(again).toMatchObject({ state: 'waiting' })
    expect(await approve(again)).toMatchObject({ state: 'done' })
    expect(readFileSync(file, 'utf8')).toBe('other')
    const audit = await asked<{ items: { actor: string; data: unknown }[] }>('/audit?rule=plugin-rolled-back')
    expect(audit.items).toMatchObject([{ data: { plugin: 'guest', version: '1.0.1', permissions: ['fs.write:**', 'net:*:*'] } }])
    expect(await refused('/plugins/guest/rollback', send('POST'))).toEqual([409, 'plugin-no-version-before'])
  })

  test('one that is removed fails the run, and says why', async () => {
    const file = join(base, 'removed')
    const waiting = await started('guest.write', { file })
    await asked('/plugins/guest', send('DELETE'))
    expect(await approve(waiting)).toMatchObject({
      state: 'failed',
      error: { code: 'tool-unknown', message: expect.stringContaining('guest.write') as string },
    })
    expect(() => statSync(file)).toThrow(/ENOENT/)
  })
})

describe('plugins are an administrator’s', () => {
  test.each<[string, string, unknown]>([
    ['POST', '/plugins/install', { folder: '/tmp', watch: false }],
    ['POST', '/plugins/files/accept', { digest: 'x' }],
    ['POST', '/plugins/files/reject', undefined],
    ['POST', '/plugins/files/update', undefined],
    ['POST', '/plugins/files/rollback', undefined],
    ['POST', '/plugins/files/enable', undefined],
    ['POST', '/plugins/files/disable', undefined],
    ['POST', '/plugins/files/restart', undefined],
    ['PUT', '/plugins/files/settings', { values: {} }],
    ['DELETE', '/plugins/files', undefined],
  ])('%s %s', async (method, path, body) => {
    const member = await server.token(['read', 'run', 'approve'])
    expect(await refused(path, send(method, body), member)).toEqual([403, 'scope-missing'])
  })

  test('others look', async () => {
    const reader = await server.token(['read'])
    for (const path of ['/plugins', '/plugins/files', '/plugins/files/settings', '/plugins/files/log']) await asked(path, {}, reader)
  })
})

/** The plugin of the first `plugin.changed` of a stream. */
async function heard(stream: Response): Promise<unknown> {
  let text = ''
  for await (const chunk of stream.body!) {
    text += Buffer.from(chunk).toString()
    const data = /^data: (.*"plugin\.changed".*)$/m.exec(text)?.[1]
    if (data !== undefined) return (JSON.parse(data) as { data: { plugin: string } }).data.plugin // a topic event
  }
  return null
}
