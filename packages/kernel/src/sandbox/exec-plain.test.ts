import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createSandbox } from './index.ts'
import { calm, openFolder, processesWith, request, text } from './testing.ts'

using none = openFolder()
/** A machine without bubblewrap. */
const bare = await createSandbox({ folders: [none.path] })
afterAll(async () => bare[Symbol.asyncDispose]())
const approved = { unsandboxed: true }

describe.skipIf(process.platform === 'win32')('a command that was approved without a box', () => {
  test('runs in the folder that it was shown, with no environment but its own', async () => {
    using folder = openFolder()
    writeFileSync(path.join(folder.path, 'a.txt'), '')
    const asked = request('sh', ['-c', 'ls; env | sort'], {
      cwd: '/data',
      mounts: [{ from: folder.path, to: '/data', access: 'read' }],
      env: { GREETING: 'hi' },
    })
    const outcome = await bare.exec(asked, calm(), approved)
    expect(outcome).toMatchObject({ code: 0, cut: null })
    const [file, ...env] = text(outcome.stdout).trim().split('\n')
    expect(file).toBe('a.txt')
    expect(env.map((line) => line.split('=')[0]).filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name!))).toEqual([
      'GREETING',
      'HOME',
      'LANG',
      'PATH',
      'TMPDIR',
    ])
  })

  test('is ended in time with its children, and may not use the network', async () => {
    const here = `life-os-plain-${process.pid}`
    const limits = { time: 200, memory: 64, pids: 8, output: 1000 }
    const outcome = await bare.exec(request('sh', ['-c', 'sleep 3000 & wait', here], { limits }), calm(), approved)
    expect(outcome).toMatchObject({ cut: 'time', code: null, signal: 'SIGKILL' })
    expect(processesWith(here)).toEqual([])
    const networked = request('true', [], { proxy: { socket: '/nowhere', port: 3128 } })
    await expect(bare.exec(networked, calm(), approved)).rejects.toMatchObject({ code: 'box-failed' })
  })

  test('says when its program is missing, and nobody else’s approval counts', async () => {
    await expect(bare.exec(request('no-such-program'), calm(), approved)).rejects.toMatchObject({ code: 'program-missing' })
    await expect(bare.exec(request('true'), calm())).rejects.toMatchObject({ code: 'sandbox-missing' })
  })
})
