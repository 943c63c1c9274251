import fs from 'node:fs'
import path from 'node:path'
import type { EffectRecord } from '@life-os/contract'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { manifestOf, temporaryFolder } from '../fixtures.ts'
import { createCollector, createTestHost } from '../testing.ts'
import type { TestHost } from '../testing.ts'
import type { CallScope } from '../types.ts'

/** What changes the disk. After the kill none of them works any more, as in a process that is gone. */
const CHANGING = [
  'renameSync',
  'mkdirSync',
  'openSync',
  'unlinkSync',
  'rmdirSync',
  'chmodSync',
  'fchmodSync',
  'utimesSync',
  'futimesSync',
  'symlinkSync',
  'lutimesSync',
] as const

let folder: string
let home: string
const hosts: TestHost[] = []
beforeEach(() => {
  folder = temporaryFolder()
  home = temporaryFolder()
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const host of hosts.splice(0)) await host[Symbol.asyncDispose]()
  for (const made of [folder, home]) fs.rmSync(made, { recursive: true, force: true })
})

async function freshHost(): Promise<TestHost> {
  const host = await createTestHost(folder, { home })
  hosts.push(host)
  return host
}

/** Kills before the n-th change of the disk; true when it came to that. */
async function killedAt(n: number, work: (alive: () => void) => Promise<unknown>): Promise<boolean> {
  let left = n
  let dead = false
  const alive = (): void => {
    if (dead) throw new Error('killed')
  }
  for (const name of CHANGING) {
    const original = fs[name] as (...args: unknown[]) => unknown // spied on by name, called through
    vi.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
      const reads = name === 'openSync' && typeof args[1] === 'number' && (args[1] & fs.constants.O_CREAT) === 0
      if (!reads && (dead || left-- === 0)) dead = true
      if (dead && !reads) throw new Error('killed')
      return original(...args)
    }) as never)
  }
  await work(alive).catch((error: unknown) => {
    if (!dead) throw error
  })
  vi.restoreAllMocks()
  return dead
}

/** The services of one call whose journal stops where the process died. */
function dyingServices(host: TestHost, alive: () => void, scope: Partial<CallScope> = {}) {
  const whole = {
    run: 'run',
    path: 'x',
    try: 1,
    plugin: 'test',
    pluginVersion: '1',
    tool: 'test.tool',
    key: 'k',
    effect: 'write',
    reversal: 'exact',
    allowed: [],
    labels: [],
    ...scope,
  } as CallScope
  const collector = createCollector(whole, host.effects)
  return host.real(scope, {
    begin: async (change, before) => (alive(), collector.begin(change, before)),
    finish: async (effect, after) => (alive(), collector.finish(effect, after)),
    abandon: async (effect) => (alive(), collector.abandon(effect)),
  })
}

/** What start-up does: looks at everything that began and was not seen to end. */
async function reconcileAll(host: TestHost, effects: readonly EffectRecord[]): Promise<EffectRecord[]> {
  const applied: EffectRecord[] = []
  for (const effect of effects) {
    if (effect.state === 'not-applied') continue
    if (effect.state === 'started') {
      const found = await host.host.reconcile(effect)
      expect(found.applied, `${effect.change.summary} is certain`).not.toBe('unknown')
      if (found.applied === 'no') continue
      Object.assign(effect, { state: 'finished', after: found.after })
    }
    applied.push(effect)
  }
  return applied
}

const at = (...names: string[]): string => path.join(folder, ...names)
function fill(): void {
  fs.mkdirSync(at('tree', 'deep'), { recursive: true })
  fs.writeFileSync(at('tree', 'deep', 'leaf'), 'leaf')
  fs.symlinkSync('deep/leaf', at('tree', 'link'))
  fs.writeFileSync(at('a.txt'), 'first\n')
  fs.writeFileSync(at('empty'), '')
  fs.chmodSync(at('a.txt'), 0o640)
}

