import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestHost } from '../host/testing.ts'
import type { HostServices } from '../host/index.ts'
import { openBench } from './testing.ts'
import type { Bench, callOf } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
}, 60_000)
afterAll(async () => bench[Symbol.asyncDispose]())

/** Services that answer from a table and remember what was asked. */
function table(answers: Record<string, (...args: unknown[]) => unknown>): HostServices & { asked: [string, readonly unknown[]][] } {
  const asked: [string, readonly unknown[]][] = []
  return {
    asked,
    async handle(service, args) {
      asked.push([service, args])
      const answer = answers[service]
      if (!answer) throw new LifeOsError('service-unknown', `${service} is not in the table`)
      return answer(...args)
    },
  }
}

describe('a call', () => {
  test('starts the plugin on first use and answers what the tool returned', async () => {
    expect(bench.plugins.get('well')).toMatchObject({ state: 'idle', health: { pid: null } })
    expect(await bench.call('well.echo', { text: 'grüße 🌍' })).toEqual({ text: 'grüße 🌍' })
    expect(bench.plugins.get('well')).toMatchObject({ state: 'ready', reason: null, health: { crashes: 0 } })
    expect(bench.plugins.get('rogue')?.state).toBe('idle')
  })

  test('fills in defaults and refuses bad input by path before the tool runs', async () => {
    expect(await bench.call('well.numbers', { count: 1 })).toEqual({ numbers: [{ number: 1, name: 'number 1' }] })
    const failure = await bench.call('well.numbers', { count: 'many' }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'input-invalid', class: 'user', applied: 'no', details: { issues: [{ path: 'count' }] } })
    expect((failure as Error).message).toContain('"count"')
  })

  test("moves a real file through the host and fails with the host's own error", async () => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'life-os-call-')))
    await using host = await createTestHost(folder)
    writeFileSync(path.join(folder, 'a.txt'), 'content')
    const answer = await bench.call('well.move', { from: `${folder}/a.txt`, to: `${folder}/sub/b.txt` }, { services: host.services })
    expect(answer).toEqual({ to: `${folder}/sub/b.txt` })
    expect(await readFile(path.join(folder, 'sub/b.txt'), 'utf8')).toBe('content')
    const gone = bench.call('well.move', { from: `${folder}/a.txt`, to: `${folder}/c.txt` }, { services: host.services })
    const direct = host.call('fs.move', `${folder}/a.txt`, `${folder}/c.txt`).catch((error: unknown) => error)
    const { code } = (await direct) as LifeOsError
    await expect(gone).rejects.toMatchObject({ code, applied: 'no' })
  })

  test('carries bytes both ways unharmed, also beyond one frame', async () => {
    const content = Uint8Array.from({ length: 3_000_001 }, (_, index) => index % 251)
    const services = table({ 'fs.read': () => content, 'blobs.put': (bytes) => ({ blob: 'b1', size: (bytes as Uint8Array).length }) })
    expect(await bench.call('well.bytes', { path: '/x' }, { services })).toEqual({
      size: content.length,
      blob: 'b1',
      plain: true,
      sum: content.reduce((total, byte) => (total + byte) % 65_536, 0),
    })
    expect(Buffer.compare(services.asked[1]![1][0] as Uint8Array, content)).toBe(0)
    expect(services.asked[0]).toEqual(['fs.read', ['/x']]) // what was left out stays left out
  })

  test('returns long lists and serves many host calls at once', async () => {
    const { numbers } = (await bench.call('well.numbers', { count: 100_000 })) as { numbers: { number: number }[] }
    expect(numbers).toHaveLength(100_000)
    expect(numbers.at(-1)).toEqual({ number: 100_000, name: 'number 100000' })
    expect(await bench.call('well.many', { calls: 3000 }, { services: table({ 'clock.now': () => 1 }) })).toEqual({ answers: 3000 })
  })

  test('hands on key, phase, progress and logs, and console.* too', async () => {
    const notes: unknown[] = []
    expect(await bench.call('well.note', {}, { key: 'k-9', phase: 'preview', onProgress: (note) => void notes.push(note) })).toEqual({
      key: 'k-9',
      phase: 'preview',
    })
    expect(notes).toEqual([
      { type: 'log', data: { level: 'warn', message: 'noted', data: { by: 'host.log' } } },
      { type: 'progress', data: { done: 1, of: 2, unit: 'steps', now: 'the first' } },
    ])
    expect(bench.plugins.get('well')?.health.log).toEqual(expect.arrayContaining(['info: printed by { console: true }', 'warn: noted']))
  })

  test('compensates and reconciles; an external failure keeps its code, class, details and what applied', async () => {
    const services = table({
      'net.fetch': (_, options) =>
        (options as { method?: string } | undefined)?.method === 'POST'
          ? { status: 200, headers: { order: '7' } }
          : { status: 200, headers: { order: '8' } },
    })
    expect(await bench.call('well.order', { thing: 'tea' }, { services })).toEqual({ order: '7' })
    expect(
      await bench.call('well.order', { output: { order: '7' }, input: { thing: 'tea' } }, { services, method: 'compensate' }),
    ).toBeNull()
    expect(services.asked.at(-1)).toEqual(['net.fetch', ['https://shop.example/orders/7', { method: 'DELETE' }]])
    expect(await bench.call('well.order', { input: { thing: 'tea' }, key: 'k', effects: [] }, { services, method: 'reconcile' })).toEqual({
      applied: 'yes',
      output: { order: '8' },
    })
    await expect(bench.call('well.echo', { output: {}, input: { text: '' } }, { method: 'compensate' })).rejects.toMatchObject({
      code: 'method-missing',
    })

    // The POST reached the shop, so the plugin's "nothing happened" is not taken for it.
    const refusing = table({ 'net.fetch': () => ({ status: 402, headers: {} }) })
    await expect(bench.call('well.order', { thing: 'gold' }, { services: refusing })).rejects.toMatchObject({
      code: 'shop-refused',
      class: 'operational',
      applied: 'unknown',
      details: { status: 402 },
    })
  })

  test('of an unknown tool, a raw-bytes answer or a wrong answer fails clearly', async () => {
    await expect(bench.call('well.nothing', {})).rejects.toMatchObject({ code: 'tool-unknown', applied: 'no' })
    await expect(bench.call('rogue.bytes', {})).rejects.toMatchObject({ code: 'output-invalid', class: 'unexpected' })
    await expect(bench.call('rogue.wrong', {})).rejects.toMatchObject({ code: 'output-invalid', details: { issues: [{ path: 'sum' }] } })
  })

  test('has an empty environment and no arguments', async () => {
    expect(await bench.call('well.where', {})).toEqual({ env: {}, argv: [], fetch: 'undefined' })
  })
})

