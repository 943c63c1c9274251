import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { buildFixtures, openBench } from '../plugins/testing.ts'
import { openFolder, openSandbox } from './testing.ts'

const sandbox = await openSandbox()
afterAll(async () => sandbox[Symbol.asyncDispose]())

describe.runIf(sandbox.isolation.level === 'bubblewrap')('a plugin in a box', () => {
  test('answers calls, fails alone and starts again', async () => {
    await using bench = await openBench({ spawn: sandbox.spawnPlugin })
    expect(await bench.call('well.echo', { text: 'hello' })).toEqual({ text: 'hello' })
    await expect(bench.call('rogue.exit', {})).rejects.toMatchObject({
      code: 'plugin-crashed',
      message: expect.stringContaining('exit code 7') as string,
    })
    expect(await bench.call('well.echo', { text: 'again' })).toEqual({ text: 'again' })
  })

  test.runIf(process.getuid?.() === 0)('is neither root nor any user of this machine, and not the same as the next', async () => {
    await using bench = await openBench({ spawn: sandbox.spawnPlugin })
    await bench.call('well.echo', { text: 'hello' })
    await bench.call('rogue.reach', { what: 'import-fs' })
    const uids = ['well', 'rogue'].map((id) => statSync(`/proc/${bench.plugins.get(id)?.health.pid}`).uid)
    for (const uid of uids) expect(uid).toBeGreaterThanOrEqual(62_000)
    expect(new Set(uids).size).toBe(2)
  })

  test('starts from a clone that only its owner can read', async () => {
    using folder = openFolder()
    const clone = path.join(folder.path, 'clone')
    mkdirSync(clone)
    const build = path.join(clone, 'dist')
    cpSync(await buildFixtures(), build, { recursive: true })
    for (const entry of readdirSync(build, { recursive: true, withFileTypes: true }))
      chmodSync(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600)
    for (const locked of [folder.path, clone, build]) chmodSync(locked, 0o700)
    await using bench = await openBench({ spawn: sandbox.spawnPlugin, builds: [build] })
    expect(await bench.call('well.echo', { text: 'from a locked clone' })).toEqual({ text: 'from a locked clone' })
  })

  test('whose bundle is missing says so as a process does', async () => {
    using folder = openFolder()
    mkdirSync(path.join(folder.path, 'sdk'))
    mkdirSync(path.join(folder.path, 'plugin'))
    writeFileSync(path.join(folder.path, 'sdk', 'runtime.js'), 'process.exit(5)')
    const child = sandbox.spawnPlugin({
      runtime: path.join(folder.path, 'sdk', 'runtime.js'),
      folder: path.join(folder.path, 'plugin'),
      entry: 'index.js',
      memory: 64,
    })
    expect(await child.exited).toMatchObject({ code: 5 })
    expect(existsSync(`/proc/${child.pid}`)).toBe(false)
  })
})
