import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { spawnPlugin } from './index.ts'
import type { PluginProcess } from './index.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'life-os-spawn-')))
  mkdirSync(path.join(root, 'sdk'))
  mkdirSync(path.join(root, 'plugin'))
  writeFileSync(path.join(root, 'secret.txt'), 'not for plugins')
  for (const folder of ['sdk', 'plugin']) writeFileSync(path.join(root, folder, 'package.json'), '{"type":"module"}')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Runs a program where the runtime would run, with nothing between it and Node's permissions. */
async function run(program: string): Promise<{ answers: Record<string, unknown>; process: PluginProcess }> {
  writeFileSync(path.join(root, 'plugin', 'index.js'), '')
  writeFileSync(
    path.join(root, 'sdk', 'runtime.js'),
    `
    import fs from 'node:fs'
    const answers = {}
    const attempt = async (name, work) => { try { answers[name] = (await work()) ?? null } catch (error) { answers[name] = error.code ?? error.message } }
    ${program}
    fs.writeSync(3, JSON.stringify(answers) + '\\n')
    fs.readSync(3, Buffer.alloc(1)) // until the other side is done`,
  )
  const child = spawnPlugin({
    runtime: path.join(root, 'sdk', 'runtime.js'),
    folder: path.join(root, 'plugin'),
    entry: 'index.js',
    memory: 64,
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const text = await new Promise<string>((resolve, reject) => {
    let had = ''
    child.pipe.on('data', (chunk: Buffer) => {
      had += chunk.toString()
      if (had.endsWith('\n')) resolve(had)
    })
    child.pipe.on('close', () => reject(new Error(`it ended without an answer: ${errors}`)))
  })
  return { answers: JSON.parse(text) as Record<string, unknown>, process: child }
}

async function end(child: PluginProcess): Promise<void> {
  child.kill()
  expect((await child.exited).signal).toBe('SIGKILL')
}

describe("a plugin's process", () => {
  test('starts with nothing but its folder, its bundle and one pipe', async () => {
    const { answers, process: child } = await run(`
      await attempt('env', () => process.env)
      await attempt('cwd', () => process.cwd())
      await attempt('argument', () => process.argv[2])
      await attempt('own', () => fs.readdirSync('.'))
      await attempt('stdin', () => fs.readFileSync(0, 'utf8'))
      await attempt('other descriptors', () => [4, 5, 6, 7, 8, 9, 10, 20].filter((fd) => { try { return fs.fstatSync(fd).isFile() } catch { return false } }))
    `)
    expect(answers).toEqual({
      env: {},
      cwd: path.join(root, 'plugin'),
      argument: path.join(root, 'plugin', 'index.js'),
      own: ['index.js', 'package.json'],
      stdin: '',
      'other descriptors': [],
    })
    await end(child)
  })

  test('may not read beside its folder, write, start programs or threads, or load native code', async () => {
    const { answers, process: child } = await run(`
      await attempt('passwd', () => fs.readFileSync('/etc/passwd', 'utf8'))
      await attempt('neighbour', () => fs.readFileSync('../secret.txt', 'utf8'))
      await attempt('environment of others', () => fs.readFileSync('/proc/1/environ', 'utf8'))
      await attempt('list', () => fs.readdirSync('/'))
      await attempt('write beside', () => fs.writeFileSync('/tmp/life-os-was-here', ''))
      await attempt('write in its own folder', () => fs.writeFileSync('new.txt', ''))
      await attempt('link', () => fs.symlinkSync('/etc/passwd', 'link'))
      await attempt('program', async () => (await import('node:child_process')).execFileSync('/bin/true'))
      await attempt('thread', async () => new (await import('node:worker_threads')).Worker('1', { eval: true }))
      await attempt('native code', () => process.dlopen({ exports: {} }, '/x.node'))
      await attempt('inspector', async () => (await import('node:inspector')).open(0))
    `)
    expect(new Set(Object.values(answers))).toEqual(new Set(['ERR_ACCESS_DENIED', 'ERR_DLOPEN_DISABLED']))
    expect(answers['native code']).toBe('ERR_DLOPEN_DISABLED')
    await end(child)
  })

  test('follows no link out of its folder that it could have made itself', async () => {
    // A link that exists already is followed by Node's permissions; a plugin can make none, and the build copies none.
    symlinkSync('/etc', path.join(root, 'sdk-link'))
    const { answers, process: child } = await run(`await attempt('through a link', () => fs.readFileSync('../sdk-link/passwd', 'utf8'))`)
    expect(answers).toEqual({ 'through a link': 'ERR_ACCESS_DENIED' })
    await end(child)
  })

  test.runIf(process.platform === 'linux')('leads a process group and session of its own and is killed with all of it', async () => {
    const { process: child } = await run('')
    const [group, session] = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(2, 4)
    expect([Number(group), Number(session)]).toEqual([child.pid, child.pid])
    await end(child)
  })

  test('that can not be started says so', async () => {
    const child = spawnPlugin({
      runtime: path.join(root, 'sdk', 'package.json'),
      folder: path.join(root, 'plugin'),
      entry: 'index.js',
      memory: 64,
    })
    expect((await child.exited).code).not.toBe(0)
  })
})
