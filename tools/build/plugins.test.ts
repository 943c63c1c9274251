import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digestOf } from '@life-os/kernel/plugins'
import { lockBuild } from './lock.ts'
import { buildPlugins } from './plugins.ts'

const well = fileURLToPath(new URL('../../packages/kernel/src/plugins/fixtures/plugins/well', import.meta.url))
let root: string
let out: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'life-os-build-'))
  out = path.join(root, 'dist')
  cpSync(well, path.join(root, 'plugins', 'well'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))
const edit = (file: string, change: (text: string) => string) =>
  writeFileSync(path.join(root, file), change(readFileSync(path.join(root, file), 'utf8')))
const built = (file: string) => readFileSync(path.join(out, 'plugins', file), 'utf8')

test('bundles a plugin with its manifest, tools, plans, agents and digest; a second build has nothing to do', async () => {
  writeFileSync(path.join(root, 'plugins', 'well', 'README.md'), '# Well')
  expect(await buildPlugins({ root, out })).toEqual({ built: ['well'], kept: [] })
  expect(readdirSync(path.join(out, 'plugins', 'well')).toSorted()).toEqual([
    'README.md',
    'agents',
    'index.js',
    'manifest.json',
    'package.json',
    'plans',
    'tools.json',
  ])
  expect(JSON.parse(built('well/manifest.json'))).toMatchObject({ id: 'well', entry: 'index.js' })
  const tools = JSON.parse(built('well/tools.json')) as { digest: string; tools: { id: string }[] }
  expect(tools.tools.map((tool) => tool.id)).toContain('well.echo')
  expect(tools.digest).toBe(await digestOf(path.join(out, 'plugins', 'well'), 'index.js'))
  expect(JSON.parse(built('bundled.json'))).toEqual({ sdk: '1.0.0', plugins: { well: tools.digest } })
  const before = statSync(path.join(out, 'plugins', 'well', 'index.js')).mtimeMs
  expect(await buildPlugins({ root, out })).toEqual({ built: [], kept: ['well'] })
  expect(statSync(path.join(out, 'plugins', 'well', 'index.js')).mtimeMs).toBe(before)
}, 60_000)

test('shares the one SDK and Zod instead of carrying copies', async () => {
  await buildPlugins({ root, out })
  const imports = [...built('well/index.js').matchAll(/from "([^"]+)"/g)].map((match) => match[1])
  expect(new Set(imports)).toEqual(new Set(['../../sdk/index.js', '../../sdk/zod.js']))
  const [sdk, zod] = (await Promise.all(
    ['index', 'zod'].map((name) => import(pathToFileURL(path.join(out, 'sdk', `${name}.js`)).href)),
  )) as [{ LifeOsError: unknown }, { z: { object(shape: object): { safeParse(value: unknown): { success: boolean } } } }] // what the SDK exports
  expect(sdk.LifeOsError).toBeTypeOf('function')
  expect(zod.z.object({}).safeParse(7).success).toBe(false)
}, 60_000)

test('a library that asks for require at run time is bundled without it', async () => {
  writeFileSync(
    path.join(root, 'plugins', 'well', 'src', 'browserified.cjs'),
    `var outer = typeof require == 'function' && require\nmodule.exports = outer ? outer('node:fs') : 'alone'`,
  )
  edit(
    'plugins/well/src/index.ts',
    (text) => `import alone from './browserified.cjs'\nif (alone !== 'alone') throw new Error('it has require')\n${text}`,
  )
  await buildPlugins({ root, out })
  expect(built('well/index.js')).not.toContain('node:module')
}, 60_000)

