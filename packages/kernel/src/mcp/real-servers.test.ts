import fs from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox } from '../sandbox/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import { forEachStore, freshPlace } from '../store/testing.ts'
import { installed, openBench, serving } from './testing.ts'
import type { McpBench } from './testing.ts'

let sandbox: Sandbox
let npm: ReturnType<typeof installed>
let everything: string
let filesystem: string
let memory: string
let folder: string
beforeAll(async () => {
  sandbox = await createSandbox()
  npm = installed(
    '@modelcontextprotocol/server-everything',
    '@modelcontextprotocol/server-filesystem',
    '@modelcontextprotocol/server-memory',
  )
  ;[everything = '', filesystem = '', memory = ''] = npm.entries
}, 120_000)
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]()
  npm?.[Symbol.dispose]()
}, 120_000)
beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'lifeos-mcp-')))
  fs.writeFileSync(path.join(folder, 'note.txt'), 'milk and bread\n')
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const stdio = (entry: string, args: string[] = [], mounts: { path: string; access: 'read' | 'write' }[] = []) => ({
  kind: 'stdio' as const,
  command: 'node',
  args: [entry, ...args],
  env: {},
  secretEnv: {},
  mounts: [{ path: npm.folder, access: 'read' as const }, ...mounts],
  network: [],
})

/** Tools for what a server serves beside its tools: only of one that does. */
const served = ({ plugins }: McpBench) =>
  plugins
    .tools()
    .map(({ id }) => id.slice(id.indexOf('.') + 1))
    .filter((name) => name === 'read-resource' || name === 'get-prompt')

forEachStore((name, _open, place) => {
  test(
    `a server is set up, waits, is accepted and remembered; its tools are off before and after (${name})`,
    { timeout: 120_000 },
    async () => {
      await using home = await place()
      {
        await using bench = await openBench(home, sandbox)
        const shown = await bench.mcp.set({ id: 'memory', name: 'Memory', transport: stdio(memory), enabled: true, timeout: 60_000 }, 'ada')
        expect(shown).toMatchObject({ state: 'waiting', reason: null, server: { name: expect.stringContaining('memory') } })
        expect(shown.tools.find(({ name: tool }) => tool === 'create_entities')).toMatchObject({
          id: 'mcp-memory.create-entities',
          effect: 'external',
          accepted: false,
        })
        expect(bench.plugins.tools()).toEqual([])
        await expect(bench.call('mcp-memory.read-graph')).rejects.toMatchObject({ code: 'plan-invalid' })
        expect(await bench.mcp.accept('memory', shown.digest ?? '', 'ada')).toMatchObject({ state: 'idle' })
        expect(served(bench)).toEqual(['read-resource']) // it has no prompts
        await expect(bench.mcp.accept('memory', 'another', 'ada')).rejects.toMatchObject({ code: 'mcp-changed' })
        expect(bench.plugins.tool('mcp-memory.read-graph')).toMatchObject({ effect: 'read', risk: 'low', plugin: 'mcp-memory' })
      }
      await using again = await openBench(home, sandbox)
      expect(again.plugins.tool('mcp-memory.read-graph')).toBeDefined()
      expect(served(again)).toEqual(['read-resource']) // also before it was reached again
      await again.mcp.remove('memory', 'ada')
      expect(again.plugins.tools()).toEqual([])
      expect((await again.gate.audit.list({ limit: 50 })).items.map(({ rule }) => rule)).toEqual(
        expect.arrayContaining(['mcp-set', 'mcp-accepted', 'mcp-removed']),
      )
    },
  )
})

