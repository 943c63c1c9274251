import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { spawnPlugin } from '../../sandbox/index.ts'
import type { SpawnPlugin } from '../../sandbox/index.ts'
import type { Store } from '../../store/index.ts'
import { forEachStore } from '../../store/testing.ts'
import { digestOf } from '../digest.ts'
import { buildFixtures, callOf } from '../testing.ts'
import type { Plugins } from '../types.ts'
import { openPlugins, writePlugin } from './testing.ts'

let folder: string
beforeAll(async () => void (await buildFixtures()), 60_000)
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'life-os-guest-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const from = (place = folder, watch = false) => ({ kind: 'folder', path: place, watch }) as const
const say = (plugins: Plugins, tool = 'guest.say') => plugins.call(callOf(tool, {}))
async function installed(plugins: Plugins): Promise<string> {
  const { pending } = await plugins.install(from(), 'ada')
  return pending?.digest ?? ''
}
async function accepted(plugins: Plugins): Promise<string> {
  const digest = await installed(plugins)
  await plugins.accept('guest', digest, 'ada')
  return digest
}
const versions = (store: Store) => {
  const place = path.join(store.home, 'plugins', 'versions')
  return existsSync(place) ? readdirSync(place) : []
}
const rowsOf = (store: Store) => store.db.selectFrom('plugin_installs').select(['id', 'digest', 'state']).execute()

