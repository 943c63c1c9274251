import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { manifestOf } from '../fixtures.ts'
import { createCommandBench, script } from './testing.ts'
import type { CommandBench, ViewResult } from './testing.ts'

let bench: CommandBench
beforeEach(async () => {
  bench = await createCommandBench()
  bench.write({ 'a.txt': 'one\n', 'b.txt': 'two\n', 'sub/c.txt': 'three\n', 'sub/deep/d.txt': 'four\n' })
})
afterEach(() => bench[Symbol.asyncDispose]())
const at = (name: string) => path.join(bench.work, name)
const view = (text: string, more: Record<string, unknown> = {}) => script(text, { folder: bench.work, ...more })
const signal = new AbortController().signal
const MANY = `
  printf 'ONE\\n' > a.txt
  rm b.txt
  mkdir -p new/er && echo fresh > new/er/x.txt
  rm -r sub/deep
  echo more >> sub/c.txt`

describe('a command on a view', () => {
  test('changes nothing in a preview, shows each difference, does it, and is undone exactly', async () => {
    const host = await bench.host({ effect: 'write' })
    const before = manifestOf(bench.work)
    const { services, recording } = host.preview()
    const seen = (await services.handle('exec.view', [view(MANY)], signal)) as ViewResult
    expect(manifestOf(bench.work)).toEqual(before)
    expect(recording.changes.map((change) => [change.kind, 'path' in change ? path.relative(bench.work, change.path) : ''])).toEqual([
      ['file-remove', 'b.txt'],
      ['file-remove', 'sub/deep'],
      ['folder-make', 'new'],
      ['folder-make', 'new/er'],
      ['file-write', 'a.txt'],
      ['file-write', 'new/er/x.txt'],
      ['file-write', 'sub/c.txt'],
    ])
    expect(recording.changes[4]).toMatchObject({ diff: expect.stringContaining('-one\n+ONE'), reversal: 'exact' })
    expect(recording.changes[5]).toMatchObject({ diff: expect.stringContaining('+fresh') })
    const done = await host.call<ViewResult>('exec.view', view(MANY))
    expect(done.changed).toEqual(seen.changed)
    expect(host.effects.map(({ change }) => change)).toMatchObject(recording.changes.map(({ modified: _, ...change }) => change))
    expect([fs.readFileSync(at('a.txt'), 'utf8'), fs.existsSync(at('b.txt')), fs.readFileSync(at('sub/c.txt'), 'utf8')]).toEqual([
      'ONE\n',
      false,
      'three\nmore\n',
    ])
    expect(await host.undo(host.effects.slice())).toEqual([])
    expect(manifestOf(bench.work)).toEqual(before)
  })

  test('what was shown is what is applied, however random the command is', async () => {
    const host = await bench.host({ effect: 'write' })
    const random = view('head -c 16 /dev/urandom | od -An -tx1 > a.txt')
    const { services, recording } = host.preview()
    await services.handle('exec.view', [random], signal)
    await host.call('exec.view', random)
    expect(host.effects.map(({ change }) => change)).toEqual(recording.changes)
    expect(recording.changes).toHaveLength(1)
  })

  test('runs again when the folder changed since, or the command', async () => {
    const host = await bench.host({ effect: 'write' })
    const first = view('cat b.txt >> a.txt')
    await host.preview().services.handle('exec.view', [first], signal)
    fs.writeFileSync(at('b.txt'), 'changed\n')
    await host.call('exec.view', first)
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('one\nchanged\n')
    await host.call('exec.view', view('cat b.txt b.txt >> a.txt'))
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('one\nchanged\nchanged\nchanged\n')
  })

  test('the same command twice in one call is done twice', async () => {
    const host = await bench.host({ effect: 'write' })
    const { services, recording } = host.preview()
    const twice = async (one: typeof services) => {
      for (let time = 0; time < 2; time += 1) await one.handle('exec.view', [view('echo x >> a.txt')], signal)
    }
    await twice(services)
    await twice(host.services)
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('one\nx\nx\n')
    expect(host.effects.map(({ change }) => ('hash' in change ? change.hash : null))).toEqual(
      recording.changes.map((change) => ('hash' in change ? change.hash : null)),
    )
  })

  test('sees what an earlier step of the preview would have done', async () => {
    const host = await bench.host({ effect: 'write' })
    const { services, recording } = host.preview()
    await services.handle('fs.write', [at('sub/early.txt'), 'from before'], signal)
    await services.handle('fs.remove', [at('a.txt')], signal)
    const seen = (await services.handle('exec.view', [view('ls; cat sub/early.txt')], signal)) as ViewResult
    expect(seen.stdout).toBe('b.txt\nsub\nfrom before')
    expect(recording.changes).toHaveLength(2)
  })

  test('a command that fails or is cut off changes nothing', async () => {
    const host = await bench.host({ effect: 'write' })
    const before = manifestOf(bench.work)
    expect(await host.call('exec.view', view('echo x > a.txt; exit 3'))).toMatchObject({ code: 3, changed: [] })
    expect(await host.call('exec.view', view('echo x > a.txt; sleep 60', { limits: { time: 300 } }))).toMatchObject({
      cut: 'time',
      changed: [],
    })
    expect(manifestOf(bench.work)).toEqual(before)
    expect(host.effects).toEqual([])
  })

  test('a kind that changes is removed first: file to folder, folder to file', async () => {
    const host = await bench.host({ effect: 'write' })
    const before = manifestOf(bench.work)
    await host.call('exec.view', view('rm a.txt; mkdir a.txt; echo in > a.txt/in; rm -r sub; echo flat > sub'))
    expect([fs.readFileSync(at('a.txt/in'), 'utf8'), fs.readFileSync(at('sub'), 'utf8')]).toEqual(['in\n', 'flat\n'])
    expect(await host.undo(host.effects.slice())).toEqual([])
    expect(manifestOf(bench.work)).toEqual(before)
  })

  test.each([
    ['a link', 'ln -s /etc/passwd new-link', 'view-not-applicable'],
    ['a pipe', 'mkfifo pipe', 'view-not-applicable'],
    ['more than it may leave', 'head -c 3000000 /dev/zero > big', 'folder-too-large'],
    ['folders without end', 'i=0; while [ $i -lt 400 ]; do mkdir d && cd d || exit 0; i=$((i+1)); done', 'folder-too-large'],
  ])('a command that leaves %s is refused whole', async (_, text, code) => {
    const host = await bench.host({ effect: 'write' })
    const before = manifestOf(bench.work)
    await expect(host.call('exec.view', view(`echo x > a.txt; ${text}`, { maxBytes: 1_000_000 }))).rejects.toMatchObject({
      code,
      applied: 'no',
    })
    expect(manifestOf(bench.work)).toEqual(before)
    expect(bench.leftovers()).toEqual([])
  })

  test('links in the folder lead nowhere: what they point to is neither read nor written', async () => {
    const outside = path.join(bench.root, 'outside.txt')
    fs.writeFileSync(outside, 'secret')
    fs.symlinkSync(outside, at('link'))
    const host = await bench.host({ effect: 'write' })
    const seen = await host.call<ViewResult>('exec.view', view('cat link; echo overwritten > link; true'))
    expect(seen.stdout).not.toContain('secret')
    expect(fs.readFileSync(outside, 'utf8')).toBe('secret')
    expect(fs.readlinkSync(at('link'))).toBe(outside)
  })

  test('unlocks what the command shut, and touches no time to pass as unchanged', async () => {
    const host = await bench.host({ effect: 'write' })
    const seen = await host.call<ViewResult>(
      'exec.view',
      view('touch -r a.txt ref; printf "eno\\n" > a.txt; touch -r ref a.txt; rm ref; chmod 0 b.txt sub'),
    )
    expect(seen).toMatchObject({ code: 0, changed: [at('a.txt')] })
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('eno\n')
  })

  test.each([
    ['a folder that was not allowed', { folder: '/tmp' }, 'path-not-allowed'],
    ['a program that was not allowed', { program: 'python3' }, 'program-not-allowed'],
    ['another writable folder', { mounts: [{ path: '/tmp', access: 'write' }] }, 'arguments-invalid'],
    ['a network', { network: ['example.org:443'] }, 'arguments-invalid'],
    ['a folder too large', { maxBytes: 3 }, 'folder-too-large'],
  ])('is refused with %s', async (_, more, code) => {
    const host = await bench.host({ effect: 'write' })
    await expect(host.call('exec.view', view('true', more))).rejects.toMatchObject({ code, applied: 'no' })
  })

  test("Life-OS's own folder is never part of it", async () => {
    const home = path.join(bench.work, 'home')
    fs.mkdirSync(home)
    const host = await bench.host({ effect: 'write', home })
    await expect(host.call('exec.view', view('ls'))).rejects.toMatchObject({ code: 'path-reserved' })
    await expect(host.call('exec.view', view('ls', { folder: home }))).rejects.toMatchObject({ code: 'path-reserved' })
  })

  test('removes copies that a killed process left, and nobody else’s', async () => {
    const [forgotten, foreign] = ['life-os-box-forgotten', 'life-os-box-foreign'].map((name) => path.join(bench.root, 'tmp', name))
    for (const folder of [forgotten, foreign]) fs.mkdirSync(path.join(folder!, 'mount-0'), { recursive: true })
    const { uid, gid } = bench.sandbox.identity ?? { uid: process.getuid!(), gid: process.getgid!() }
    fs.chownSync(forgotten!, uid, gid)
    for (const folder of [forgotten, foreign]) fs.utimesSync(folder!, 1, 1)
    const host = await bench.host({ effect: 'write' })
    await host.call('exec.view', view('true'))
    await expect.poll(() => fs.existsSync(forgotten!), { timeout: 10_000 }).toBe(false)
    expect(fs.existsSync(foreign!)).toBe(bench.sandbox.identity !== null)
  })

  test('leaves no process and no copy behind', async () => {
    const host = await bench.host({ effect: 'write' })
    await host.call('exec.view', view('setsid sleep 4242 & sleep 4242 & true'))
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain('sleep 4242')
  })
})
