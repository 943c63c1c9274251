import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSandbox } from '../sandbox/index.ts'
import { buildFixtures, openBench } from './testing.ts'
import type { Bench } from './testing.ts'

/** Where this machine makes boxes, all of this happens inside real ones. */
const sandbox = await createSandbox()
let bench: Bench
beforeAll(async () => void (await buildFixtures()), 60_000)
beforeEach(async () => {
  bench = await openBench({ spawn: sandbox.spawnPlugin })
})
afterEach(async () => bench[Symbol.asyncDispose]())
afterAll(async () => sandbox[Symbol.asyncDispose]())

const well = () => bench.call('well.echo', { text: 'still here' })
const frame = (header: unknown) => {
  const text = JSON.stringify(header)
  return typeof header === 'string' ? header : text
}

describe('a plugin that breaks its process', () => {
  test.each([
    ['rogue.exit', {}, 'exit code 7', 'no'],
    ['rogue.throw-later', {}, 'exit code 1', 'no'],
    ['rogue.garbage', { bytes: [255, 255, 255, 255, 0, 0, 0, 0, 1, 2, 3] }, 'header', 'no'],
    ['rogue.garbage', { bytes: [...Buffer.from('{"cmd":"NODE_HANDLE"}\nnot a frame at all\n')] }, 'header', 'no'],
    ['rogue.print', { bytes: 20_000_000 }, 'printed more than', 'no'],
  ])('%s fails its own call alone', async (tool, input, how, applied) => {
    await well()
    await expect(bench.call(tool, input)).rejects.toMatchObject({
      code: 'plugin-crashed',
      class: 'operational',
      applied,
      message: expect.stringContaining(how) as string,
    })
    expect(bench.plugins.get('rogue')).toMatchObject({ state: 'crashed', health: { crashes: 1, pid: null } })
    expect(await well()).toEqual({ text: 'still here' })
    expect(bench.plugins.get('well')?.health.crashes).toBe(0)
  })

  test('running out of memory ends it, not the host', async () => {
    await expect(bench.call('rogue.memory', {})).rejects.toMatchObject({ code: 'plugin-crashed' })
    expect(bench.plugins.get('rogue')?.health.log.join('\n')).toContain('heap')
    expect(await well()).toEqual({ text: 'still here' })
  }, 60_000)

  test('calls beside it fail with what is known of them', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const beside = bench.call('rogue.acted', { path: '/x' }, { services: { handle: () => (resolve(), new Promise(() => undefined)) } })
    beside.catch(() => undefined)
    await promise
    await expect(bench.call('rogue.exit', {})).rejects.toMatchObject({ code: 'plugin-crashed', applied: 'no' })
    await vi.waitFor(() => bench.timers.waiting > 0)
    bench.timers.advance(2000) // the host call does not end by itself
    await expect(beside).rejects.toMatchObject({ code: 'plugin-crashed', applied: 'unknown' })
  })
})

