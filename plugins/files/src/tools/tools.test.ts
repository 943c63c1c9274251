import { existsSync, readFileSync, symlinkSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createToolLab, fill, manifestOf } from '../../../../tools/lab/index.ts'
import type { ToolLab } from '../../../../tools/lab/index.ts'
import files from '../index.ts'

let lab: ToolLab
beforeEach(async () => {
  lab = await createToolLab(files, 'files')
})
afterEach(async () => {
  await lab[Symbol.asyncDispose]()
})
const at = (...names: string[]): string => path.join(lab.folder, ...names)

interface Listed {
  path: string
  bytes: number
  files: { path: string; name: string; kind: string; group: string | null; mime: string | null; target: string | null }[]
}

describe('looking', () => {
  test('list gives every field, sorted, and follows no link', async () => {
    fill(lab.folder, { 'b.txt': 'bb', 'a/c.txt': 'c', '.hidden': 'h' })
    symlinkSync('a', at('link'))
    const listed = await lab.run<Listed>('files.list', { path: lab.folder, recursive: true })
    expect(listed.path).toBe(lab.folder)
    expect(listed.files.map((file) => [path.relative(lab.folder, file.path), file.kind])).toEqual([
      ['a', 'folder'],
      ['a/c.txt', 'file'],
      ['b.txt', 'file'],
      ['link', 'link'],
    ])
    expect(listed.bytes).toBe(3)
    expect(listed.files[3]).toMatchObject({ target: 'a', group: null, mime: null })
    const all = await lab.run<Listed>('files.list', { path: lab.folder, hidden: true, exclude: ['*.txt'] })
    expect(all.files.map((file) => file.name)).toEqual(['.hidden', 'a', 'link'])
  })

  test('list sniffs by content on wish', async () => {
    fill(lab.folder, { 'no-extension': '%PDF-1.4\n%%EOF\n', 'sub/x.txt': 'text' })
    const listed = await lab.run<Listed>('files.list', { path: lab.folder, sniff: true })
    expect(listed.files).toMatchObject([
      { name: 'no-extension', group: 'document', mime: 'application/pdf' },
      { name: 'sub', group: null },
    ])
  })

  test('list refuses more than it was allowed', async () => {
    fill(lab.folder, { 'a.txt': '', 'b.txt': '', 'c.txt': '' })
    await expect(lab.run('files.list', { path: lab.folder, max: 2 })).rejects.toMatchObject({ code: 'list-too-long' })
  })

  test('stat tells what is there and what is not', async () => {
    fill(lab.folder, { 'a.txt': 'abc' })
    expect(await lab.run('files.stat', { path: at('a.txt') })).toMatchObject({
      exists: true,
      entry: { kind: 'file', size: 3, name: 'a.txt' },
    })
    expect(await lab.run('files.stat', { path: at('nothing') })).toEqual({ exists: false, entry: null })
  })

  test('read gives text, or base64 part by part', async () => {
    fill(lab.folder, { 'a.txt': 'grün\n', 'b.bin': Buffer.from([0, 1, 2, 3, 4]) })
    expect(await lab.run('files.read', { path: at('a.txt') })).toMatchObject({ text: 'grün\n', base64: null, size: 6, next: null })
    expect(await lab.run('files.read', { path: at('b.bin'), as: 'base64', maxBytes: 3 })).toMatchObject({ base64: 'AAEC', next: 3 })
    expect(await lab.run('files.read', { path: at('b.bin'), as: 'base64', maxBytes: 3, offset: 3 })).toMatchObject({
      base64: 'AwQ=',
      next: null,
    })
  })

  test.each([
    ['a file that is missing', { path: '/nowhere/a.txt' }, 'file-missing'],
    ['a relative path', { path: 'a.txt' }, 'input-invalid'],
    ['an unknown field value', { path: '/a', as: 'picture' }, 'input-invalid'],
  ])('read says what is wrong with %s', async (_what, input, code) => {
    await expect(lab.run('files.read', input)).rejects.toMatchObject({ code })
  })

  test('read refuses a long text and one that is no text', async () => {
    fill(lab.folder, { 'long.txt': 'x'.repeat(20), 'b.txt': Buffer.from([0xff, 0xfe, 0xfd, 0x80]) })
    await expect(lab.run('files.read', { path: at('long.txt'), maxBytes: 10 })).rejects.toMatchObject({ code: 'file-too-long' })
    await expect(lab.run('files.read', { path: at('b.txt') })).rejects.toMatchObject({ code: 'file-not-text' })
  })

  test('hash and usage measure without changing', async () => {
    fill(lab.folder, { 'a.txt': 'abc', 'sub/b.txt': 'abcdef' })
    const before = manifestOf(lab.folder)
    expect(await lab.run('files.hash', { paths: [at('a.txt')] })).toEqual({
      files: [{ path: at('a.txt'), hash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }],
    })
    expect(await lab.run('files.usage', { path: lab.folder })).toMatchObject({
      path: lab.folder,
      files: 2,
      folders: 1,
      largest: [{ path: at('sub/b.txt') }, { path: at('a.txt') }],
    })
    expect(manifestOf(lab.folder)).toEqual(before)
  })
})

