import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { spawnPlugin } from '../sandbox/index.ts'
import { discover } from './index.ts'
import { buildFixtures, openBench } from './testing.ts'
import type { Bench } from './testing.ts'

let built: string
let bench: Bench
let spawned = 0
beforeAll(async () => {
  built = await buildFixtures()
}, 60_000)
beforeEach(async () => {
  spawned = 0
  bench = await openBench({ spawn: (options) => (spawned++, spawnPlugin(options)) })
})
afterEach(async () => bench[Symbol.asyncDispose]())

const crash = () => bench.call('broken.never', {}).catch((error: unknown) => error)

describe('discovery', () => {
  test('knows every tool, plan and digest without starting anything', () => {
    expect(spawned).toBe(0)
    expect(bench.plugins.list().map(({ manifest, state }) => [manifest.id, state])).toEqual([
      ['broken', 'idle'],
      ['rogue', 'idle'],
      ['well', 'idle'],
    ])
    expect(bench.plugins.tool('well.order')).toMatchObject({
      plugin: 'well',
      version: '1.2.3',
      effect: 'external',
      reversal: 'compensate',
      risk: 'low',
      idempotent: false,
      reconciles: true,
      compensates: true,
      lane: 'io',
      input: { type: 'object', properties: { thing: { type: 'string' } }, required: ['thing'] },
    })
    expect(bench.plugins.tool('well.move')).toMatchObject({ effect: 'write', reversal: 'exact', needs: { 'fs.write': ['from', 'to'] } })
    expect(bench.plugins.tool('well.echo')).toMatchObject({ effect: 'read', idempotent: true, examples: [{ input: { text: 'hi' } }] })
    expect(bench.plugins.plans()).toEqual([
      { plugin: 'well', file: 'hello.yaml', text: expect.stringContaining('tool: well.echo') as string },
    ])
    expect(bench.plugins.agents()).toEqual([
      { plugin: 'well', file: 'echoist.yaml', text: expect.stringContaining('tools: [well.echo]') as string },
    ])
    expect(bench.plugins.digest('well')).toMatch(/^[0-9a-f]{64}$/)
    expect(bench.plugins.digest('nobody')).toBeUndefined()
  })

  /** A build of its own to spoil. */
  function spoil(file: string, change: (text: string) => string): string {
    const copy = mkdtempSync(path.join(tmpdir(), 'life-os-spoiled-'))
    cpSync(built, copy, { recursive: true })
    writeFileSync(path.join(copy, file), change(readFileSync(path.join(copy, file), 'utf8')))
    return copy
  }

  test.each([
    ['a manifest that is no JSON', 'plugins/well/manifest.json', () => '{', /manifest\.json cannot be read/],
    [
      'a manifest with an unknown field',
      'plugins/well/manifest.json',
      (text: string) => text.replace('{', '{ "power": "all",'),
      /not valid.*power|power/,
    ],
    [
      'another id than its folder',
      'plugins/well/manifest.json',
      (text: string) => text.replace('"id": "well"', '"id": "good"'),
      /same name/,
    ],
    [
      'an SDK of the future',
      'plugins/well/manifest.json',
      (text: string) => text.replace('^1.0.0', '^2.0.0'),
      /made for SDK \^2\.0\.0.*update Life-OS/,
    ],
    [
      'an SDK of the past',
      'plugins/well/manifest.json',
      (text: string) => text.replace('^1.0.0', '^0.9.0'),
      /made for SDK \^0\.9\.0.*newer version of the plugin/,
    ],
    [
      'an SDK range that is none',
      'plugins/well/manifest.json',
      (text: string) => text.replace('^1.0.0', 'latest and greatest'),
      /no version range/,
    ],
    [
      'code that was changed',
      'plugins/well/index.js',
      (text: string) => `${text}\nconsole.log(1)`,
      /not the ones that were built.*npm run build/,
    ],
    [
      'an agent that was changed',
      'plugins/well/agents/echoist.yaml',
      (text: string) => text.replace('Repeat', 'Reveal'),
      /not the ones that were built/,
    ],
    [
      'descriptions of other code',
      'plugins/well/tools.json',
      (text: string) => text.replace(/"digest": "[0-9a-f]+"/, `"digest": "${'0'.repeat(64)}"`),
      /not the ones that were built/,
    ],
    ['no descriptions', 'plugins/well/tools.json', () => '', /tools\.json cannot be read.*npm run build/],
    [
      'a tool that its manifest does not name',
      'plugins/well/tools.json',
      (text: string) => text.replaceAll('well.echo', 'well.other'),
      /well\.echo.*no such tool/,
    ],
    [
      'a need beyond its effect',
      'plugins/well/tools.json',
      (text: string) => text.replace('"effect": "write"', '"effect": "read"'),
      /needs fs\.write.*raise its effect/,
    ],
    [
      'no place in the list of what was built',
      'plugins/bundled.json',
      (text: string) => text.replace('"well"', '"other"'),
      /come with Life-OS/,
    ],
  ])('refuses a plugin with %s and says why', async (_, file, change, reason) => {
    const copy = spoil(file, change)
    const plugins = await bench.again({ builds: [copy] })
    const plugin = plugins.get('well') ?? plugins.get('good')
    expect(plugin?.state).toBe('refused')
    expect(plugin?.reason).toMatch(reason)
    expect(plugins.tools().filter((tool) => tool.plugin === 'well')).toEqual([])
    await expect(plugins.enable(plugin!.manifest.id)).rejects.toMatchObject({ code: 'plugin-refused' })
    expect(plugins.get('rogue')?.state).toBe('idle') // the others are not touched
    rmSync(copy, { recursive: true })
  })

  test('does not run code that changed since it was found', async () => {
    const copy = spoil('plugins/well/package.json', (text) => text)
    const plugins = await bench.again({ builds: [copy] })
    writeFileSync(path.join(copy, 'plugins/well/index.js'), 'process.exit(1)')
    const call = {
      tool: 'well.echo',
      input: { text: '' },
      method: 'run',
      key: '',
      phase: 'run',
      services: { handle: () => Promise.reject(new Error()) },
      signal: new AbortController().signal,
      timeout: 1000,
      labels: [],
    } as const
    await expect(plugins.call(call)).rejects.toMatchObject({ code: 'plugin-changed', applied: 'no' })
    rmSync(copy, { recursive: true })
  })

  test('finds nothing where nothing was built', async () => {
    expect(await discover('/nowhere/at/all')).toEqual([])
  })
})

