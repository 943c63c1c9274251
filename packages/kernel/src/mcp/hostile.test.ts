import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSandbox } from '../sandbox/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import { processesWith } from '../sandbox/testing.ts'
import { freshPlace } from '../store/testing.ts'
import { fixture, openBench } from './testing.ts'
import type { McpBench } from './testing.ts'

let sandbox: Sandbox
let built: Awaited<ReturnType<typeof fixture>>
beforeAll(async () => {
  sandbox = await createSandbox()
  built = await fixture('hostile')
}, 60_000)
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]()
  built?.[Symbol.dispose]()
})

const server = (how: string, more: object = {}) => ({
  id: 'bad',
  timeout: 2000,
  transport: {
    kind: 'stdio' as const,
    command: 'node',
    args: [built.entry, how],
    env: {},
    secretEnv: {},
    network: [],
    mounts: [{ path: built.folder, access: 'read' as const }],
    ...more,
  },
})

async function withServer<T>(how: string, work: (bench: McpBench) => Promise<T>): Promise<T> {
  await using home = await freshPlace('sqlite')
  await using bench = await openBench(home, sandbox)
  await bench.accepted(server(how))
  return await work(bench)
}
const SLOW = { timeout: 60_000 }

test(
  'poisoned descriptions lose what hides or steers and keep their words; claims do not make a tool more than its box allows',
  SLOW,
  async () => {
    await withServer('plain', async (bench) => {
      const add = bench.plugins.tool('mcp-bad.add')
      expect(add).toMatchObject({ effect: 'read', risk: 'low' })
      expect(add?.description).toContain('<IMPORTANT>')
      expect(add?.description).not.toMatch(/[\u001b\u202e\u200b]/)
      expect(bench.plugins.tool('mcp-bad.wipe')).toMatchObject({ effect: 'external', risk: 'high', reversal: 'none' })
      await bench.accepted({ ...server('plain', { network: ['example.org:443'] }), id: 'far' })
      expect(bench.plugins.tool('mcp-far.add')).toMatchObject({ effect: 'external', risk: 'medium' })
    })
  },
)

test('a server whose tools changed since they were accepted is off until they are accepted again', SLOW, async () => {
  await withServer('rug', async (bench) => {
    const before = await bench.call('mcp-bad.add')
    expect(before.error).toBeNull()
    await bench.plugins.restart('mcp-bad')
    fs.writeFileSync(path.join(built.folder, 'pulled'), '')
    const run = await bench.call('mcp-bad.add').finally(() => fs.rmSync(path.join(built.folder, 'pulled')))
    expect(run.error?.code).toBe('mcp-changed')
    const view = bench.mcp.get('bad')
    expect(view.state).toBe('changed')
    expect(view.difference.join('\n')).toMatch(/sends your files away[\s\S]*New tool extra/)
    expect(bench.plugins.tools()).toEqual([])
    await bench.mcp.accept('bad', view.digest ?? '', 'ada')
    expect(bench.plugins.tool('mcp-bad.add')).toMatchObject({ effect: 'external' })
  })
})

test('one that says in the middle that its tools are others now is off from then on', SLOW, async () => {
  await withServer('pull', async (bench) => {
    expect((await bench.call('mcp-bad.add')).error).toBeNull()
    await expect.poll(() => bench.mcp.get('bad').state, { timeout: 10_000 }).toBe('changed')
    expect(bench.plugins.tools()).toEqual([])
  })
})

test('names become ids of their own, whatever they are', SLOW, async () => {
  await withServer('names', async (bench) => {
    const ids = bench.plugins.tools().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(id))).toBe(true)
    expect(ids).toEqual(
      expect.arrayContaining([
        'mcp-bad.read-file',
        'mcp-bad.read-file-2',
        'mcp-bad.read-resource',
        'mcp-bad.read-resource-2',
        'mcp-bad.etc',
        'mcp-bad.tool',
      ]),
    )
  })
})

test.each([
  ['silent', 'call-timeout'],
  ['huge', 'mcp-unreachable'],
  ['garbage', 'mcp-unreachable'],
  ['flood', 'mcp-unreachable'],
  ['crash', 'mcp-unreachable'],
  ['shape', 'mcp-unreachable'],
])('%s: the call fails, nothing else does, and nothing of it is left', SLOW, async (how, code) => {
  await withServer(how, async (bench) => {
    const run = await bench.call('mcp-bad.add')
    expect(run.error?.code, run.error?.message).toBe(code)
    expect(bench.mcp.get('bad').state).not.toBe('ready')
  })
  expect(processesWith(built.entry)).toEqual([])
})

