import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openStore } from '../../store/index.ts'
import type { Store } from '../../store/index.ts'
import { buildFixtures, callOf } from '../testing.ts'
import type { Plugins } from '../types.ts'
import { openPlugins, writePlugin } from './testing.ts'

let home: string
let folder: string
let store: Store
let plugins: Plugins
beforeAll(async () => void (await buildFixtures()), 60_000)
beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'life-os-reload-'))
  folder = writePlugin(path.join(home, 'guest'))
  store = await openStore({ home })
  plugins = await openPlugins(store)
  const { pending } = await plugins.install({ kind: 'folder', path: folder, watch: true }, 'ada')
  await plugins.accept('guest', pending?.digest ?? '', 'ada')
})
afterEach(async () => {
  await plugins[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
  rmSync(home, { recursive: true })
})
const write = (word: string) => writeFileSync(path.join(folder, 'src', 'word.ts'), `export const word: string = ${JSON.stringify(word)}\n`)
const say = async () => (await plugins.call(callOf('guest.say', {}))) as { word: string; served: number } // its output schema
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 25_000, interval: 50 })

test('calls under continuous reload: none is lost, none is made twice', { timeout: 120_000 }, async () => {
  let going = true
  let made = 0
  const seen: string[] = []
  const callers = Array.from({ length: 8 }, async (_, caller) => {
    while (going) {
      const key = `key-${++made}`
      let asked = 0 // by whichever process serves this call
      const services = { handle: async () => (asked++, Date.now()) }
      const tool = caller % 2 === 0 ? 'guest.say' : 'guest.wait'
      const { times } = (await plugins.call(callOf(tool, {}, { services, key }))) as { times?: number } // its output schema
      seen.push(tool === 'guest.wait' ? `asked ${asked}, counted inside ${times}` : 'said')
    }
  })
  for (let round = 1; round <= 5; round++) {
    write(`round ${round}`)
    await until(async () => expect((await say()).word).toBe(`round ${round}`))
    await plugins.restart('guest')
  }
  going = false
  await Promise.all(callers)
  expect(seen).toHaveLength(made)
  expect(new Set(seen)).toEqual(new Set(['said', 'asked 1, counted inside 1']))
  const health = plugins.get('guest')!.health
  expect(health).toMatchObject({ errors: 0, crashes: 0 })
  expect(health.calls).toBeGreaterThanOrEqual(made)
  expect(health.starts).toBeGreaterThanOrEqual(11) // one at first, then a version and a restart each round
})

test('a call that is under way finishes on the version it began with', async () => {
  const go = Promise.withResolvers<number>()
  const inside = Promise.withResolvers<void>()
  const slow = plugins.call(callOf('guest.wait', {}, { services: { handle: () => (inside.resolve(), go.promise) } }))
  await inside.promise
  write('next')
  await until(async () => expect((await say()).word).toBe('next'))
  go.resolve(1)
  expect(await slow).toMatchObject({ word: 'hello' })
})

test('a fault keeps the version that works and is shown until it is mended', async () => {
  writeFileSync(path.join(folder, 'src', 'word.ts'), 'export const word: string = ')
  await until(() => expect(plugins.get('guest')?.reason).toMatch(/newest files are not in use.*cannot be bundled/s))
  expect(plugins.get('guest')).toMatchObject({ state: 'ready' })
  expect(await say()).toMatchObject({ word: 'hello' })
  expect(plugins.log('guest', 10).at(-1)).toMatchObject({ level: 'error', text: expect.stringContaining('not in use') as string })
  write('mended')
  await until(async () => expect((await say()).word).toBe('mended'))
  expect(plugins.get('guest')?.reason).toBeNull()
})

test('what asks for more waits for a person', async () => {
  writePlugin(folder, { word: 'greedy', manifest: { permissions: [{ permission: 'exec:sh', reason: 'Power.' }] } })
  await until(() => expect(plugins.get('guest')?.pending?.permissions.added).toEqual([{ permission: 'exec:sh', reason: 'Power.' }]))
  await until(() => expect(plugins.get('guest')?.reason).toMatch(/ask for more/))
  expect(await say()).toMatchObject({ word: 'hello' })
})

test('a restart is a new process without labels', async () => {
  await say()
  plugins.taint('guest', ['private'])
  expect(plugins.get('guest')?.labels).toEqual(['private'])
  const { pid } = plugins.get('guest')!.health
  await plugins.restart('guest')
  expect(plugins.get('guest')).toMatchObject({ state: 'ready', labels: [] })
  expect(plugins.get('guest')!.health.pid).not.toBe(pid)
})

test('a health hook is asked and its word is shown', async () => {
  const code = `import { definePlugin, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
const tool = (id: string) => defineTool({ id, title: 'T', description: 'D', effect: 'read', input: z.object({}), output: z.object({}), run: async () => ({}) })
export default definePlugin({ tools: [tool('guest.say'), tool('guest.wait')], health: async () => ({ ok: false, message: 'no ink' }) })`
  writeFileSync(path.join(folder, 'src', 'index.ts'), code)
  await until(() => expect(plugins.get('guest')?.reason).toBe('It says that it is unwell: no ink'))
  expect(plugins.get('guest')?.state).toBe('ready')
})