describe('time and cancelling', () => {
  /** Calls and resolves once the tool has begun. */
  function begun(tool: string, more: Parameters<typeof callOf>[2] = {}): { answer: Promise<unknown>; started: Promise<void> } {
    const { promise, resolve } = Promise.withResolvers<void>()
    const answer = bench.call(tool, {}, { onProgress: () => resolve(), ...more })
    answer.catch(() => undefined)
    return { answer, started: promise }
  }

  test('a tool that stops when asked ends within the grace time', async () => {
    const { answer, started } = begun('well.wait', { timeout: 1000 })
    await started
    bench.timers.advance(1000)
    expect(await answer).toEqual({ aborted: 'call-timeout' })
  })

  test('a cancelled call is told so', async () => {
    const controller = new AbortController()
    const { answer, started } = begun('well.wait', { signal: controller.signal })
    await started
    controller.abort()
    expect(await answer).toEqual({ aborted: 'call-cancelled' })
    await expect(bench.call('well.echo', { text: 'x' }, { signal: controller.signal })).rejects.toMatchObject({
      code: 'call-revoked',
      applied: 'no',
    })
  })

  test('one that does not stop is revoked after the grace time, and its process lives on for the others', async () => {
    const { answer, started } = begun('rogue.deaf', { timeout: 1000 })
    await started
    const pid = bench.plugins.get('rogue')!.health.pid
    bench.timers.advance(1000)
    bench.timers.advance(1999)
    expect(
      await Promise.race([
        answer.then(
          () => 'ended',
          () => 'ended',
        ),
        new Promise((resolve) => setImmediate(() => resolve('still waiting'))),
      ]),
    ).toBe('still waiting')
    bench.timers.advance(1)
    await expect(answer).rejects.toMatchObject({ code: 'call-timeout', class: 'operational', applied: 'no' })
    expect(await bench.call('rogue.reach', { what: 'nothing' })).toBe('reached') // so the ping was answered too
    bench.timers.advance(10_000)
    expect(bench.plugins.get('rogue')!.health.pid).toBe(pid)
  })

  test('the emergency stop gives no grace', async () => {
    const controller = new AbortController()
    const { answer, started } = begun('rogue.deaf', { signal: controller.signal })
    await started
    controller.abort(new LifeOsError('emergency-stop', 'Stopped.'))
    await expect(answer).rejects.toMatchObject({ code: 'call-revoked' })
  })

  test('one that hangs the whole process is killed when no ping comes back, and others go on with a new one', async () => {
    const hung = bench.call('rogue.hang', {}, { timeout: 1000 })
    hung.catch(() => undefined)
    const pid = bench.plugins.get('rogue')!.health.pid!
    await new Promise((resolve) => setImmediate(resolve))
    bench.timers.advance(1000)
    bench.timers.advance(2000)
    await expect(hung).rejects.toMatchObject({ code: 'call-timeout' })
    const beside = bench.call('rogue.reach', { what: 'nothing' })
    beside.catch(() => undefined)
    await new Promise((resolve) => setImmediate(resolve))
    bench.timers.advance(2000)
    await expect(beside).rejects.toMatchObject({ code: 'plugin-crashed', class: 'operational', applied: 'no' })
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false))
    expect(await bench.call('rogue.reach', { what: 'nothing' })).toBe('reached')
  })

  test('a host call that trails behind its call is refused', async () => {
    const services = table({ 'fs.remove': () => undefined })
    expect(await bench.call('rogue.trail', { from: '/a' }, { services })).toBe('first')
    expect(await bench.call('rogue.trail', { from: '/b' }, { services })).toBe('call-revoked')
    expect(services.asked).toEqual([])
  })

  test('a call ends only when the host calls it left running have ended', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const order: string[] = []
    const services: HostServices = {
      async handle() {
        await promise
        order.push('host call')
        return { status: 200, headers: {} }
      },
    }
    const answer = bench.call('well.order', { thing: 'x' }, { services, timeout: 1000 }).then(
      () => order.push('answer'),
      (error: LifeOsError) => order.push(error.code, String(error.applied)),
    )
    await vi.waitFor(() => expect(bench.plugins.get('well')!.health.pid).not.toBeNull())
    await bench.call('well.echo', { text: 'until the other has asked' })
    bench.timers.advance(1000)
    bench.timers.advance(2000) // revoked, its POST still under way
    await new Promise((done) => setImmediate(done))
    expect(order).toEqual([])
    resolve()
    await answer
    expect(order).toEqual(['host call', 'call-timeout', 'unknown'])
  })
})

