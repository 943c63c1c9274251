import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { forEachStore } from '../../store/testing.ts'
import { buildFixtures, callOf } from '../testing.ts'
import type { Plugins } from '../types.ts'
import { openPlugins, writePlugin } from './testing.ts'

let folder: string
beforeAll(async () => void (await buildFixtures()), 60_000)
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'life-os-guest-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const say = (plugins: Plugins) => plugins.call(callOf('guest.say', {}))
async function accepted(plugins: Plugins): Promise<string> {
  const { pending } = await plugins.install({ kind: 'folder', path: folder, watch: false }, 'ada')
  await plugins.accept('guest', pending?.digest ?? '', 'ada')
  return pending?.digest ?? ''
}

forEachStore((_, open) => {
  test('the version before is taken back with what was accepted then; files that are not its own are not', async () => {
    await using opened = await open()
    const { store } = opened
    await using plugins = await openPlugins(store)
    writePlugin(folder)
    const first = await accepted(plugins)
    await expect(plugins.rollback('guest', 'ada')).rejects.toMatchObject({ code: 'plugin-no-version-before' })
    await expect(plugins.rollback('well', 'ada')).rejects.toMatchObject({ code: 'plugin-bundled' })
    const wide = { word: 'wide', manifest: { version: '1.1.0', permissions: [{ permission: 'exec:sh', reason: 'Power.' }] } }
    writePlugin(folder, wide)
    const second = await accepted(plugins)
    await plugins.disable('guest')
    expect(await plugins.rollback('guest', 'bob')).toMatchObject({ state: 'idle', digest: first, manifest: { version: '1.0.0' } })
    expect(await say(plugins)).toMatchObject({ word: 'hello' })
    const row = { id: 'guest', digest: first, state: 'accepted', by: 'bob', accepted_json: '["fs.read:/tmp/**"]' }
    expect(await store.db.selectFrom('plugin_installs').selectAll().execute()).toMatchObject([row])
    expect(readdirSync(path.join(store.home, 'plugins', 'versions'))).toEqual([`guest-${first.slice(0, 32)}`])
    await using again = await openPlugins(store)
    expect(again.get('guest')).toMatchObject({ state: 'idle', digest: first, pending: null })

    expect(await accepted(plugins)).toBe(second) // asked about and accepted anew
    appendFileSync(path.join(store.home, 'plugins', 'versions', `guest-${first.slice(0, 32)}`, 'index.js'), '\nconsole.log(1)')
    await expect(plugins.rollback('guest', 'ada')).rejects.toMatchObject({ code: 'plugin-invalid' })
    expect(await say(plugins)).toMatchObject({ word: 'wide' })
  })
})