describe('a plugin that talks out of turn', () => {
  test.each([
    ['an unknown message', [{ h: { t: 'grant', id: 1 } }]],
    ['a message of the host', [{ h: { t: 'call', id: 1 } }]],
    ['a head that is no object', [{ h: 'result' }]],
    ['a host call without arguments', [{ h: { t: 'host', id: 1, call: 1, service: 'fs.list' }, v: { length: 3 } }]],
    ['a log that is no text', [{ h: { t: 'log', level: 'info' }, v: { message: { toString: 'x' } } }]],
    ['a prototype in the head', ['{"h":{"t":"ready","__proto__":{"admin":true}}}']],
  ])('is ended for %s', async (_, headers) => {
    await expect(bench.call('rogue.forge', { headers: headers.map(frame) })).rejects.toMatchObject({ code: 'plugin-crashed' })
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
    expect(await well()).toEqual({ text: 'still here' })
  })

  test('about calls that are not its own is ignored', async () => {
    const headers = [
      { h: { t: 'result', id: 999 }, v: 'forged' },
      { h: { t: 'error', id: 998 }, v: {} },
      { h: { t: 'pong', id: 5 } },
      { h: { t: 'progress', call: 77 }, v: { done: 1 } },
      { h: { t: 'host', id: 1, call: 4711, service: 'fs.remove' }, v: ['/'] },
    ]
    expect(await bench.call('rogue.forge', { headers: headers.map(frame) })).toBe('still here')
    expect(bench.plugins.get('rogue')?.state).toBe('ready')
  })

  test('about a call of another plugin, for another run, reaches neither', async () => {
    const started = Promise.withResolvers<void>()
    const control = new AbortController()
    const theirs = bench.call('well.wait', {}, { key: 'the other run', signal: control.signal, onProgress: () => started.resolve() })
    await started.promise
    // Numbers of calls are of one process alone, so every small number is tried: that of the other run is among them.
    const claims = Array.from({ length: 20 }, (_, id) => frame({ h: { t: 'result', id: id + 2 }, v: { aborted: 'forged' } }))
    const served = Array.from({ length: 20 }, (_, id) =>
      frame({ h: { t: 'host', id: 100 + id, call: id + 2, service: 'fs.remove' }, v: ['/'] }),
    )
    await bench.call('rogue.forge', { headers: [...claims, ...served] }) // of its own call it may say what it likes
    control.abort()
    expect(await theirs).toEqual({ aborted: 'call-cancelled' })
  })

  test('a thousand times and more is ended', async () => {
    await expect(
      bench.call('rogue.forge', { headers: [frame({ h: { t: 'result', id: 999 }, v: 'forged' })], times: 5000 }),
    ).rejects.toMatchObject({ code: 'plugin-crashed', message: expect.stringContaining('belong to no call') as string })
    expect(await well()).toEqual({ text: 'still here' })
  })

  test('with a flood of notes: some are dropped, far too many end it', async () => {
    const notes: unknown[] = []
    expect(await bench.call('rogue.logs', { lines: 5000 }, { onProgress: (note) => void notes.push(note) })).toBe('said it')
    expect(bench.plugins.get('rogue')!.health.log.length).toBeLessThanOrEqual(200)
    await expect(bench.call('rogue.logs', { lines: 200_000 })).rejects.toMatchObject({
      code: 'plugin-crashed',
      message: expect.stringContaining('notes') as string,
    })
  })

  test('cannot put a prototype into a result', async () => {
    const value = (await bench.call('rogue.pollute', {})) as object
    expect(Object.hasOwn(value, '__proto__')).toBe(false)
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

/** In a box the file is not even there. */
const NOT_THERE = /^refused: (ERR_ACCESS_DENIED|ERR_MODULE_NOT_FOUND)$/

/** By Node's permissions and the guard of the runtime. What holds against native tricks is proved in sandbox/escapes.test.ts. */
describe('a plugin that reaches outside', () => {
  test.each(['import-fs', 'import-net', 'import-process', 'import-worker', 'import-module', 'builtin-fs', 'binding', 'kill'])(
    'is refused: %s',
    async (what) => {
      expect(await bench.call('rogue.reach', { what, argument: String(process.pid) })).toBe('refused: ERR_ACCESS_DENIED')
    },
  )

  test.each(['/etc/passwd', '/proc/self/environ', '/proc/1/cmdline', path.join(import.meta.dirname, 'create.ts')])(
    'cannot load %s',
    async (argument) => {
      expect(await bench.call('rogue.reach', { what: 'load-file', argument })).toMatch(NOT_THERE)
    },
  )

  test('cannot load the files of another plugin', async () => {
    const argument = path.join(await buildFixtures(), 'plugins', 'well', 'index.js')
    expect(existsSync(argument)).toBe(true)
    expect(await bench.call('rogue.reach', { what: 'load-file', argument })).toMatch(NOT_THERE)
  })

  test('cannot write a file', async () => {
    const file = path.join(tmpdir(), `life-os-report-${process.pid}.json`)
    expect(await bench.call('rogue.reach', { what: 'report', argument: file })).toBe('refused: ERR_ACCESS_DENIED')
    expect(existsSync(file)).toBe(false)
  })

  test('cannot connect to a server of this machine', async () => {
    let connections = 0
    const server = createServer(() => connections++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await bench.call('rogue.reach', { what: 'connect', argument: String(port) })).toBe('refused: ERR_ACCESS_DENIED')
    expect(connections).toBe(0)
    await new Promise((resolve) => server.close(resolve))
  })
})
