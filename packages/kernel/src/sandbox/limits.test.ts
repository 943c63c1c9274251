import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { findHierarchies } from './limits/hierarchies.ts'
import { calm, openFolder, openSandbox, processesWith, request, run } from './testing.ts'

const sandbox = await openSandbox()
afterAll(async () => sandbox[Symbol.asyncDispose]())
const limits = { time: 20_000, memory: 128, pids: 24, output: 1000 }
const python = (program: string) => ['-I', '-c', program]
const mark = (name: string) => `life-os-mark-${process.pid}-${name}`

describe.runIf(sandbox.isolation.level === 'bubblewrap')('a command that does not end by itself', () => {
  test('is cut by the clock, with all that hides from it', async () => {
    // A process in a session of its own whose parent is gone, a dead one that nobody collects, and one that ignores signals.
    const here = mark('time')
    const script = `setsid sh -c 'trap "" TERM HUP; sleep 3000 & while :; do sleep 1; done' ${here} & (sleep 0 & exec sleep 3001) & trap "" TERM; while :; do :; done`
    const outcome = await run(sandbox, request('sh', ['-c', script, here], { limits: { ...limits, time: 300 } }))
    expect(outcome).toMatchObject({ cut: 'time', code: null, signal: 'SIGKILL' })
    expect(processesWith(here)).toEqual([])
  })

  test('is cut by whoever asked for it', async () => {
    const here = mark('abort')
    const control = new AbortController()
    const begun = Promise.withResolvers<void>()
    const outcome = sandbox.exec(
      { ...request('sh', ['-c', 'echo begun; sleep 3000', here]), onOutput: () => begun.resolve() },
      control.signal,
    )
    await begun.promise
    control.abort()
    expect(await outcome).toMatchObject({ cut: 'cancelled', code: null, signal: 'SIGKILL' })
    expect(processesWith(here)).toEqual([])
    expect(await sandbox.exec(request('true'), AbortSignal.abort())).toMatchObject({ cut: 'cancelled' })
  })

  test('leaves nothing behind when it ends and its children do not', async () => {
    const here = mark('left')
    const script = `setsid sh -c 'sleep 3000; true' ${here} >/dev/null 2>&1 </dev/null & echo done`
    expect(await run(sandbox, request('sh', ['-c', script]))).toMatchObject({ cut: null, code: 0, stdout: 'done\n' })
    expect(processesWith(here)).toEqual([])
  })

  test('keeps what fits of its output, and is cut far above', async () => {
    const some = await run(sandbox, request('head', ['-c', '3000', '/dev/zero'], { limits }))
    expect(some).toMatchObject({ cut: null, code: 0 })
    expect(some.stdout).toHaveLength(1000)
    const flood = await run(sandbox, request('cat', ['/dev/zero'], { limits }))
    expect(flood).toMatchObject({ cut: 'output', code: null, signal: 'SIGKILL' })
    expect(flood.stdout).toHaveLength(1000)
    const errors = await run(sandbox, request('sh', ['-c', 'cat /dev/zero >&2'], { limits }))
    expect(errors).toMatchObject({ cut: 'output' })
  })

  test('is ended when its seconds of CPU are used up', async () => {
    const outcome = await run(sandbox, request('sh', ['-c', 'while :; do :; done'], { limits: { ...limits, cpu: 1 } }))
    expect(outcome).toMatchObject({ cut: null, code: 128 + 9 })
  })

  test.runIf(sandbox.isolation.cgroup)('is ended by the kernel above its memory, in one process or in many', async () => {
    const one = await run(sandbox, request('python3', python('x = bytearray(10**9)\nprint(len(x))'), { limits }))
    expect(one).toMatchObject({ cut: 'memory', stdout: '' })
    const many = `import os, time\nfor i in range(8):\n  if os.fork() == 0:\n    x = bytearray(40_000_000)\n    time.sleep(30)\nwhile True: os.wait()`
    expect(await run(sandbox, request('python3', python(many), { limits: { ...limits, time: 5000 } }))).toMatchObject({ cut: 'memory' })
  })

  test('is told that its heap is full', async () => {
    const grow = 'const all = []; for (;;) all.push(new Array(100_000).fill(all.length))'
    const outcome = await run(
      sandbox,
      request('/life-os/bin/node', ['--max-old-space-size=64', '-e', grow], { limits: { ...limits, memory: 512, output: 20_000 } }),
    )
    expect(outcome).toMatchObject({ cut: 'memory' })
  })

  test('cannot keep a lock on what it was shown', async () => {
    using folder = openFolder()
    const file = path.join(folder.path, 'lock')
    writeFileSync(file, '')
    chmodSync(folder.path, 0o755)
    if (sandbox.identity) for (const one of [folder.path, file]) chownSync(one, sandbox.identity.uid, sandbox.identity.gid)
    const asked = request('flock', ['/data/lock', 'sleep', '3000'], {
      mounts: [{ from: folder.path, to: '/data', access: 'write' }],
      limits: { ...limits, time: 300 },
    })
    expect(await run(sandbox, asked)).toMatchObject({ cut: 'time' })
    expect(spawnSync('flock', ['--nonblock', file, 'true']).status).toBe(0)
  })

  test('goes with a server that is killed', async () => {
    const here = mark('orphan')
    const index = new URL('./index.ts', import.meta.url).href
    const limit = JSON.stringify({ ...limits, time: 600_000 })
    const program = `const { createSandbox } = await import(${JSON.stringify(index)})
      const sandbox = await createSandbox()
      await sandbox.exec({ program: 'sh', args: ['-c', 'echo up; while :; do :; done', '${here}'], cwd: '/work', mounts: [], env: {},
        stdin: null, proxy: null, limits: ${limit}, onOutput: () => console.log('up') }, new AbortController().signal)`
    const server = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => server.stdout.once('data', resolve))
    expect(processesWith(here).length).toBeGreaterThan(1)
    server.kill('SIGKILL')
    await vi.waitFor(() => expect(processesWith(here)).toEqual([]), { timeout: 10_000 })
  })

  test('leaves no control group', async () => {
    await run(sandbox, request('true'))
    for (const { folder } of findHierarchies())
      expect(readdirSync(folder).filter((name) => name.startsWith(`life-os-${process.pid}-`))).toEqual([])
  })
})

describe.runIf(sandbox.isolation.level === 'bubblewrap')('the host’s proxy', () => {
  test('answers on the box’s own loopback, and ends with it', async () => {
    using folder = openFolder()
    const socket = path.join(folder.path, 'proxy')
    const asked: string[] = []
    const server = createServer((incoming, answer) => {
      asked.push(incoming.url ?? '')
      answer.end('through the proxy')
    })
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    if (sandbox.identity) for (const one of [folder.path, socket]) chownSync(one, sandbox.identity.uid, sandbox.identity.gid)
    const fetch = `import urllib.request as u; print(u.urlopen("http://example.test/page").read().decode())`
    const env = { http_proxy: 'http://127.0.0.1:3128' }
    const outcome = await run(
      sandbox,
      request('python3', python(fetch), { env, proxy: { socket, port: 3128 }, limits: { ...limits, pids: 8 } }),
    )
    expect(outcome).toMatchObject({ code: 0, stdout: 'through the proxy\n', cut: null })
    expect(asked).toEqual(['http://example.test/page'])
    await new Promise((resolve) => server.close(resolve))
    await expect(sandbox.exec(request('true', [], { proxy: { socket, port: 3128 } }), calm())).rejects.toMatchObject({
      code: 'mount-missing',
    })
  })
})