test('builds again what changed, drops what is gone', async () => {
  cpSync(path.join(root, 'plugins', 'well'), path.join(root, 'plugins', 'other'), { recursive: true })
  edit('plugins/other/manifest.json', (text) => text.replaceAll('well', 'other'))
  edit('plugins/other/src/index.ts', (text) => text.replaceAll("'well.", "'other."))
  expect((await buildPlugins({ root, out })).built).toEqual(['other', 'well'])
  edit('plugins/well/src/index.ts', (text) => text.replace('A tool that tests call.', 'Another sentence.'))
  expect(await buildPlugins({ root, out })).toEqual({ built: ['well'], kept: ['other'] })
  expect(built('well/tools.json')).toContain('Another sentence.')
  rmSync(path.join(root, 'plugins', 'other'), { recursive: true })
  await buildPlugins({ root, out })
  expect(existsSync(path.join(out, 'plugins', 'other'))).toBe(false)
  expect(Object.keys((JSON.parse(built('bundled.json')) as { plugins: object }).plugins)).toEqual(['well'])
}, 60_000)

test.each<[string, string, (text: string) => string, RegExp]>([
  ['a manifest that is not valid', 'manifest.json', (text) => text.replace('"1.2.3"', '"new"'), /version/],
  [
    'a manifest that names another tool',
    'manifest.json',
    (text) => text.replace('"well.echo"', '"well.shout"'),
    /well\.shout.*no such tool/,
  ],
  ['a manifest of another id', 'manifest.json', (text) => text.replace('"id": "well"', '"id": "good"'), /says id "good"/],
  ['code that throws at load', 'src/index.ts', (text) => `${text}\nthrow new Error('broken at load')`, /does not start.*broken at load/s],
  ['code that ends its process', 'src/index.ts', (text) => `${text}\nprocess.exit(0)`, /does not start/],
  [
    'code that reaches for files',
    'src/index.ts',
    (text) => `import fs from 'node:fs'\nfs.readFileSync('/etc/passwd')\n${text}`,
    /may not import "node:fs"/,
  ],
  ['code that exports no plugin', 'src/index.ts', () => 'export default {}', /definePlugin/],
])(
  'refuses %s and leaves the last build alone',
  async (_, file, change, reason) => {
    await buildPlugins({ root, out })
    const before = built('well/index.js')
    edit(path.join('plugins', 'well', file), change)
    await expect(buildPlugins({ root, out })).rejects.toThrow(reason)
    expect(built('well/index.js')).toBe(before)
    expect(readdirSync(path.join(out, 'plugins')).toSorted()).toEqual(['bundled.json', 'well'])
  },
  60_000,
)

test('waits for another build into the same folder; a dead one does not count', async () => {
  const order: string[] = []
  const lock = await lockBuild(out)
  const second = buildPlugins({ root, out }).then(() => order.push('second'))
  await new Promise((resolve) => setImmediate(resolve))
  order.push('first')
  await lock[Symbol.asyncDispose]()
  await second
  expect(order).toEqual(['first', 'second'])

  mkdirSync(path.join(out, '.stamps'), { recursive: true })
  writeFileSync(path.join(out, '.stamps', 'lock'), '999999999')
  await using _taken = await lockBuild(out)
  expect(readFileSync(path.join(out, '.stamps', 'lock'), 'utf8')).toBe(String(process.pid))
}, 60_000)

test('one plugin that cannot be built keeps no other from being loaded', async () => {
  await buildPlugins({ root, out })
  cpSync(path.join(root, 'plugins', 'well'), path.join(root, 'plugins', 'bad'), { recursive: true })
  edit('plugins/well/src/index.ts', (text) => text.replace('A tool that tests call.', 'Another sentence.'))
  await expect(buildPlugins({ root, out })).rejects.toMatchObject({
    code: 'plugin-invalid',
    message: expect.stringContaining('says id "well", the folder is "bad"') as string,
  })
  const { plugins } = JSON.parse(built('bundled.json')) as { plugins: Record<string, string> }
  expect(plugins).toEqual({ well: await digestOf(path.join(out, 'plugins', 'well'), 'index.js') })
  expect(built('well/tools.json')).toContain('Another sentence.')
}, 60_000)

test('what was deleted is built again', async () => {
  await buildPlugins({ root, out })
  rmSync(path.join(out, 'sdk'), { recursive: true })
  rmSync(path.join(out, 'plugins', 'well'), { recursive: true })
  expect((await buildPlugins({ root, out })).built).toEqual(['well'])
  expect(existsSync(path.join(out, 'sdk', 'runtime.js'))).toBe(true)
}, 60_000)
