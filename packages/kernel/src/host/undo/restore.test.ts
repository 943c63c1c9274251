import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { manifestOf, temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost } from '../testing.ts'

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
const read = (...names: string[]): string => fs.readFileSync(at(...names), 'utf8')
const contents = (): Record<string, string> =>
  Object.fromEntries(fs.readdirSync(folder).map((name) => [name, fs.statSync(at(name)).isFile() ? read(name) : 'folder']))

type Choice = 'skip' | 'overwrite' | 'keep-both'
interface Case {
  name: string
  before: Record<string, string>
  act: () => Promise<unknown>
  meanwhile: () => void
  conflict: RegExp
  after: Record<Choice, Record<string, string>>
  /** Choices that still cannot restore. */
  refused: Choice[]
}

const CASES: Case[] = [
  {
    name: 'a replaced file was edited since',
    before: { a: 'old' },
    act: () => host.call('fs.write', at('a'), 'new', { replace: true }),
    meanwhile: () => fs.writeFileSync(at('a'), 'edited'),
    conflict: /another size|changed since/,
    after: { skip: { a: 'edited' }, overwrite: { a: 'old' }, 'keep-both': { a: 'edited', 'a (2)': 'old' } },
    refused: ['skip'],
  },
  {
    name: 'a replaced file is gone',
    before: { a: 'old' },
    act: () => host.call('fs.write', at('a'), 'new', { replace: true }),
    meanwhile: () => fs.rmSync(at('a')),
    conflict: /no longer there/,
    after: { skip: {}, overwrite: { a: 'old' }, 'keep-both': { a: 'old' } },
    refused: ['skip'],
  },
  {
    name: 'the old place is taken',
    before: { a: 'old' },
    act: () => host.call('fs.move', at('a'), at('b')),
    meanwhile: () => fs.writeFileSync(at('a'), 'later'),
    conflict: /taken by something that came later/,
    after: { skip: { a: 'later', b: 'old' }, overwrite: { a: 'old' }, 'keep-both': { a: 'later', 'a (2)': 'old' } },
    refused: ['skip'],
  },
  {
    name: 'a moved file was edited since',
    before: { a: 'old' },
    act: () => host.call('fs.move', at('a'), at('b')),
    meanwhile: () => fs.writeFileSync(at('b'), 'edited'),
    conflict: /another size|changed since/,
    after: { skip: { b: 'edited' }, overwrite: { a: 'edited' }, 'keep-both': { a: 'edited' } },
    refused: ['skip'],
  },
  {
    name: 'a moved file is gone',
    before: { a: 'old' },
    act: () => host.call('fs.move', at('a'), at('b')),
    meanwhile: () => fs.rmSync(at('b')),
    conflict: /no longer there/,
    after: { skip: {}, overwrite: {}, 'keep-both': {} },
    refused: ['skip', 'overwrite', 'keep-both'],
  },
  {
    name: 'a moved file became a folder',
    before: { a: 'old' },
    act: () => host.call('fs.move', at('a'), at('b')),
    meanwhile: () => (fs.rmSync(at('b')), fs.mkdirSync(at('b'))),
    conflict: /is a folder now/,
    after: { skip: { b: 'folder' }, overwrite: { b: 'folder' }, 'keep-both': { b: 'folder' } },
    refused: ['skip', 'overwrite', 'keep-both'],
  },
  {
    name: 'a removed file’s place is taken',
    before: { a: 'old' },
    act: () => host.call('fs.remove', at('a')),
    meanwhile: () => fs.writeFileSync(at('a'), 'later'),
    conflict: /taken/,
    after: { skip: { a: 'later' }, overwrite: { a: 'old' }, 'keep-both': { a: 'later', 'a (2)': 'old' } },
    refused: ['skip'],
  },
  {
    name: 'the trash was emptied',
    before: { a: 'old' },
    act: () => host.call('fs.remove', at('a')),
    meanwhile: () => fs.rmSync(path.join(host.home, 'trash'), { recursive: true }),
    conflict: /gone from the trash/,
    after: { skip: {}, overwrite: {}, 'keep-both': {} },
    refused: ['skip', 'overwrite', 'keep-both'],
  },
  {
    name: 'a written file was edited since',
    before: {},
    act: () => host.call('fs.write', at('a'), 'new'),
    meanwhile: () => fs.writeFileSync(at('a'), 'edited'),
    conflict: /another size|changed since/,
    after: { skip: { a: 'edited' }, overwrite: {}, 'keep-both': { a: 'edited' } },
    refused: ['skip', 'keep-both'],
  },
  {
    name: 'the permissions of a copy have changed',
    before: { a: 'old' },
    act: () => host.call('fs.copy', at('a'), at('b')),
    meanwhile: () => fs.chmodSync(at('b'), 0o600),
    conflict: /permissions/,
    after: { skip: { a: 'old', b: 'old' }, overwrite: { a: 'old' }, 'keep-both': { a: 'old', b: 'old' } },
    refused: ['skip', 'keep-both'],
  },
  {
    name: 'a made folder holds something',
    before: {},
    act: () => host.call('fs.makeFolder', at('f')),
    meanwhile: () => fs.writeFileSync(at('f', 'x'), 'x'),
    conflict: /not empty/,
    after: { skip: { f: 'folder' }, overwrite: { f: 'folder' }, 'keep-both': { f: 'folder' } },
    refused: ['skip', 'overwrite', 'keep-both'],
  },
]