describe('starting and stopping', () => {
  test('one process serves calls side by side, however many come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => bench.call('well.count', {})))
    expect(answers.map((answer) => (answer as { served: number }).served).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    )
    expect(spawned).toBe(1)
  })

  test('it stops when idle and starts again with the next call', async () => {
    await bench.call('well.count', {})
    const { pid } = bench.plugins.get('well')!.health
    bench.timers.advance(59_999)
    expect(bench.plugins.get('well')?.state).toBe('ready')
    bench.timers.advance(1)
    expect(bench.plugins.get('well')).toMatchObject({ state: 'idle', health: { pid: null, memory: null, crashes: 0 } })
    await vi.waitFor(() => expect(isAlive(pid!)).toBe(false))
    expect(await bench.call('well.count', {})).toEqual({ served: 1 })
    expect(spawned).toBe(2)
  })

  test('a call keeps it from stopping', async () => {
    const controller = new AbortController()
    const started = Promise.withResolvers<void>()
    const waiting = bench.call(
      'well.wait',
      {},
      { signal: controller.signal, timeout: Number.POSITIVE_INFINITY, onProgress: () => started.resolve() },
    )
    await started.promise
    bench.timers.advance(10 * 60_000)
    expect(bench.plugins.get('well')?.state).toBe('ready')
    controller.abort()
    await waiting
    bench.timers.advance(60_000)
    expect(bench.plugins.get('well')?.state).toBe('idle')
  })

  test('disposing ends every process and what it was doing', async () => {
    const started = Promise.withResolvers<void>()
    const waiting = bench.call('rogue.deaf', {}, { onProgress: () => started.resolve() })
    waiting.catch(() => undefined)
    await started.promise
    const { pid } = bench.plugins.get('rogue')!.health
    await bench.plugins[Symbol.asyncDispose]()
    await expect(waiting).rejects.toMatchObject({ code: 'call-revoked' })
    expect(isAlive(pid!)).toBe(false)
    await expect(bench.call('well.count', {})).rejects.toMatchObject({ code: 'plugin-crashed', applied: 'no' })
    expect(bench.timers.waiting).toBe(0)
  })

  test('a server that is killed leaves no plugin behind', async () => {
    // One that is busy in an endless loop would stay until the sandbox ties its life to its parent's.
    const sandbox = fileURLToPath(new URL('../sandbox/index.ts', import.meta.url))
    const options = {
      runtime: path.join(built, 'sdk', 'runtime.js'),
      folder: path.join(built, 'plugins', 'well'),
      entry: 'index.js',
      memory: 64,
    }
    const program = `const { spawnPlugin } = await import(${JSON.stringify(sandbox)}); const child = spawnPlugin(${JSON.stringify(options)}); child.pipe.once('data', () => console.log(child.pid))`
    const server = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pid = Number(await new Promise((resolve) => server.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))))
    expect(isAlive(pid)).toBe(true)
    server.kill('SIGKILL')
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5000)
  })

  test('it says how it is', async () => {
    await bench.call('well.count', {})
    await bench.call('well.numbers', { count: -1 }).catch(() => undefined)
    const { health } = bench.plugins.get('well')!
    expect(health).toMatchObject({ calls: 2, errors: 1, crashes: 0, startedAt: bench.timers.now() })
    expect(health.startTime).toBeGreaterThan(5)
    expect(health.p50).toBeGreaterThan(0)
    expect(health.p95).toBeGreaterThanOrEqual(health.p50!)
    expect(health.memory).toBeGreaterThan(10 * 1024 * 1024)
    expect(isAlive(health.pid!)).toBe(true)
  })
})

