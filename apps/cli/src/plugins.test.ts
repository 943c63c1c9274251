import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Plugin } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

let here: Machine
beforeAll(async () => {
  here = await machine()
})
afterAll(() => here[Symbol.dispose]())

const CODE = `import { definePlugin, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
export default definePlugin({ tools: [defineTool({ id: 'guest.say', title: 'Say', description: 'Says it.', effect: 'read',
  input: z.object({}), output: z.object({ town: z.unknown() }), run: async (_, host) => { host.log('info', 'said a town'); return { town: (await host.settings.get())['town'] } } })] })`

function write(version: string, permissions: string[]): string {
  const folder = join(here.work, 'guest')
  mkdirSync(join(folder, 'src'), { recursive: true })
  const settings = { type: 'object', properties: { town: { type: 'string', default: 'Paris' } } }
  const manifest = {
    id: 'guest',
    name: 'Guest',
    version,
    sdk: '^1.0.0',
    description: 'Says a town.',
    author: 'A',
    license: 'MIT',
    category: 'test',
    entry: 'src/index.ts',
  }
  const asked = permissions.map((permission) => ({ permission, reason: 'Because it must.' }))
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, settings, permissions: asked, tools: ['guest.say'] }))
  writeFileSync(join(folder, 'src', 'index.ts'), CODE)
  return folder
}

test('a plugin is installed from an archive, accepted and set by hand, and runs with its settings', async () => {
  const folder = write('1.0.0', ['fs.read:/tmp/**', 'exec:sh'])
  const archive = join(here.work, 'guest.tgz')
  execFileSync('tar', ['-czf', archive, '-C', folder, '.'])
  const waiting = await here.lifeos('plugin', 'install', archive)
  expect([waiting.code, waiting.out]).toEqual([4, expect.stringContaining('nothing of it runs')])
  expect(waiting.err).toMatch(/⚠ Run [^\n]*exec:sh {2}Because it must\.\n {2}· Read files in \/tmp and below {2}fs\.read:\/tmp\/\*\*/)
  expect((await here.lifeos('tools', 'guest')).code).toBe(2)

  const accepted = document<Plugin>(await here.lifeos('plugin', 'accept', 'guest', '--yes', '--json'))
  expect(accepted).toMatchObject({ pending: null, source: { kind: 'archive', name: 'guest.tgz' } })
  expect((await here.lifeos('plugin', 'settings', 'guest', 'town=Rome')).code).toBe(0)
  expect((await here.lifeos('plugin', 'settings', 'guest', 'city=Rome')).err).toContain('is not a setting')
  const plan = join(here.work, 'say.yaml')
  writeFileSync(
    plan,
    'version: 0.1.0\nid: say\nname: Say\nsteps:\n  - id: say\n    tool: guest.say\n    input: {}\noutputs: { town: "${{ steps.say.town }}" }\n',
  )
  const run = await here.lifeos('run', plan, '--yes', '--json')
  expect([run.code, run.out]).toEqual([0, expect.stringContaining('Rome')])
})

test('a folder is updated, and the version before taken back', async () => {
  const folder = write('1.0.1', ['fs.read:/tmp/**', 'exec:sh'])
  expect((await here.lifeos('plugin', 'install', folder, '--yes')).out).toContain('guest 1.0.1 is')
  expect((await here.lifeos('plugin', 'update', 'guest')).out).toContain('nothing waits')
  write('1.0.2', ['fs.read:/tmp/**', 'exec:sh'])
  const waiting = await here.lifeos('plugin', 'update', 'guest')
  expect([waiting.code, waiting.err]).toEqual([4, expect.stringContaining('asks for nothing new')])
  expect((await here.lifeos('plugin', 'update', 'guest', '--yes')).out).toContain('guest 1.0.2 is')
  expect((await here.lifeos('plugin', 'rollback', 'guest')).out).toContain('guest is 1.0.1 again')
  expect(document<Plugin>(await here.lifeos('plugin', 'show', 'guest', '--json')).manifest.version).toBe('1.0.1')
  expect((await here.lifeos('audit', '--kind', 'plugin')).out).toContain('plugin-rolled-back')
})

test('a plugin is disabled, enabled and restarted, and its log is read', async () => {
  expect((await here.lifeos('plugin', 'disable', 'guest')).out).toBe('guest is disabled.\n')
  expect((await here.lifeos('run', join(here.work, 'say.yaml'), '--yes')).err).toContain('disabled')
  expect((await here.lifeos('plugin', 'enable', 'guest')).out).toMatch(/guest is (idle|ready)/)
  expect((await here.lifeos('run', join(here.work, 'say.yaml'), '--yes')).code).toBe(0)
  const serving = here.begin('start', '--no-open', '--port', '0')
  await serving.said(/http:\/\/127\.0\.0\.1:\d+/)
  expect((await here.lifeos('run', join(here.work, 'say.yaml'), '--yes')).code).toBe(0)
  expect((await here.lifeos('plugin', 'restart', 'guest')).out).toBe('guest is ready.\n')
  const log = await here.lifeos('plugin', 'log', 'guest', '--limit', '5')
  expect([log.code, log.out]).toEqual([0, expect.stringContaining('said a town')])
  serving.child.kill('SIGTERM')
  await serving.ended
})

test('an update shows what it asks for beyond what was accepted; it is refused, the plugin removed', async () => {
  const folder = write('1.1.0', ['fs.read:/tmp/**', 'net:*:443'])
  const updated = await here.lifeos('plugin', 'install', folder)
  expect(updated.err).toMatch(/asks for more[\s\S]*\+ ⚠ Talk to any web site {2}net:\*:443[\s\S]*no longer[\s\S]*- ⚠ Run [^\n]*exec:sh/)
  expect((await here.lifeos('plugin', 'show', 'guest')).out).toMatch(/Guest 1\.0\.1[\s\S]*A version waits/)
  expect((await here.lifeos('plugin', 'reject', 'guest')).code).toBe(0)
  expect((await here.lifeos('plugin', 'rollback', 'guest')).err).toContain('no version of guest to go back to')
  expect((await here.lifeos('plugin', 'remove', 'guest')).code).toBe(0)
  expect((await here.lifeos('plugin', 'list')).out).not.toContain('guest')
  expect((await here.lifeos('plugin', 'remove', 'files')).err).toContain('comes with Life-OS')
})