describe('changing', () => {
  const files = { 'a.txt': 'one', 'b.txt': 'two', 'tree/leaf.txt': 'leaf' }
  /** Each tool once: its input, the paths it changes. */
  const cases: [string, () => unknown][] = [
    ['files.write', () => ({ path: at('new/note.txt'), content: 'hello' })],
    ['files.write', () => ({ path: at('a.txt'), content: 'b25lIQ==', as: 'base64', replace: true })],
    ['files.append', () => ({ path: at('a.txt'), content: '\nmore' })],
    ['files.make-folder', () => ({ path: at('x/y') })],
    ['files.move', () => ({ from: at('a.txt'), to: at('x/a.txt') })],
    ['files.move', () => ({ from: at('tree'), to: at('wood') })],
    ['files.copy', () => ({ from: at('tree'), to: at('copy') })],
    ['files.rename', () => ({ path: at('a.txt'), name: 'c.txt' })],
    ['files.remove', () => ({ path: at('tree') })],
  ]

  test.each(cases)('%s shows first, does what it showed, and is taken back', async (tool, input) => {
    fill(lab.folder, files)
    const before = manifestOf(lab.folder)
    const preview = await lab.preview(tool, input())
    expect(manifestOf(lab.folder)).toEqual(before)
    expect(preview.changes.length).toBeGreaterThan(0)
    const output = await lab.run(tool, input())
    expect(output).toEqual(preview.output)
    expect(lab.effects.map((effect) => effect.change)).toEqual(preview.changes)
    expect(manifestOf(lab.folder)).not.toEqual(before)
    expect(await lab.undo()).toEqual([])
    expect(manifestOf(lab.folder)).toEqual(before)
  })

  test.each([
    ['files.move', () => ({ from: at('a.txt'), to: at('b.txt') }), { to: 'b (2).txt' }],
    ['files.copy', () => ({ from: at('a.txt'), to: at('b.txt') }), { to: 'b (2).txt' }],
    ['files.rename', () => ({ path: at('a.txt'), name: 'b.txt' }), { path: 'b (2).txt' }],
    ['files.write', () => ({ path: at('b.txt'), content: 'three' }), { path: 'b (2).txt' }],
  ])('%s never overwrites: a taken name gets a number', async (tool, input, expected) => {
    fill(lab.folder, files)
    const output = await lab.run<Record<string, string>>(tool, input())
    for (const [field, name] of Object.entries(expected)) expect(output[field]).toBe(at(name))
    expect(readFileSync(at('b.txt'), 'utf8')).toBe('two')
  })

  test('write with expect refuses a file that has changed', async () => {
    fill(lab.folder, files)
    const expectOther = '0'.repeat(64)
    await expect(lab.run('files.write', { path: at('a.txt'), content: 'x', replace: true, expect: expectOther })).rejects.toMatchObject({
      code: 'file-changed',
    })
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('one')
  })

  test.each([
    ['a name with a slash', { path: '/a/b', name: 'c/d' }],
    ['no name', { path: '/a/b', name: '' }],
    ['two dots', { path: '/a/b', name: '..' }],
    ['a path that ends in a slash', { path: '/a/b/', name: 'c' }],
    ['a relative path', { path: 'b', name: 'c' }],
  ])('rename refuses %s before anything happens', async (_what, input) => {
    await expect(lab.run('files.rename', input)).rejects.toMatchObject({ code: 'input-invalid' })
  })

  test('moving what is not there fails and changes nothing', async () => {
    fill(lab.folder, files)
    const before = manifestOf(lab.folder)
    await expect(lab.run('files.move', { from: at('nothing'), to: at('x') })).rejects.toMatchObject({
      code: expect.stringMatching(/missing/),
    })
    expect(manifestOf(lab.folder)).toEqual(before)
  })

  test('rename in the top folder of a volume names its need', async () => {
    await expect(lab.run('files.rename', { path: '/nothing-here', name: 'other' })).rejects.toMatchObject({
      code: expect.stringMatching(/missing/),
    })
    expect(existsSync('/other')).toBe(false)
  })
})

describe('find-duplicates', () => {
  interface Found {
    groups: { keep: string; remove: string[]; wasted: number; size: number }[]
    extra: { path: string; keep: string }[]
    files: number
    wasted: number
  }
  const second = (name: string, time: number): void => utimesSync(at(name), time, time)

  beforeEach(() => {
    fill(lab.folder, {
      'a long name.txt': 'same content',
      'new.txt': 'same content',
      'sub/old.txt': 'same content',
      'other.txt': 'other text!!',
      e1: '',
      e2: '',
    })
    second('a long name.txt', 3000)
    second('new.txt', 9000)
    second('sub/old.txt', 1000)
  })

  test.each([
    ['oldest', 'sub/old.txt'],
    ['newest', 'new.txt'],
    ['shortest-path', 'new.txt'],
  ])('keeps the %s', async (keep, kept) => {
    const found = await lab.run<Found>('files.find-duplicates', { path: lab.folder, keep })
    expect(found.groups).toHaveLength(1)
    expect(found.groups[0]).toMatchObject({ keep: at(kept), size: 12, wasted: 24 })
    expect(found.extra.map((extra) => extra.path)).toEqual(
      ['a long name.txt', 'new.txt', 'sub/old.txt'].filter((name) => name !== kept).map((name) => at(name)),
    )
    expect(found).toMatchObject({ files: 6, wasted: 24 })
  })

  test('takes empty files only when asked, and stays in the folder when told', async () => {
    const withEmpty = await lab.run<Found>('files.find-duplicates', { path: lab.folder, minSize: 0, recursive: false })
    expect(withEmpty.groups.map((group) => group.remove.length)).toEqual([1, 1])
  })
})