describe.each(CASES)('$name', ({ before, act, meanwhile, conflict, after, refused }) => {
  test.each(['skip', 'overwrite', 'keep-both'] as const)('%s', async (choice) => {
    for (const [name, content] of Object.entries(before)) fs.writeFileSync(at(name), content)
    await act()
    const done = host.effects.slice()
    meanwhile()
    const present = manifestOf(folder)
    const preview = await host.previewUndo(done, choice)
    expect(manifestOf(folder)).toEqual(present)
    const conflicts = await host.undo(done, choice)
    expect(conflicts).toEqual(preview.conflicts)
    expect(contents()).toEqual(after[choice])
    expect(conflicts).toEqual(refused.includes(choice) ? [expect.stringMatching(conflict)] : [])
    const undone = host.effects.slice(done.length)
    expect(undone.map((effect) => effect.change)).toEqual(preview.recording.changes.filter((change) => !('conflict' in change)))
    expect(await host.undo(undone)).toEqual([])
    expect(manifestOf(folder), 'the undo can be undone').toEqual(present)
  })
})

test('a conflict is shown among the changes of the preview', async () => {
  fs.writeFileSync(at('a'), 'old')
  await host.call('fs.write', at('a'), 'new', { replace: true })
  fs.writeFileSync(at('a'), 'edited')
  const { recording } = await host.previewUndo(host.effects)
  expect(recording.changes).toMatchObject([{ kind: 'effect-restore', effect: host.effects[0]?.id, conflict: expect.stringContaining('a') }])
})

test('equal bytes are no conflict, whoever wrote them', async () => {
  fs.writeFileSync(at('a'), 'old')
  await host.call('fs.write', at('a'), 'new', { replace: true })
  fs.rmSync(at('a'))
  fs.writeFileSync(at('a'), 'new')
  expect(await host.undo(host.effects.slice())).toEqual([])
  expect(contents()).toEqual({ a: 'old' })
})

test('a change inside a copied folder is a conflict; one inside a moved folder moves along', async () => {
  fs.mkdirSync(at('f'))
  fs.writeFileSync(at('f', 'x'), 'x')
  await host.call('fs.copy', at('f'), at('g'))
  fs.writeFileSync(at('g', 'y'), 'y')
  expect(await host.undo(host.effects.slice())).toEqual([expect.stringContaining('inside')])
  await host.call('fs.move', at('f'), at('h'))
  fs.writeFileSync(at('h', 'y'), 'y')
  expect(await host.undo(host.effects.slice(-1))).toEqual([])
  expect(fs.readdirSync(at('f'))).toEqual(['x', 'y'])
})

test('undoing twice does nothing the second time', async () => {
  fs.writeFileSync(at('a'), 'old')
  await host.call('fs.move', at('a'), at('s', 'b'))
  const done = host.effects.slice()
  await host.undo(done)
  const made = host.effects.length
  expect(await host.undo(done)).toEqual([])
  expect(host.effects).toHaveLength(made)
})

test('a parent that is gone is made again', async () => {
  fs.mkdirSync(at('f'))
  fs.writeFileSync(at('f', 'a'), 'a')
  await host.call('fs.move', at('f', 'a'), at('b'))
  fs.rmdirSync(at('f'))
  expect(await host.undo(host.effects.slice())).toEqual([])
  expect(read('f', 'a')).toBe('a')
})

test('the time of a file survives being replaced and removed, to the microsecond', async () => {
  for (const [at_, time] of [
    ['a', 1_700_000_000.123],
    ['b', 1_700_000_000.0],
    ['c', 1_234_567_890.999],
  ] as const) {
    fs.writeFileSync(at(at_), at_)
    fs.utimesSync(at(at_), time, time)
  }
  const before = manifestOf(folder)
  await host.call('fs.copy', at('a'), at('a2'))
  expect(Math.abs(fs.statSync(at('a2')).mtimeMs - fs.statSync(at('a')).mtimeMs)).toBeLessThan(0.001)
  for (const name of ['a', 'b', 'c']) await host.call('fs.write', at(name), 'x', { replace: true })
  expect(await host.undo(host.effects.slice())).toEqual([])
  expect(manifestOf(folder)).toEqual(before)
})

test('forgetting frees what was kept, and only that', async () => {
  fs.writeFileSync(at('a'), 'x'.repeat(1000))
  fs.mkdirSync(at('f'))
  fs.writeFileSync(at('f', 'b'), 'y'.repeat(500))
  fs.chmodSync(at('f'), 0o500)
  await host.call('fs.remove', at('a'))
  await host.call('fs.remove', at('f'))
  fs.writeFileSync(at('c'), 'stays')
  await host.call('fs.remove', at('c'))
  expect(await host.host.forget(host.effects.slice(0, 2))).toBe(1500)
  expect(fs.readdirSync(path.join(host.home, 'trash'))).toHaveLength(1)
  expect(await host.host.forget(host.effects.slice(0, 2))).toBe(0)
  expect(await host.undo(host.effects.slice())).toHaveLength(2)
  expect(contents()).toEqual({ c: 'stays' })
})

test('a forged record cannot make forget delete anything outside the trash', async () => {
  fs.writeFileSync(at('a'), 'a')
  await host.call('fs.remove', at('a'))
  const [effect] = host.effects
  fs.writeFileSync(at('b'), 'b')
  if (effect)
    await host.host.forget([{ ...effect, before: { [at('a')]: { kind: 'file', size: 1, mode: 0o644, mtime: 0, trash: at('b') } } }])
  expect(contents()).toEqual({ b: 'b' })
})