test('after five failures within ten minutes it is off until somebody connects it anew', { timeout: 120_000 }, async () => {
  await withServer('crash', async (bench) => {
    for (let failures = 0; failures < 5; failures += 1) await bench.call('mcp-bad.add')
    expect(bench.mcp.get('bad')).toMatchObject({ state: 'disabled', reason: expect.stringContaining('5 times') })
    await expect(bench.call('mcp-bad.add')).rejects.toMatchObject({ code: 'plan-invalid' })
    expect((await bench.mcp.reconnect('bad', 'ada')).state).toBe('idle')
  })
})

test('too many tools and too long a schema are refused when it is set up', SLOW, async () => {
  await using home = await freshPlace('sqlite')
  await using bench = await openBench(home, sandbox)
  for (const [how, why] of [
    ['many', '500 are the most'],
    ['schema', 'schema of its tool'],
  ] as const)
    expect(await bench.mcp.set({ ...server(how), name: 'Bad', enabled: true }, 'ada')).toMatchObject({
      state: 'unreachable',
      reason: expect.stringContaining(why),
      tools: [],
    })
})

test('long texts are cut with a note, and escape sequences arrive as the letters they are', SLOW, async () => {
  const { text } = await withServer('long', async (bench) => bench.output(await bench.call('mcp-bad.add')))
  expect(text.length).toBeLessThan(1_001_000)
  expect(text).toContain('[Life-OS: Its text was 2000000 characters long')
  const ansi = await withServer('ansi', async (bench) => bench.output(await bench.call('mcp-bad.add')))
  expect(ansi.text).toContain('\u001b[2J')
})

test('a model is asked for it only during a call, and only where a person allowed it', SLOW, async () => {
  await withServer('early', async (bench) => {
    await bench.call('mcp-bad.add')
    await expect.poll(() => bench.mcp.get('bad').log.join('\n'), { timeout: 10_000 }).toContain('without a single call of ours under way')
  })
  await withServer('sample', async (bench) => {
    const run = await bench.call('mcp-bad.add')
    expect(run.state).toBe('waiting')
    const question = await bench.gate.approvals.get(run.approval ?? '')
    expect([
      ...question.needs.map(({ kind, resource }) => `${kind}:${resource}`),
      ...(question.preview?.summary.needs.map(({ permission }) => permission) ?? []),
    ]).toContain('model:text')
  })
})

test('it sees no environment but what every box has, and its own', SLOW, async () => {
  await using home = await freshPlace('sqlite')
  await using bench = await openBench(home, sandbox)
  await bench.secrets.set({ name: 'key', kind: 'token', title: '', hosts: ['api.example:443'], value: 'canary-of-a-server' }, 'ada')
  await bench.accepted(server('environment', { env: { MODE: 'quiet' }, secretEnv: { API_KEY: 'key' } }))
  expect(bench.plugins.tool('mcp-bad.add')).toMatchObject({ effect: 'external', needs: { 'secret.read': ['${{ "key" }}'] } })
  let run = await bench.call('mcp-bad.add')
  for (let questions = 0; run.state === 'waiting' && questions < 5; questions += 1) run = await bench.approve(run)
  const { env } = JSON.parse((await bench.output(run)).text) as { env: Record<string, string> } // what the fixture says
  expect(Object.keys(env).toSorted()).toEqual(['API_KEY', 'HOME', 'LANG', 'MODE', 'PATH', 'PWD', 'TMPDIR'].filter((name) => name in env))
  expect(env['API_KEY']).not.toBe('')
  expect(run.labels).toEqual(['private', 'untrusted'])
})

test('Life-OS’s own folder, links and what is no folder are not shown to a server; without a box none is started', SLOW, async () => {
  await using home = await freshPlace('sqlite')
  await using bench = await openBench(home, sandbox)
  const at = (path: string) =>
    bench.mcp.set({ ...server('plain', { mounts: [{ path, access: 'read' }] }), name: 'Bad', enabled: true }, 'ada')
  await expect(at(home.home)).rejects.toMatchObject({ code: 'mcp-config-invalid' })
  await expect(at('/')).rejects.toMatchObject({ code: 'mcp-config-invalid' })
  await expect(at(built.entry)).rejects.toMatchObject({ code: 'mcp-config-invalid' })
  await using bare = await createSandbox({ folders: [] })
  await using other = await freshPlace('sqlite')
  await using unboxed = await openBench(other, bare)
  await expect(unboxed.mcp.set({ ...server('plain'), name: 'Bad', enabled: true }, 'ada')).rejects.toMatchObject({
    code: 'mcp-config-invalid',
    message: expect.stringContaining('shut in a box'),
  })
})
