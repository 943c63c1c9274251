import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CommandResult } from '@life-os/plugin-sdk'
import type { Sandbox } from '../../sandbox/types.ts'
import { manifestOf } from '../fixtures.ts'
import { RECORDING_ENDED } from '../types.ts'
import { createCommandBench, script } from './testing.ts'
import type { CommandBench } from './testing.ts'

let bench: CommandBench
beforeEach(async () => {
  bench = await createCommandBench()
  bench.write({ 'a.txt': 'one\n', 'sub/b.txt': 'two\n' })
})
afterEach(() => bench[Symbol.asyncDispose]())
const at = (name: string) => path.join(bench.work, name)
const signal = new AbortController().signal
const writing = (text: string, more: Record<string, unknown> = {}) =>
  script(text, { mounts: [{ path: bench.work, access: 'write' }], ...more })

describe('a command', () => {
  test('is announced with all it may touch, then run; a preview only shows it', async () => {
    const host = await bench.host()
    const before = manifestOf(bench.work)
    const command = writing('echo changed > a.txt; echo said; echo told >&2; exit 4', { env: { NAME: 'x' } })
    const { services, recording } = host.preview()
    await expect(services.handle('exec.run', [command], signal)).rejects.toMatchObject({ code: RECORDING_ENDED })
    expect(manifestOf(bench.work)).toEqual(before)
    expect(recording).toMatchObject({
      unknown: true,
      changes: [{ kind: 'command-run', program: 'sh', script: command.script, sandboxed: true }],
    })
    const result = await host.call<CommandResult>('exec.run', command)
    expect(result).toMatchObject({ code: 4, signal: null, stdout: 'said\n', stderr: 'told\n', cut: null })
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('changed\n')
    expect(host.effects).toMatchObject([{ state: 'finished', before: {}, change: recording.changes[0] }])
    expect(recording.changes[0]).toMatchObject({
      mounts: [{ path: bench.work, access: 'write' }],
      network: [],
      secrets: [],
      env: { NAME: 'x' },
      reversal: 'none',
    })
  })

  test('keeps owner and mode of what it changes, brings back all kinds, and nothing is written outside', async () => {
    fs.chmodSync(at('a.txt'), 0o640)
    fs.symlinkSync(bench.root, at('out'))
    const owner = fs.statSync(at('a.txt')).uid
    const host = await bench.host()
    await host.call(
      'exec.run',
      writing(
        'echo new > a.txt; rm -r sub; mkdir -p made/deep; echo x > made/deep/y; ln -s a.txt link; echo evil > out/evil.txt; chmod 755 made/deep/y',
      ),
    )
    expect(fs.statSync(at('a.txt'))).toMatchObject({ uid: owner, mode: 0o100640 })
    expect([fs.existsSync(at('sub')), fs.readlinkSync(at('link')), fs.statSync(at('made/deep/y')).mode & 0o777]).toEqual([
      false,
      'a.txt',
      0o755,
    ])
    expect(fs.statSync(at('made/deep/y')).uid).toBe(owner)
    expect(fs.existsSync(path.join(bench.root, 'evil.txt'))).toBe(false)
    expect(bench.leftovers()).toEqual([])
  })

  test('does not write over what someone else changed meanwhile', async () => {
    const host = await bench.host()
    const notes: string[] = []
    const services = host.real({
      onOutput: ({ text }) => {
        notes.push(text)
        fs.writeFileSync(at('a.txt'), 'by hand\n')
      },
    })
    const command = writing('echo ready; while [ ! -e /work/go ]; do sleep 0.1; [ $((i=i+1)) -gt 5 ] && break; done; echo mine > a.txt')
    await expect(services.handle('exec.run', [command], signal)).rejects.toMatchObject({ code: 'file-changed', applied: 'unknown' })
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('by hand\n')
    expect(host.effects).toMatchObject([{ state: 'started' }])
  })

  test('shows its output as it comes, in whole characters', async () => {
    const host = await bench.host()
    const notes: { stream: string; text: string }[] = []
    const services = host.real({ onOutput: (note) => notes.push(note) })
    await services.handle('exec.run', [script(`printf 'gr\\303'; sleep 0.4; printf '\\274n\\n'; echo bad >&2`)], signal)
    const of = (stream: string) =>
      notes
        .filter((note) => note.stream === stream)
        .map(({ text }) => text)
        .join('')
    expect([of('stdout'), of('stderr')]).toEqual(['grün\n', 'bad\n'])
    expect(notes.map(({ text }) => text).join('')).not.toContain('\ufffd')
  })

  test('is ended by a cancel, and nobody claims to know what it did', async () => {
    const host = await bench.host()
    const stop = new AbortController()
    const services = host.real({ onOutput: () => stop.abort(new Error('stopped')) })
    await expect(services.handle('exec.run', [writing('echo begun; sleep 60')], stop.signal)).rejects.toThrow('stopped')
    expect(host.effects).toMatchObject([{ state: 'started' }])
    expect(bench.leftovers()).toEqual([])
  })

  test('is cut at its output, its time and its processes', async () => {
    const host = await bench.host()
    expect(await host.call('exec.run', script('yes', { limits: { output: 1000 } }))).toMatchObject({ cut: 'output' })
    expect(await host.call('exec.run', script('sleep 60', { limits: { time: 300 } }))).toMatchObject({ cut: 'time' })
    const bomb = await host.call<CommandResult>(
      'exec.run',
      script('b() { b | b & }; b; sleep 1; echo over', { limits: { pids: 20, time: 5000 } }),
    )
    expect(bomb.stdout.length).toBeLessThan(100)
  })

  test('shows what a companion says of it, which itself changes nothing', async () => {
    const host = await bench.host({
      allowed: [
        { kind: 'exec', resource: 'sh' },
        { kind: 'exec', resource: 'cat' },
        { kind: 'fs.write', resource: bench.work },
      ],
    })
    const { services, recording } = host.preview()
    const command = { ...writing('rm a.txt'), shows: { program: 'cat', args: ['a.txt'] } }
    await services.handle('exec.run', [command], signal).catch(() => undefined)
    expect(recording.changes).toMatchObject([{ shows: { command: 'cat a.txt', text: 'one\n' } }])
    const nosy = { ...writing('true'), shows: { program: 'sh', args: ['-c', 'echo x > a.txt; echo tried'] } }
    const again = host.preview()
    await again.services.handle('exec.run', [nosy], signal).catch(() => undefined)
    expect(again.recording.changes).toMatchObject([{ shows: { text: 'tried\n' } }])
    expect(fs.readFileSync(at('a.txt'), 'utf8')).toBe('one\n')
  })

  test.each([
    ['another program', { program: 'python3' }, 'program-not-allowed'],
    ['a pattern for a program', { program: '*' }, 'arguments-invalid'],
    ['a program of its own', { program: '/usr/../work/x' }, 'arguments-invalid'],
    ['a companion that was not allowed', { shows: { program: 'cat', args: [] } }, 'program-not-allowed'],
    ['a folder outside', { mounts: [{ path: '/root', access: 'read' }] }, 'path-not-allowed'],
    ['a place of the box', { mounts: [{ path: '/etc', access: 'read' }] }, 'path-not-allowed'],
    ['a network that was not allowed', { network: ['example.org:443'] }, 'address-not-allowed'],
    ['a network pattern', { network: ['*:443'] }, 'arguments-invalid'],
    [
      'a secret that was not allowed',
      { network: ['example.org:443'], auth: [{ host: 'example.org', secret: 'token' }] },
      'address-not-allowed',
    ],
    ['a working folder that is not mounted', { cwd: '/srv' }, 'arguments-invalid'],
    ['an unknown field', { power: true }, 'arguments-invalid'],
    ['an argument with NUL', { args: ['a\0b'] }, 'arguments-invalid'],
    ['two inputs', { stdin: 'x' }, 'arguments-invalid'],
  ])('is refused with %s', async (_, more, code) => {
    const host = await bench.host()
    await expect(host.call('exec.run', script('true', more))).rejects.toMatchObject({ code, applied: 'no' })
    expect(host.effects).toEqual([])
  })

  test('a mount that is a link is judged by where it leads', async () => {
    fs.symlinkSync('/root', at('link'))
    fs.symlinkSync(at('sub'), at('inner'))
    const host = await bench.host()
    await expect(host.call('exec.run', script('ls', { mounts: [{ path: at('link'), access: 'read' }] }))).rejects.toMatchObject({
      code: 'path-not-allowed',
    })
    expect(await host.call('exec.run', script('cat b.txt', { mounts: [{ path: at('inner'), access: 'read' }] }))).toMatchObject({
      stdout: 'two\n',
    })
  })

  test('needs a tool that declares an external effect', async () => {
    const host = await bench.host({ effect: 'write' })
    await expect(host.call('exec.run', script('true'))).rejects.toMatchObject({ code: 'effect-not-declared' })
  })

  test('a program that is not there did not run', async () => {
    const host = await bench.host({ allowed: [{ kind: 'exec', resource: 'no-such-program' }] })
    await expect(host.call('exec.run', { program: 'no-such-program' })).rejects.toMatchObject({ code: 'program-missing', applied: 'no' })
    expect(host.effects).toMatchObject([{ state: 'not-applied' }])
  })

  test('a pipe or socket in a mounted folder does not come along', async () => {
    fs.chmodSync(bench.work, 0o755)
    const net = await import('node:net')
    const server = net.createServer((socket) => socket.end('reached'))
    await new Promise<void>((resolve) => server.listen(at('door'), resolve))
    fs.chmodSync(at('door'), 0o777)
    const host = await bench.host()
    const seen = await host.call<CommandResult>('exec.run', script('ls', { mounts: [{ path: bench.work, access: 'read' }] }))
    expect(seen.stdout).toBe('a.txt\nsub\n')
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('where the box has the uid of the files', () => {
  test('folders are mounted as they are, but for those with a way out', async () => {
    const owning: Sandbox = { ...bench.sandbox, ownsFiles: true }
    fs.chmodSync(bench.work, 0o777)
    const host = await bench.host({ sandbox: owning })
    const before = fs.statSync(at('a.txt')).ino
    expect(await host.call('exec.run', writing('echo direct > made.txt; ls'))).toMatchObject({ stdout: 'a.txt\nmade.txt\nsub\n' })
    expect(fs.statSync(at('made.txt')).uid).toBe(bench.sandbox.isolation.uid)
    expect(fs.statSync(at('a.txt')).ino).toBe(before)
    const net = await import('node:net')
    const server = net.createServer((socket) => socket.end('reached'))
    await new Promise<void>((resolve) => server.listen(at('sub/door'), resolve))
    await expect(host.call('exec.run', writing('true'))).rejects.toMatchObject({ code: 'mount-special', applied: 'no' })
    expect(await host.call('exec.run', script('ls sub', { mounts: [{ path: bench.work, access: 'read' }] }))).toMatchObject({
      stdout: 'b.txt\n',
    })
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('where there is no sandbox', () => {
  test('nothing runs, and it says why', async () => {
    const host = await bench.host({ sandbox: undefined as unknown as Sandbox }) // as a host made without one
    for (const service of ['exec.run', 'exec.view', 'exec.compute']) {
      const command = service === 'exec.view' ? script('true', { folder: bench.work }) : script('true')
      await expect(host.call(service, command)).rejects.toMatchObject({ code: 'sandbox-missing' })
    }
  })

  test('the change says so', async () => {
    const { createSandbox } = await import('../../sandbox/index.ts')
    await using bare = await createSandbox({ folders: [] })
    const host = await bench.host({ sandbox: bare })
    const { services, recording } = host.preview()
    await services.handle('exec.run', [script('echo hello')], signal).catch(() => undefined)
    expect(recording.changes).toMatchObject([{ sandboxed: false, summary: expect.stringContaining('without a sandbox') }])
    expect(await host.call('exec.run', script('echo bare; exit 2', { mounts: [{ path: bench.work, access: 'write' }] }))).toMatchObject({
      code: 2,
      stdout: 'bare\n',
    })
    expect(host.effects).toMatchObject([{ state: 'finished', change: { sandboxed: false } }])
    const reaching = script('true', { network: ['example.org:443'] })
    const allowed = [
      { kind: 'exec', resource: 'sh' },
      { kind: 'net', resource: 'example.org:443' },
    ]
    const other = await bench.host({ sandbox: bare, allowed })
    await expect(other.call('exec.run', reaching)).rejects.toMatchObject({ code: 'sandbox-missing', applied: 'no' })
    for (const service of ['exec.view', 'exec.compute']) {
      const command = service === 'exec.view' ? script('true', { folder: bench.work }) : script('true')
      await expect(host.call(service, command)).rejects.toMatchObject({
        code: 'sandbox-missing',
        message: expect.stringContaining('bubblewrap'),
      })
    }
  })
})