describe('crashes', () => {
  test('restart at once, then after ever longer waits', async () => {
    expect(await crash()).toMatchObject({ code: 'plugin-crashed' })
    await crash() // no wait after the first
    expect(spawned).toBe(2)
    const third = crash()
    await new Promise((resolve) => setImmediate(resolve))
    expect(spawned).toBe(2)
    bench.timers.advance(100)
    await third
    expect(spawned).toBe(3)
  })

  async function crashUntilQuarantine(): Promise<void> {
    for (let time = 0; time < 5; time++) {
      const ending = crash()
      await new Promise((resolve) => setImmediate(resolve))
      bench.timers.advance(2000)
      await ending
    }
  }

  test('five within ten minutes end in quarantine, over restarts, until a person enables it', async () => {
    await crashUntilQuarantine()
    expect(spawned).toBe(5)
    expect(bench.plugins.get('broken')).toMatchObject({
      state: 'quarantined',
      reason: expect.stringMatching(/5 times.*exit code 1/) as string,
      health: { crashes: 5 },
    })
    const failure = await crash()
    expect(failure).toMatchObject({ code: 'plugin-quarantined', applied: 'no' })
    expect((failure as { details: { log: string[] } }).details.log).toContain('error: I am going')
    expect(spawned).toBe(5)

    await vi.waitFor(async () =>
      expect(await bench.store.db.selectFrom('plugin_states').select('state').where('id', '=', 'broken').executeTakeFirst()).toEqual({
        state: 'quarantined',
      }),
    )
    const restarted = await bench.again()
    expect(restarted.get('broken')?.state).toBe('quarantined')
    await restarted.enable('broken')
    expect(restarted.get('broken')).toMatchObject({ state: 'idle', reason: null })
    expect((await bench.again()).get('broken')?.state).toBe('idle')
  })

  test('spread over a longer time do not', async () => {
    for (let time = 0; time < 6; time++) {
      await crash()
      bench.timers.advance(3 * 60_000)
    }
    expect(bench.plugins.get('broken')?.state).toBe('crashed')
  })
})

describe('disabling', () => {
  test('stops the process, refuses calls, and holds over restarts', async () => {
    await bench.call('well.count', {})
    const { pid } = bench.plugins.get('well')!.health
    await bench.plugins.disable('well')
    expect(isAlive(pid!)).toBe(false)
    await expect(bench.call('well.count', {})).rejects.toMatchObject({ code: 'plugin-disabled', applied: 'no' })
    expect((await bench.again()).get('well')).toMatchObject({ state: 'disabled', reason: 'Disabled by a person.' })
    await bench.plugins.enable('well')
    expect(await bench.call('well.count', {})).toEqual({ served: 1 })
    await expect(bench.plugins.disable('nobody')).rejects.toMatchObject({ code: 'plugin-unknown' })
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
