import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { manifestOf, temporaryFolder } from './fixtures.ts'
import { createTestHost } from './testing.ts'
import type { TestHost } from './testing.ts'

let folder: string
let host: TestHost
beforeEach(async () => {
  folder = temporaryFolder()
  host = await createTestHost(folder)
})
afterEach(async () => {
  await host[Symbol.asyncDispose]()
  fs.rmSync(folder, { recursive: true, force: true })
})
const at = (...names: string[]): string => path.join(folder, ...names)
const put = (name: string, content = name): void => {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true })
  fs.writeFileSync(at(name), content)
}

describe('acting', () => {
  test('move makes missing parents as effects of their own and keeps the file', async () => {
    put('a.txt', 'hello')
    const before = manifestOf(folder)
    expect(await host.call('fs.move', at('a.txt'), at('x', 'y', 'b.txt'))).toEqual({ path: at('x', 'y', 'b.txt') })
    expect(host.effects.map((effect) => [effect.change.kind, effect.state])).toEqual([
      ['folder-make', 'finished'],
      ['folder-make', 'finished'],
      ['file-move', 'finished'],
    ])
    expect(fs.readFileSync(at('x', 'y', 'b.txt'), 'utf8')).toBe('hello')
    expect(await host.undo(host.effects.slice())).toEqual([])
    expect(manifestOf(folder)).toEqual(before)
  })

  test('a clash takes the next free number, in the preview as for real', async () => {
    for (const name of ['1/a.tar.gz', '2/a.tar.gz', '3/a.tar.gz']) put(name)
    const preview = host.preview()
    for (const number of ['1', '2', '3'])
      await preview.services.handle('fs.move', [at(number, 'a.tar.gz'), at('a.tar.gz')], new AbortController().signal)
    for (const number of ['1', '2', '3']) await host.call('fs.move', at(number, 'a.tar.gz'), at('a.tar.gz'))
    expect(host.effects.map((effect) => effect.change)).toEqual(preview.recording.changes)
    expect(fs.readdirSync(folder).toSorted()).toEqual(['1', '2', '3', 'a (2).tar.gz', 'a (3).tar.gz', 'a.tar.gz'])
  })

  test('write, replace, append, copy and remove are all taken back exactly', async () => {
    put('note.txt', 'one\n')
    fs.chmodSync(at('note.txt'), 0o640)
    fs.utimesSync(at('note.txt'), 1_600_000_000.123, 1_600_000_000.123)
    put('tree/deep/leaf.bin', 'leaf')
    fs.symlinkSync('deep/leaf.bin', at('tree', 'link'))
    const before = manifestOf(folder)
    await host.call('fs.write', at('note.txt'), 'two\n', { replace: true })
    await host.call('fs.append', at('note.txt'), 'three\n')
    await host.call('fs.write', at('note.txt'), 'clash')
    await host.call('fs.copy', at('tree'), at('copy'))
    await host.call('fs.remove', at('tree'))
    const after = manifestOf(folder)
    expect(fs.readFileSync(at('note.txt'), 'utf8')).toBe('two\nthree\n')
    expect(fs.readFileSync(at('note (2).txt'), 'utf8')).toBe('clash')
    expect(fs.readlinkSync(at('copy', 'link'))).toBe('deep/leaf.bin')
    const done = host.effects.slice()
    expect(await host.undo(done)).toEqual([])
    expect(manifestOf(folder)).toEqual(before)
    const undone = host.effects.slice(done.length)
    expect(await host.undo(undone)).toEqual([])
    expect(manifestOf(folder)).toEqual(after)
    expect(await host.undo(host.effects.slice(done.length + undone.length))).toEqual([])
    expect(manifestOf(folder)).toEqual(before)
  })

  test('a preview changes nothing and shows what will be', async () => {
    put('in/a.txt', 'hello')
    const before = manifestOf(folder)
    const { services, recording } = host.preview()
    const call = (service: string, ...args: unknown[]) => services.handle(service, args, new AbortController().signal)
    await call('fs.move', at('in'), at('out', 'sub'))
    await call('fs.write', at('out', 'sub', 'a.txt'), 'hello world', { replace: true })
    expect(await call('fs.readText', at('out', 'sub', 'a.txt'))).toBe('hello world')
    expect(await call('fs.stat', at('in', 'a.txt'))).toBeNull()
    expect(await call('fs.list', at('out'), { recursive: true })).toMatchObject([
      { name: 'sub', kind: 'folder' },
      { name: 'a.txt', size: 11 },
    ])
    expect(recording.changes.map((change) => change.kind)).toEqual(['folder-make', 'file-move', 'file-write'])
    expect(recording.changes[2]).toMatchObject({ diff: expect.stringContaining('+hello world') })
    expect(manifestOf(folder)).toEqual(before)
  })
})