describe('in a box', () => {
  test(
    'the filesystem server reads what it was given, and what it would write is asked for and then written',
    { timeout: 120_000 },
    async () => {
      await using home = await freshPlace('sqlite')
      await using bench = await openBench(home, sandbox)
      await bench.accepted({ id: 'files', transport: stdio(filesystem, [folder], [{ path: folder, access: 'write' }]) })
      const read = await bench.call('mcp-files.read-text-file', { path: path.join(folder, 'note.txt') })
      expect(read.state, read.error?.message).toBe('waiting') // it could write, so it is not believed that it only reads
      const preview = await bench.runs.previewOf(read.id)
      expect(preview?.changes[0]?.change).toMatchObject({
        kind: 'command-run',
        program: 'mcp-files',
        args: ['read_text_file'],
        mounts: expect.arrayContaining([{ path: folder, access: 'write' }]),
      })
      expect((await bench.output(await bench.approve(read))).text).toContain('milk and bread')
      const write = await bench.call('mcp-files.write-file', { path: path.join(folder, 'new.txt'), content: 'butter' })
      expect(fs.existsSync(path.join(folder, 'new.txt'))).toBe(false)
      const done = await bench.approve(write)
      expect(done.error).toBeNull()
      expect(done.labels).toContain('untrusted')
      expect(fs.readFileSync(path.join(folder, 'new.txt'), 'utf8')).toBe('butter')
      const outside = await bench.approve(await bench.call('mcp-files.read-text-file', { path: '/etc/passwd' }))
      expect(outside.error).toMatchObject({ code: 'mcp-tool-failed', message: expect.stringContaining('denied') })
    },
  )

  test(
    'with folders to read alone it is believed, and answers without a question; a grant that denies holds',
    { timeout: 120_000 },
    async () => {
      await using home = await freshPlace('sqlite')
      await using bench = await openBench(home, sandbox)
      await bench.accepted({ id: 'files', transport: stdio(filesystem, [folder], [{ path: folder, access: 'read' }]) })
      const read = () => bench.call('mcp-files.read-text-file', { path: path.join(folder, 'note.txt') })
      const done = await read()
      expect((await bench.output(done)).text).toContain('milk and bread')
      expect(done.labels).toContain('untrusted')
      const refused = await bench.approve(await bench.call('mcp-files.write-file', { path: path.join(folder, 'new.txt'), content: 'x' }))
      expect(refused.error?.code).toBe('mcp-tool-failed')
      expect(fs.existsSync(path.join(folder, 'new.txt'))).toBe(false)
      const deny = {
        subject: { kind: 'any' as const, id: 'any' },
        permission: `fs.read:${folder}/**`,
        verdict: 'deny' as const,
        expiresAt: null,
      }
      await bench.gate.grants.add(deny, 'settings', 'ada')
      expect((await read()).error?.code).toBe('gate-refused')
    },
  )

  test('the everything server: text, data, pictures, resources and prompts', { timeout: 120_000 }, async () => {
    await using home = await freshPlace('sqlite')
    await using bench = await openBench(home, sandbox)
    await bench.accepted({ id: 'every', transport: stdio(everything), timeout: 3000 })
    expect(bench.mcp.get('every').prompts.length).toBeGreaterThan(1)
    expect(served(bench)).toEqual(['read-resource', 'get-prompt'])
    const ask = async (tool: string, input: unknown = {}) => {
      const run = await bench.call(`mcp-every.${tool}`, input)
      return run.state === 'waiting' ? bench.approve(run) : run
    }
    expect((await bench.output(await ask('echo', { message: 'hello' }))).text).toContain('hello')
    const picture = (await bench.output(await ask('get-tiny-image'))).files[0]
    expect(picture?.mime).toBe('image/png')
    expect(
      Buffer.from(await bench.bytes(picture?.blob ?? ''))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    expect((await bench.output(await ask('get-structured-content', { location: 'New York' }))).data).toMatchObject({
      temperature: expect.anything(),
    })
    const { links } = await bench.output(await ask('read-resource'))
    const { uri } = links[0] as { uri: string } // what the tool says
    expect((await bench.output(await ask('read-resource', { uri }))).text.length).toBeGreaterThan(10)
    expect((await bench.output(await ask('get-prompt', { name: 'args-prompt', arguments: { city: 'Paris' } }))).text).toContain('Paris')
    await expect(ask('no-such-tool')).rejects.toMatchObject({ code: 'plan-invalid' })
  })

  test('the memory server keeps what it was told from call to call', { timeout: 120_000 }, async () => {
    await using home = await freshPlace('sqlite')
    await using bench = await openBench(home, sandbox)
    await bench.accepted({ id: 'memory', transport: { ...stdio(memory), env: { MEMORY_FILE_PATH: '/work/memory.json' } } })
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['likes engines'] }]
    const made = await bench.call('mcp-memory.create-entities', { entities })
    expect((await bench.runs.previewOf(made.id))?.changes[0]?.change.summary).toContain('likes engines')
    expect((await bench.approve(made)).error).toBeNull()
    expect((await bench.output(await bench.call('mcp-memory.read-graph'))).text).toContain('likes engines')
  })
})

test('the everything server over streamable HTTP is asked before each call, by its address', { timeout: 120_000 }, async () => {
  await using server = await serving(everything, ['streamableHttp'], /listening on port/)
  await using home = await freshPlace('sqlite')
  await using bench = await openBench(home, sandbox)
  await bench.accepted({ id: 'far', transport: { kind: 'http', url: `http://127.0.0.1:${server.port}/mcp` } })
  expect(bench.plugins.tool('mcp-far.echo')).toMatchObject({ effect: 'external', risk: 'medium' }) // nobody can tell what it does elsewhere
  const run = await bench.call('mcp-far.echo', { message: 'over the wire' })
  expect((await bench.gate.approvals.get(run.approval ?? '')).preview?.summary.needs).toMatchObject([
    { permission: `net:127.0.0.1:${server.port}` },
  ])
  const shown = await bench.approve(run)
  expect((await bench.gate.approvals.get(shown.approval ?? '')).preview?.changes[0]?.change).toMatchObject({
    kind: 'request-send',
    url: `http://127.0.0.1:${server.port}/mcp`,
    body: expect.stringContaining('over the wire'),
  })
  expect((await bench.output(await bench.approve(shown))).text).toContain('over the wire')
  const long = await bench.approve(
    await bench.approve(await bench.call('mcp-far.trigger-long-running-operation', { duration: 1, steps: 4 })),
  )
  expect(long.error).toBeNull()
  expect(bench.notes.filter(({ type, data }) => type === 'progress' && data['total'] === 4).length).toBeGreaterThan(1)
  expect(bench.mcp.get('far').state).toBe('ready')
  await server[Symbol.asyncDispose]()
  const lost = await bench.approve(await bench.approve(await bench.call('mcp-far.echo', { message: 'gone' })))
  expect(lost.error?.code ?? lost.state).toBe('mcp-unreachable')
})