forEachStore((_, open) => {
  test('what is installed waits, runs nothing, and works once it is accepted; over restarts too', async () => {
    await using opened = await open()
    const { store } = opened
    let spawned = 0
    const counting: SpawnPlugin = (options) => (spawned++, spawnPlugin(options))
    // Loading it would loop forever, so anything that ran it could not end.
    writePlugin(folder, { top: 'for (;;) {}' })
    await using plugins = await openPlugins(store, { spawn: counting })
    const waiting = await plugins.install(from(), 'ada')
    expect(waiting).toMatchObject({ state: 'waiting', bundled: false, tools: [], source: { kind: 'folder', path: folder } })
    expect(waiting.pending?.permissions).toEqual({
      added: [{ permission: 'fs.read:/tmp/**', reason: 'To read what you name.' }],
      removed: [],
      kept: [],
    })
    expect(plugins.tool('guest.say')).toBeUndefined()
    await expect(say(plugins)).rejects.toMatchObject({ code: 'tool-unknown' })
    await expect(plugins.enable('guest')).rejects.toMatchObject({ code: 'plugin-waiting' })
    await expect(plugins.restart('guest')).rejects.toMatchObject({ code: 'plugin-waiting' })
    expect(spawned).toBe(0)

    writePlugin(folder)
    const digest = await installed(plugins)
    expect(spawned).toBe(0)
    await expect(plugins.accept('guest', '0'.repeat(64), 'ada')).rejects.toMatchObject({ code: 'plugin-pending-changed' })
    expect(await plugins.accept('guest', digest, 'ada')).toMatchObject({ state: 'ready', digest, pending: null })
    expect(await say(plugins)).toEqual({ word: 'hello', served: 1 })
    expect(plugins.digest('guest')).toBe(digest)

    await using again = await openPlugins(store)
    expect(again.get('guest')).toMatchObject({ state: 'idle', digest, pending: null })
    expect(await say(again)).toEqual({ word: 'hello', served: 1 })
    const audit = await store.db.selectFrom('audit').select(['rule', 'actor']).where('kind', '=', 'plugin').orderBy('seq').execute()
    expect(audit.map(({ rule }) => rule)).toEqual(['plugin-installed', 'plugin-installed', 'plugin-accepted'])
  })

  test('an update waits beside the version that works; reject drops it, remove drops all but the settings', async () => {
    await using opened = await open()
    const { store } = opened
    await using plugins = await openPlugins(store)
    const settings = { type: 'object', properties: { town: { type: 'string', default: 'Paris' } } }
    writePlugin(folder, { manifest: { settings } })
    const first = await accepted(plugins)
    await plugins.setSettings('guest', { town: 'Rome' }, 'ada')

    const wider = [{ permission: 'net:*:*', reason: 'More.' }]
    writePlugin(folder, { word: 'more', manifest: { settings, permissions: wider, version: '1.1.0', tools: ['guest.say'] } })
    const updated = await plugins.update('guest', 'ada')
    expect(updated).toMatchObject({ state: 'ready', digest: first })
    expect(updated.pending).toMatchObject({
      permissions: { added: wider, removed: [{ permission: 'fs.read:/tmp/**' }], kept: [] },
      remarks: [expect.stringContaining('README'), expect.stringMatching(/guest\.wait is gone: the major version must rise/)],
    })
    expect(await say(plugins)).toMatchObject({ word: 'hello' }) // not more: it was not accepted
    expect(
      (
        await openPlugins(store).then(async (again) => [again.get('guest')?.pending?.manifest.version, await again[Symbol.asyncDispose]()])
      )[0],
    ).toBe('1.1.0')
    await plugins.reject('guest', 'ada')
    expect(plugins.get('guest')).toMatchObject({ digest: first, pending: null })
    expect(versions(store)).toHaveLength(1)

    await plugins.remove('guest', 'ada', false)
    expect(plugins.get('guest')).toBeUndefined()
    await expect(say(plugins)).rejects.toMatchObject({ code: 'tool-unknown', applied: 'no' })
    expect([await rowsOf(store), versions(store)]).toEqual([[], []])
    await accepted(plugins).catch(() => undefined)
    expect((await plugins.settings('guest')).values).toEqual({ town: 'Rome' })
    await plugins.remove('guest', 'ada', true)
    await installed(plugins)
    expect((await plugins.settings('guest')).values).toEqual({ town: 'Paris' })
  })

  test('a kill in the middle of installing, accepting or removing leaves one state or the other', { timeout: 180_000 }, async () => {
    await using opened = await open()
    const { store, place } = opened
    await store[Symbol.asyncDispose]()
    writePlugin(folder)
    const changer = fileURLToPath(new URL('fixtures/changer.ts', import.meta.url))
    const args = [changer, place.home, folder, await buildFixtures(), ...(place.url === undefined ? [] : [place.url])]
    for (const [word, nth, delay] of [
      ['install', 1, 20],
      ['install', 2, 180],
      ['accept', 1, 0],
      ['accept', 2, 60],
      ['accept', 1, 110],
      ['remove', 1, 0],
      ['remove', 1, 4],
    ] as const) {
      const child = spawn(process.execPath, ['--no-warnings', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
      let seen = 0
      const lines = createInterface({ input: child.stdout })
      lines.on('line', (line) => line === word && ++seen === nth && void sleep(delay).then(() => child.kill('SIGKILL')))
      const [, signal] = (await once(child, 'exit')) as [unknown, string] // what 'exit' tells
      expect(signal).toBe('SIGKILL')

      await using again = await place.open()
      await using plugins = await openPlugins(again)
      const rows = await rowsOf(again)
      expect(versions(again).toSorted()).toEqual(rows.map(({ id, digest }) => `${id}-${digest.slice(0, 32)}`).toSorted())
      expect(existsSync(path.join(again.home, 'plugins', 'staging'))).toBe(false)
      expect(new Set(rows.filter(({ state }) => state === 'waiting').map(({ id }) => id)).size).toBe(
        rows.filter(({ state }) => state === 'waiting').length,
      )
      for (const { id, digest, state } of rows) {
        expect(await digestOf(path.join(again.home, 'plugins', 'versions', `${id}-${digest.slice(0, 32)}`), 'index.js')).toBe(digest)
        if (state === 'accepted') expect(await say(plugins)).toMatchObject({ word: expect.stringMatching(/^word/) as string })
        if (state === 'waiting') expect(plugins.get(id)?.pending?.digest).toBe(digest)
      }
      expect(await again.audit.verify()).toMatchObject({ ok: true })
      if (plugins.get('guest')) await plugins.remove('guest', 'ada', true)
    }
  })
})

describe('what is refused', () => {
  let opened: Awaited<ReturnType<typeof fresh>>
  async function fresh() {
    const { openStore } = await import('../../store/index.ts')
    const home = mkdtempSync(path.join(tmpdir(), 'life-os-install-'))
    const store = await openStore({ home })
    return { store, plugins: await openPlugins(store), home }
  }
  beforeEach(async () => {
    opened = await fresh()
  })
  afterEach(async () => {
    await opened.plugins[Symbol.asyncDispose]()
    await opened.store[Symbol.asyncDispose]()
    rmSync(opened.home, { recursive: true })
  })
  const left = () => [readdirSync(path.join(opened.home, 'plugins', 'staging')), versions(opened.store)]

  test.each<[string, () => void, RegExp]>([
    ['a folder without a manifest', () => writeFileSync(path.join(folder, 'x'), ''), /no manifest\.json/],
    ['an id that comes with Life-OS', () => writePlugin(folder, { id: 'well' }), /comes with Life-OS/],
    ['an entry outside of its folder', () => writePlugin(folder, { manifest: { entry: '../../etc/passwd' } }), /leaves the folder/],
    ['an unknown field', () => writePlugin(folder, { manifest: { power: 'all' } }), /power/],
    ['code with a fault', () => writePlugin(folder, { code: 'export default {{' }), /cannot be bundled/],
    ['code that imports a builtin of power', () => writePlugin(folder, { top: "import 'node:fs'" }), /may not import "node:fs"/],
    [
      'code that imports what is not there',
      () => writePlugin(folder, { top: "import 'left-pad'" }),
      /may not import "left-pad".*not in the folder/,
    ],
    [
      'code that imports a neighbour',
      () => writePlugin(folder, { top: `import '../../../../../../../../../../../../etc/hostname'` }),
      /may not import/,
    ],
    ['code that imports over the net', () => writePlugin(folder, { top: "import 'https://example.org/x.js'" }), /may not import "https/],
    ['code that imports a data address', () => writePlugin(folder, { top: "import 'data:text/javascript,1'" }), /may not import "data:/],
  ])('%s', async (_, write, reason) => {
    write()
    await expect(opened.plugins.install(from(), 'ada')).rejects.toThrow(reason)
    expect(left()).toEqual([[], []])
    expect(await rowsOf(opened.store)).toEqual([])
  })

  test('a plan with a NUL in it, by which two plugins could have one digest', async () => {
    const { mkdirSync } = await import('node:fs')
    writePlugin(folder)
    mkdirSync(path.join(folder, 'src', 'plans'))
    writeFileSync(path.join(folder, 'src', 'plans', 'a.yaml'), 'id: a\0plans/b.yaml\0id: b')
    await expect(opened.plugins.install(from(), 'ada')).rejects.toThrow(/NUL/)
    expect(left()).toEqual([[], []])
  })

  test('an import through a link, whatever lies behind it', async () => {
    const { symlinkSync } = await import('node:fs')
    const outside = mkdtempSync(path.join(tmpdir(), 'life-os-outside-'))
    writeFileSync(path.join(outside, 'secret.ts'), 'export const secret = 1')
    writePlugin(folder, { top: "import { secret } from './secret.ts'\nconsole.log(secret)" })
    symlinkSync(path.join(outside, 'secret.ts'), path.join(folder, 'src', 'secret.ts'))
    await expect(opened.plugins.install(from(), 'ada')).rejects.toThrow(/links are not followed/)
    rmSync(outside, { recursive: true })
  })

  test.each<[string, Parameters<typeof writePlugin>[1], RegExp]>([
    ['an SDK of the future', { manifest: { sdk: '^9.0.0' } }, /made for SDK/],
    ['another platform', { manifest: { requires: { platforms: ['plan9'] } } }, /works on plan9/],
    [
      'a permission that nobody knows',
      { manifest: { permissions: [{ permission: 'root:**', reason: 'x' }] } },
      /no permission that Life-OS knows/,
    ],
    ['the name of Life-OS itself', { id: 'life-os' }, /called life-os/],
    [
      'a pattern that only a backtracking matcher has',
      { manifest: { permissions: [{ permission: 'fs.read:/!(a)', reason: 'x' }] } },
      /fewer wildcards/,
    ],
    [
      'more permissions than anybody reads',
      { manifest: { permissions: Array.from({ length: 101 }, (_, at) => ({ permission: `exec:p${at}`, reason: 'x' })) } },
      /more than 100 permissions/,
    ],
    ['a tool of another plugin', { manifest: { tools: ['files.move'] } }, /must begin with "guest\."/],
    [
      'a settings schema that is none',
      { manifest: { settings: { type: 'object', properties: { a: { type: 'string', pattern: '(' } } } } },
      /pattern/,
    ],
  ])('accepting %s', async (_, written, reason) => {
    writePlugin(folder, written)
    const { pending } = await opened.plugins.install(from(), 'ada')
    expect(pending?.faults).toEqual([expect.stringMatching(reason)])
    const id = written?.id ?? 'guest'
    await expect(opened.plugins.accept(id, pending?.digest ?? '', 'ada')).rejects.toMatchObject({ code: 'plugin-invalid' })
    expect(opened.plugins.tools().filter((tool) => tool.plugin === id)).toEqual([])
  })

  test.each<[string, Parameters<typeof writePlugin>[1], RegExp]>([
    ['names a tool that it has not', { manifest: { tools: ['guest.say', 'guest.wait', 'guest.fly'] } }, /guest\.fly/],
    ['throws when it is loaded', { top: "throw new Error('no')" }, /does not start: no/],
    ['ends itself', { top: 'process.exit(0)' }, /does not start/],
  ])('accepting code that %s leaves the version before at work', async (_, written, reason) => {
    writePlugin(folder)
    const first = await accepted(opened.plugins)
    writePlugin(folder, written)
    const digest = await installed(opened.plugins)
    await expect(opened.plugins.accept('guest', digest, 'ada')).rejects.toThrow(reason)
    expect(opened.plugins.get('guest')).toMatchObject({ digest: first, pending: { digest } })
    expect(await say(opened.plugins)).toMatchObject({ word: 'hello' })
  })

  test('files that changed since they were shown, and since they were accepted', async () => {
    writePlugin(folder)
    const digest = await installed(opened.plugins)
    const code = path.join(opened.home, 'plugins', 'versions', `guest-${digest.slice(0, 32)}`, 'index.js')
    const before = readFileSync(code)
    appendFileSync(code, '\nconsole.log(1)')
    await expect(opened.plugins.accept('guest', digest, 'ada')).rejects.toThrow(/not the ones that were shown/)
    writeFileSync(code, before)
    await opened.plugins.accept('guest', digest, 'ada')
    await opened.plugins.disable('guest')
    await opened.plugins.enable('guest')
    appendFileSync(code, '\nconsole.log(1)')
    await expect(say(opened.plugins)).rejects.toMatchObject({ code: 'plugin-changed' })
    await using again = await openPlugins(opened.store)
    expect(again.get('guest')).toMatchObject({ state: 'refused', reason: expect.stringContaining('install it again') as string })
  })

  test('replacing or removing what comes with Life-OS', async () => {
    await expect(opened.plugins.remove('well', 'ada', true)).rejects.toMatchObject({ code: 'plugin-bundled' })
    await expect(opened.plugins.update('well', 'ada')).rejects.toMatchObject({ code: 'plugin-bundled' })
  })

  test('two installs at once take their turns', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'life-os-guest-'))
    writePlugin(folder, { word: 'one' })
    writePlugin(other, { word: 'two' })
    const [first, second] = await Promise.all([opened.plugins.install(from(), 'ada'), opened.plugins.install(from(other), 'bob')])
    expect(first.pending?.digest).not.toBe(second.pending?.digest)
    expect(await rowsOf(opened.store)).toEqual([{ id: 'guest', digest: second.pending?.digest, state: 'waiting' }])
    expect(versions(opened.store)).toHaveLength(1)
    await expect(opened.plugins.accept('guest', first.pending?.digest ?? '', 'ada')).rejects.toMatchObject({
      code: 'plugin-pending-changed',
    })
    rmSync(other, { recursive: true })
  })

  test('a folder that changes while it is installed is built as one state of it', async () => {
    writePlugin(folder, { word: 'steady' })
    let writing = true
    const churn = (async () => {
      for (let round = 0; writing; round++) {
        writeFileSync(path.join(folder, 'next'), `export const word: string = 'w${round}'\n`)
        renameSync(path.join(folder, 'next'), path.join(folder, 'src', 'word.ts'))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const digest = await installed(opened.plugins).finally(() => (writing = false))
    await churn
    await opened.plugins.accept('guest', digest, 'ada')
    expect(await say(opened.plugins)).toMatchObject({ word: expect.stringMatching(/^(w\d+|steady)$/) as string })
    expect(opened.plugins.digest('guest')).toBe(digest)
  })

  test('one that needs what is not there says so and works once it is there', async () => {
    writePlugin(folder, { manifest: { requires: { plugins: ['friend'] } } })
    await accepted(opened.plugins)
    expect(opened.plugins.get('guest')).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('needs the plugin friend') as string,
    })
    await expect(say(opened.plugins)).rejects.toMatchObject({ code: 'plugin-refused' })
    const friend = mkdtempSync(path.join(tmpdir(), 'life-os-guest-'))
    writePlugin(friend, { id: 'friend' })
    const { pending } = await opened.plugins.install(from(friend), 'ada')
    await opened.plugins.accept('friend', pending?.digest ?? '', 'ada')
    expect(await say(opened.plugins)).toMatchObject({ word: 'hello' })
    rmSync(friend, { recursive: true })
  })

  test('one that needs a program says how to get it', async () => {
    writePlugin(folder, { manifest: { requires: { programs: ['no-such-program'] } } })
    await accepted(opened.plugins)
    expect(opened.plugins.get('guest')?.reason).toMatch(/apt-get install no-such-program/)
  })
})
