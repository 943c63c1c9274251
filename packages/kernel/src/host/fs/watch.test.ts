import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost } from '../testing.ts'
import { RECORDING_ENDED } from '../types.ts'

let folder: string
let host: TestHost
beforeEach(async () => {
  folder = temporaryFolder()
  fs.mkdirSync(path.join(folder, 'sub'))
  fs.writeFileSync(path.join(folder, 'old.txt'), 'x')
  fs.writeFileSync(path.join(folder, 'going.txt'), 'x')
  host = await createTestHost(folder, { effect: 'read' })
})
afterEach(async () => {
  await host[Symbol.asyncDispose]()
  fs.rmSync(folder, { recursive: true, force: true })
})
const at = (name: string) => path.join(folder, name)
type Noticed = { path: string; kind: string }[]

/** Changes something again and again until the watch has seen it: it may not be looking yet. */
async function whileWatching(change: () => void, options: Record<string, unknown> = {}): Promise<Noticed> {
  const timer = setInterval(change, 20)
  try {
    return await host.call<Noticed>('fs.watch', folder, { timeout: 20_000, ...options })
  } finally {
    clearInterval(timer)
  }
}

describe('watching a folder', () => {
  test('tells what was made, changed and taken away, in one go', async () => {
    let times = 0
    const noticed = await whileWatching(() => {
      if (times++ > 3) return
      fs.writeFileSync(at('new.txt'), String(times))
      fs.writeFileSync(at('old.txt'), String(times))
      fs.rmSync(at('going.txt'), { force: true })
    })
    expect(noticed).toEqual(expect.arrayContaining([{ path: at('old.txt'), kind: 'changed' }]))
    expect(noticed.find((one) => one.path === at('new.txt'))?.kind).toMatch(/made|changed/)
  })

  test('with recursive also what lies deeper, without it not', async () => {
    let times = 0
    const noticed = await whileWatching(() => fs.writeFileSync(at(`sub/deep-${times++ % 3}.txt`), 'x'), { recursive: true })
    expect(noticed.some((one) => one.path.startsWith(at('sub/deep-')))).toBe(true)
    const timer = setInterval(() => fs.writeFileSync(at('sub/deep-0.txt'), String(times++)), 20)
    expect(await host.call('fs.watch', folder, { timeout: 300 })).toEqual([])
    clearInterval(timer)
  })

  test('with nothing to tell ends at its time, and at once when the call is stopped', async () => {
    expect(await host.call('fs.watch', folder, { timeout: 1 })).toEqual([])
    const stop = new AbortController()
    const watching = host.services.handle('fs.watch', [folder, { timeout: 600_000 }], stop.signal)
    stop.abort(new Error('stopped'))
    await expect(watching).rejects.toThrow('stopped')
  })

  test('in a preview nobody can tell', async () => {
    const { services } = host.preview()
    await expect(services.handle('fs.watch', [folder, { timeout: 1 }], new AbortController().signal)).rejects.toMatchObject({
      code: RECORDING_ENDED,
    })
  })

  test.each([
    ['a folder that was not allowed', '/root', 'path-not-allowed'],
    ['a file', 'old.txt', 'not-a-folder'],
    ['a folder that is not there', 'nowhere', 'not-a-folder'],
  ])('is refused on %s', async (_, name, code) => {
    await expect(host.call('fs.watch', name.startsWith('/') ? name : at(name), { timeout: 1 })).rejects.toMatchObject({ code })
  })

  test('a link is judged by where it leads', async () => {
    fs.symlinkSync('/root', at('out'))
    await expect(host.call('fs.watch', at('out'), { timeout: 1 })).rejects.toMatchObject({ code: 'path-not-allowed' })
  })
})
