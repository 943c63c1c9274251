import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildFixtures } from '../plugins/testing.ts'
import { MACHINES, fileRows, kernelRows, openSandbox } from '../sandbox/testing.ts'

/** Of no person and no service on Debian, and outside of what boxes of a root server are. */
const USER = 61_234
const fixture = fileURLToPath(new URL('./fixtures/unprivileged.ts', import.meta.url))
const attempts = readFileSync(new URL('../sandbox/escapes/attempt.py', import.meta.url), 'utf8')

async function reasonAgainst(): Promise<string> {
  if (process.platform !== 'linux') return ' (skipped: needs Linux)'
  if (process.getuid?.() !== 0) return ' (skipped: only root can become another user; the other tests of boxes run as this one)'
  await using sandbox = await openSandbox()
  return sandbox.isolation.level === 'bubblewrap' ? '' : ` (skipped: ${sandbox.isolation.reason})`
}
const against = await reasonAgainst()

interface Told {
  here: Record<string, unknown>
  plugin: unknown
  commands: unknown
  escapes: { tried: Record<string, string>; said: string; survivors: number }
}

/** Wherever this checkout lies, the other user need not be able to read it: it gets copies of all that it runs. */
async function copiesFor(place: string): Promise<{ program: string; build: string; node: string }> {
  const bundle = await rolldown({ input: fixture, platform: 'node', treeshake: { moduleSideEffects: false }, logLevel: 'silent' })
  const program = path.join(place, 'program.mjs')
  await bundle.write({ file: program, format: 'esm', codeSplitting: false })
  await bundle.close()
  const build = path.join(place, 'build')
  cpSync(await buildFixtures(), build, { recursive: true })
  const node = path.join(place, 'node')
  cpSync(process.execPath, node)
  for (const entry of readdirSync(place, { recursive: true, withFileTypes: true }))
    chownSync(path.join(entry.parentPath, entry.name), USER, USER)
  return { program, build, node }
}

describe.skipIf(against !== '')(`a server that is not root${against}`, () => {
  const targets = { secret: '/nowhere', pid: process.pid, tcp: 0, udp: 0, socket: '', abstract: '' }
  const rows = [...fileRows(targets).filter(({ code }) => code.includes('/proc/sys/')), ...kernelRows(targets)]
  let place: string
  let told: Told
  beforeAll(async () => {
    place = realpathSync(mkdtempSync(path.join(tmpdir(), 'life-os-unprivileged-')))
    const { program, build, node } = await copiesFor(place)
    const folder = path.join(place, 'own')
    mkdirSync(folder)
    for (const own of [place, folder]) {
      chmodSync(own, 0o700)
      chownSync(own, USER, USER)
    }
    const env = { PATH: '/usr/bin:/bin', HOME: folder, TMPDIR: folder }
    const child = spawn(node, [program], { uid: USER, gid: USER, cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const numbers = Object.fromEntries(MACHINES[process.arch]?.numbers ?? [])
    child.stdin.end(JSON.stringify({ folder, build, numbers, rows, attempts }))
    expect(await once(child, 'close')).toEqual([0, null])
    told = JSON.parse(said) as Told // the fixture prints it
  }, 120_000)
  afterAll(() => rmSync(place, { recursive: true, force: true }))

  test('makes boxes of its own uid, without a power or a group more', () => {
    expect(told.here).toMatchObject({ uid: USER, groups: String(USER), identity: null, ownsFiles: true })
    expect(told.here['isolation']).toMatchObject({ level: 'bubblewrap', uid: USER })
  })

  test('runs a plugin', () => expect(told.plugin).toEqual({ answer: { text: 'hello' }, uid: USER, left: 0 }))

  test('mounts a folder as it is, views it on a copy, and takes the view back', () =>
    expect(told.commands).toMatchObject({
      direct: { code: 0, stdout: `${USER}\n`, cut: null },
      after: { 'a.txt': 'one\ntwo\n', 'b.txt': 'new\n', inode: true, owner: USER },
      view: { code: 0, changed: expect.arrayContaining(['a.txt', 'b.txt', 'c.txt']) },
      viewed: { 'a.txt': 'one\ntwo\nthree\n', 'c.txt': 'c\n' },
      conflicts: [],
      undone: { 'a.txt': 'one\ntwo\n', 'b.txt': 'new\n' },
      boxes: [],
    }))

  test.each(rows)('$name: $reason', ({ name, reason }) => expect(told.escapes.tried[name]).toBe(reason))

  test('leaves no process of a session of its own', () => expect(told.escapes).toMatchObject({ survivors: 0, said: '' }))
})
