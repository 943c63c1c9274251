import { chmodSync, chownSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import path from 'node:path'
import type { LifeOsError } from '@life-os/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calm, openFolder, openSandbox, request, run } from './testing.ts'
import type { Sandbox } from './index.ts'

const DESCRIPTOR = /^(\/dev\/null|socket:\[\d+\]|\/proc\/\d+\/fd|anon_inode:\[eventfd\])$/
const probed = await openSandbox()
const boxes = probed.isolation.level === 'bubblewrap'
let sandbox: Sandbox
beforeAll(() => void (sandbox = probed))
afterAll(async () => sandbox[Symbol.asyncDispose]())

describe.runIf(boxes)('a command in a box', () => {
  test('runs, and tells its output, code and how long it took', async () => {
    const outcome = await run(sandbox, request('sh', ['-c', 'echo out; echo err >&2; exit 3']))
    expect(outcome).toMatchObject({ code: 3, signal: null, cut: null, stdout: 'out\n', stderr: 'err\n' })
    expect(outcome.duration).toBeGreaterThan(0)
  })

  test('has no environment but its own, and no descriptor but three', async () => {
    const { stdout } = await run(sandbox, request('env', [], { env: { GREETING: 'hello you' } }))
    expect(new Set(stdout.trim().split('\n'))).toEqual(
      new Set(['GREETING=hello you', 'HOME=/work', 'LANG=C.UTF-8', 'PATH=/usr/bin:/bin', 'TMPDIR=/tmp']),
    )
    const listed = await run(sandbox, request('sh', ['-c', 'for d in /proc/self/fd/*; do readlink $d; done']))
    for (const descriptor of listed.stdout.trim().split('\n')) expect(descriptor).toMatch(DESCRIPTOR)
  })

  test('reads what it is given and streams what it says', async () => {
    const chunks: string[] = []
    const onOutput = (stream: string, chunk: Uint8Array) => void chunks.push(`${stream}:${Buffer.from(chunk).toString()}`)
    const outcome = await run(sandbox, { ...request('cat', [], { stdin: Buffer.from('to be echoed') }), onOutput })
    expect(outcome.stdout).toBe('to be echoed')
    expect(chunks).toEqual(['stdout:to be echoed'])
  })

  test('sees mounts as they are granted', async () => {
    using folder = openFolder()
    const given = path.join(folder.path, 'given')
    mkdirSync(given)
    writeFileSync(path.join(given, 'a.txt'), 'hello')
    chmodSync(folder.path, 0o755)
    if (sandbox.identity) chownSync(given, sandbox.identity.uid, sandbox.identity.gid)
    const script = 'cat a.txt; echo new > b.txt; echo $?'
    const reading = await run(
      sandbox,
      request('sh', ['-c', script], { cwd: '/data', mounts: [{ from: given, to: '/data', access: 'read' }] }),
    )
    expect(reading).toMatchObject({ stdout: 'hello2\n', stderr: expect.stringContaining('Read-only file system') as string })
    const writing = await run(
      sandbox,
      request('sh', ['-c', script], { cwd: '/data', mounts: [{ from: given, to: '/data', access: 'write' }] }),
    )
    expect(writing.stdout).toBe('hello0\n')
    expect(readFileSync(path.join(given, 'b.txt'), 'utf8')).toBe('new\n')
  })

  test('works where the box’s user cannot walk to what is mounted', async () => {
    using folder = openFolder()
    const deep = path.join(folder.path, 'private', 'deep')
    mkdirSync(deep, { recursive: true })
    writeFileSync(path.join(deep, 'a.txt'), 'from a locked place')
    writeFileSync(path.join(folder.path, 'private', 'single.txt'), 'a file alone')
    for (const locked of [folder.path, path.join(folder.path, 'private')]) chmodSync(locked, 0o700)
    const outcome = await run(
      sandbox,
      request('cat', ['/data/a.txt', '/single.txt'], {
        mounts: [
          { from: deep, to: '/data', access: 'read' },
          { from: path.join(folder.path, 'private', 'single.txt'), to: '/single.txt', access: 'read' },
        ],
      }),
    )
    expect(outcome).toMatchObject({ code: 0, stdout: 'from a locked placea file alone', stderr: '' })
  })

  test('is refused with what is missing', async () => {
    using folder = openFolder()
    const link = path.join(folder.path, 'link')
    symlinkSync('/etc', link)
    const mounting = (from: string, to: string) => sandbox.exec(request('true', [], { mounts: [{ from, to, access: 'read' }] }), calm())
    await expect(sandbox.exec(request('no-such-program'), calm())).rejects.toMatchObject({ code: 'program-missing' })
    await expect(sandbox.exec(request('/home/x/bin'), calm())).rejects.toMatchObject({ code: 'program-missing' })
    await expect(mounting(path.join(folder.path, 'none'), '/data')).rejects.toMatchObject({ code: 'mount-missing' })
    await expect(mounting(link, '/data')).rejects.toMatchObject({
      code: 'mount-missing',
      message: expect.stringContaining('link') as string,
    })
    for (const place of ['/', '/etc', '/usr/lib', '/proc', '/data/../etc', 'data'])
      await expect(mounting(folder.path, place)).rejects.toMatchObject({ code: 'mount-missing' })
    await expect(sandbox.exec(request('true', [], { cwd: '/nowhere' }), calm())).rejects.toMatchObject({ code: 'box-failed' })
  })

  test('holds none of the descriptors that its box was made with', async () => {
    using folder = openFolder()
    chmodSync(folder.path, 0o755)
    const mounts = Array.from({ length: 12 }, (_, index) => ({ from: folder.path, to: `/data-${index}`, access: 'read' as const }))
    const { stdout } = await run(sandbox, request('sh', ['-c', 'for d in /proc/self/fd/* /proc/1/fd/*; do readlink $d; done'], { mounts }))
    for (const descriptor of stdout.trim().split('\n')) expect(descriptor).toMatch(DESCRIPTOR)
  })

  test('never sees what a link leads to that was put in the way of its mount', async () => {
    using folder = openFolder()
    const given = path.join(folder.path, 'given')
    mkdirSync(given)
    mkdirSync(path.join(folder.path, 'secret'))
    writeFileSync(path.join(given, 'a.txt'), 'mine')
    writeFileSync(path.join(folder.path, 'secret', 'a.txt'), 'SECRET')
    chmodSync(folder.path, 0o755)
    const swap = `const fs = require('node:fs'); process.chdir(process.argv[1])
      for (;;) { fs.renameSync('given', 'kept'); fs.symlinkSync('secret', 'given'); fs.unlinkSync('given'); fs.renameSync('kept', 'given') }`
    const racer = spawn(process.execPath, ['-e', swap, folder.path], { stdio: 'ignore' })
    const mounts = [{ from: given, to: '/data', access: 'read' as const }]
    const seen = new Set<string>()
    for (let tried = 0; tried < 40; tried++)
      seen.add(
        await run(sandbox, request('cat', ['/data/a.txt'], { mounts })).then(
          ({ stdout }) => stdout,
          (error: LifeOsError) => error.code,
        ),
      )
    racer.kill('SIGKILL')
    await new Promise((resolve) => racer.once('exit', resolve))
    expect([...seen].filter((what) => !['mine', 'mount-missing', 'box-failed'].includes(what))).toEqual([])
  })

  test('may be a program from a mount', async () => {
    using folder = openFolder()
    writeFileSync(path.join(folder.path, 'tool'), '#!/bin/sh\necho "tool says $1"\n', { mode: 0o755 })
    chmodSync(folder.path, 0o755)
    const mounts = [{ from: folder.path, to: '/tools', access: 'read' as const }]
    expect(await run(sandbox, request('/tools/tool', ['hi'], { mounts }))).toMatchObject({ stdout: 'tool says hi\n' })
  })
})

describe('without bubblewrap', () => {
  test('commands are refused and plugins fall back, with the command that mends it', async () => {
    using folder = openFolder()
    const { createSandbox } = await import('./index.ts')
    const bare = await createSandbox({ folders: [realpathSync(folder.path)] })
    expect(bare.isolation).toMatchObject({ level: 'permissions', cgroup: false })
    if (process.platform === 'linux')
      expect(bare.isolation).toMatchObject({ reason: 'bwrap is not installed', mend: 'apt-get install bubblewrap' })
    await expect(bare.exec(request('true'), calm())).rejects.toMatchObject({ code: 'sandbox-missing' })
    await bare[Symbol.asyncDispose]()
  })
})