describe('claims against deeds', () => {
  test.each([
    ['fs.remove', ['/home/ada/x']],
    ['fs.write', ['/x', 'y']],
    ['fs.move', ['/a', '/b']],
    ['net.fetch', ['https://example.org', { method: 'POST' }]],
    ['net.fetch', ['https://example.org', { method: 'get' }]],
    ['net.fetch', ['https://example.org', 'POST']],
  ])('a tool that says it only reads may not call %s%j', async (service, args) => {
    const services = table({ [service]: () => 'done' })
    await expect(bench.call('rogue.lie', { service, args }, { services })).rejects.toMatchObject({
      code: 'effect-undeclared',
      class: 'unexpected',
      applied: 'no',
    })
    expect(services.asked).toEqual([])
  })

  test.each([
    ['fs.stat', ['/x']],
    ['net.fetch', ['https://example.org']],
    ['net.fetch', ['https://example.org', { method: 'HEAD' }]],
    ['net.download', ['https://example.org']],
    ['blobs.put', ['x']],
    ['random.uuid', []],
  ])('but %s%j it may', async (service, args) => {
    expect(await bench.call('rogue.lie', { service, args }, { services: table({ [service]: () => 'done' }) })).toBe('done')
  })

  test('reconciling only looks, whatever the tool may do otherwise', async () => {
    const services = table({ 'net.fetch': () => ({ status: 404, headers: {} }) })
    expect(await bench.call('well.order', { input: { thing: 'x' }, key: 'k', effects: [] }, { services, method: 'reconcile' })).toEqual({
      applied: 'no',
    })
  })

  test('a failure after a deed is not "nothing happened", and one before it is', async () => {
    await expect(bench.call('rogue.acted', { path: '/x' }, { services: table({ 'fs.remove': () => undefined }) })).rejects.toMatchObject({
      code: 'tool-failed',
      applied: 'unknown',
    })
    const clean = table({
      'fs.remove': () => {
        throw new LifeOsError('path-missing', 'Not there.', { applied: 'no' })
      },
    })
    await expect(bench.call('rogue.acted', { path: '/x' }, { services: clean })).rejects.toMatchObject({
      code: 'path-missing',
      applied: 'no',
    })
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