const OPERATIONS: [name: string, service: string, args: () => unknown[]][] = [
  ['move a file', 'fs.move', () => [at('a.txt'), at('new', 'folder', 'b.txt')]],
  ['move an empty file', 'fs.move', () => [at('empty'), at('moved')]],
  ['move a folder', 'fs.move', () => [at('tree'), at('new', 'tree')]],
  ['move a link', 'fs.move', () => [at('tree', 'link'), at('link')]],
  ['copy a file', 'fs.copy', () => [at('a.txt'), at('b.txt')]],
  ['copy a folder', 'fs.copy', () => [at('tree'), at('twin')]],
  ['write a new file', 'fs.write', () => [at('c.txt'), 'third\n']],
  ['replace a file', 'fs.write', () => [at('a.txt'), 'second\n', { replace: true }]],
  ['append', 'fs.append', () => [at('a.txt'), 'more\n']],
  ['remove a file', 'fs.remove', () => [at('a.txt')]],
  ['remove a folder', 'fs.remove', () => [at('tree')]],
  ['make folders', 'fs.makeFolder', () => [at('x', 'y', 'z')]],
]

describe('killed before any change of the disk', () => {
  test.each(OPERATIONS)('%s: the effect is known, nothing is left over, all can be taken back', async (_name, service, args) => {
    fill()
    const before = manifestOf(folder)
    for (let n = 0; ; n += 1) {
      const host = await freshHost()
      const killed = await killedAt(n, (alive) => dyingServices(host, alive).handle(service, args(), new AbortController().signal))
      const restarted = await freshHost()
      const applied = await reconcileAll(restarted, host.effects)
      expect(await restarted.undo(applied), `killed at ${n}`).toEqual([])
      expect(manifestOf(folder), `killed at ${n}`).toEqual(before)
      expect(leftovers(applied, restarted.effects), `killed at ${n}`).toEqual([])
      if (!killed) return expect(n).toBeGreaterThan(1)
    }
  })

  test.each(OPERATIONS)('%s: the undo, too', async (_name, service, args) => {
    fill()
    const before = manifestOf(folder)
    const scope = { plugin: 'life-os', tool: 'life-os.restore' }
    for (let n = 0; ; n += 1) {
      const host = await freshHost()
      await host.call(service, ...args())
      const done = host.effects.slice()
      const killed = await killedAt(n, async (alive) => {
        const services = dyingServices(host, alive, scope)
        for (const effect of done.toReversed()) await host.host.restore(effect, services, 'skip')
      })
      const restarted = await freshHost()
      await reconcileAll(restarted, host.effects.slice(done.length))
      expect(await restarted.undo(done), `killed at ${n}`).toEqual([])
      expect(manifestOf(folder), `killed at ${n}`).toEqual(before)
      if (!killed) return expect(n).toBeGreaterThan(0)
    }
  })
})

const SHM = '/dev/shm'
const otherVolume = fs.existsSync(SHM) && fs.statSync(SHM).dev !== fs.statSync('/tmp').dev
test.skipIf(!otherVolume).each([['a.txt'], ['tree']])(
  '%s killed while it moves to another volume (skipped where /dev/shm is not one of its own): it is whole on one of them',
  async (name) => {
    const there = temporaryFolder(SHM)
    const allowed = [folder, there].map((resource) => ({ kind: 'fs.write', resource }))
    fill()
    const before = manifestOf(folder)
    const made: EffectRecord[] = []
    for (let n = 0; ; n += 1) {
      const host = await freshHost()
      const killed = await killedAt(n, (alive) =>
        dyingServices(host, alive, { allowed }).handle('fs.move', [at(name), path.join(there, 'sub', name)], new AbortController().signal),
      )
      const restarted = await freshHost()
      const applied = await reconcileAll(restarted, host.effects)
      expect(await restarted.undo(applied), `killed at ${n}`).toEqual([])
      expect([manifestOf(folder), manifestOf(there)], `killed at ${n}`).toEqual([before, []])
      made.push(...host.effects, ...restarted.effects)
      if (killed) continue
      expect(n).toBeGreaterThan(5)
      expect(
        fs
          .readdirSync(path.join(SHM, `.life-os-trash-${process.getuid?.()}`))
          .filter((entry) => made.some((effect) => entry === `${effect.id}.part`)),
      ).toEqual([])
      await restarted.host.forget(made)
      return fs.rmSync(there, { recursive: true })
    }
  },
)

/** What lies in the trash and no effect speaks of. */
function leftovers(...lists: (readonly EffectRecord[])[]): string[] {
  const known = new Set(lists.flat().flatMap((effect) => Object.values(effect.before).map((image) => image?.trash)))
  const trash = path.join(home, 'trash')
  return fs.existsSync(trash)
    ? fs
        .readdirSync(trash)
        .map((name) => path.join(trash, name))
        .filter((entry) => !known.has(entry))
    : []
}
