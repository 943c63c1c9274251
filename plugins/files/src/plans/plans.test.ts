import { mkdirSync, symlinkSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPlanLab, filesOf, fill, makeSampleFolder, manifestOf } from '../../../../tools/lab/index.ts'
import type { PlanLab } from '../../../../tools/lab/index.ts'

let lab: PlanLab
let folder: string
let number = 0
beforeAll(async () => {
  lab = await createPlanLab()
}, 60_000)
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})
beforeEach(() => {
  folder = path.join(lab.folder, `case-${(number += 1)}`)
  mkdirSync(folder)
})

describe('tidy-folder', () => {
  test('sorts the sample folder as it showed, leaves the rest, and is undone', async () => {
    await makeSampleFolder(folder)
    const before = manifestOf(folder)
    const preview = await lab.preview('tidy-folder', { folder })
    expect(manifestOf(folder)).toEqual(before)
    expect(preview.summary.failed).toBeUndefined()
    expect(preview.summary).toMatchObject({ totals: { unknown: 0, final: 0 }, budget: { enough: true } })

    const run = await lab.run('tidy-folder', { folder })
    expect(run).toMatchObject({ state: 'done', error: null })
    const moves = preview.changes.flatMap(({ change }) => (change.kind === 'file-move' ? [path.relative(folder, change.to)] : []))
    const untouched = [
      '.hidden-settings',
      'Latest invoice.pdf',
      ...filesOf(path.join(folder, 'Old stuff')).map((name) => `Old stuff/${name}`),
    ]
    expect(filesOf(folder)).toEqual([...moves, ...untouched].toSorted())
    expect(filesOf(folder)).toEqual(
      expect.arrayContaining([
        'Pictures/2024-07/IMG_0412.jpg',
        'Pictures/2024-08/holiday pic.txt',
        'Documents/boarding-pass',
        'Installers/Setup_v3.2.exe',
        'Code/script.py',
        'Fonts/Garamond-ish.ttf',
      ]),
    )
    expect(await lab.outputs(run)).toMatchObject({ left: 0, seen: moves.length })

    expect(await lab.undo(run)).toMatchObject({ state: 'done', error: null })
    expect(manifestOf(folder)).toEqual(before)
  })

  test('does nothing the second time, also when it goes into folders', async () => {
    await makeSampleFolder(folder)
    const inputs = { folder, recursive: true, by: 'kind-and-year' }
    const first = await lab.run('tidy-folder', inputs)
    expect(first).toMatchObject({ state: 'done' })
    const tidy = manifestOf(folder)
    expect(Object.keys(tidy)).toEqual(expect.arrayContaining(['Pictures/2019-07/IMG_0412.jpg', 'Documents/2019/Tax return 2018.pdf']))
    const preview = await lab.preview('tidy-folder', inputs)
    expect(preview.changes).toEqual([])
    expect(await lab.run('tidy-folder', inputs)).toMatchObject({ state: 'done' })
    expect(manifestOf(folder)).toEqual(tidy)
  })

  test('numbers clashing names as the preview shows, and keeps both files', async () => {
    fill(folder, { 'a.txt': 'one', 'sub/a.txt': 'two', 'sub/deep/a.txt': 'three' })
    const preview = await lab.preview('tidy-folder', { folder, recursive: true })
    const shown = preview.changes.flatMap(({ change }) => (change.kind === 'file-move' ? [path.basename(change.to)] : []))
    expect(shown.toSorted()).toEqual(['a (2).txt', 'a (3).txt', 'a.txt'])
    expect(preview.summary.totals.clashes).toBe(2)
    await lab.run('tidy-folder', { folder, recursive: true })
    expect(filesOf(folder)).toEqual(['Documents/a (2).txt', 'Documents/a (3).txt', 'Documents/a.txt'])
  })

  test('leaves downloads that are under way, what was excluded, and what was unticked', async () => {
    fill(folder, { 'film.mkv.part': 'x', 'b.crdownload': 'x', 'keep.txt': 'x', 'wait.txt': 'x', 'go.txt': 'x' })
    const exclude = ['**/*.part', '**/*.crdownload', 'keep.txt']
    await lab.run('tidy-folder', { folder, exclude }, ['**/wait.txt'])
    expect(filesOf(folder)).toEqual(['Documents/go.txt', 'b.crdownload', 'film.mkv.part', 'keep.txt', 'wait.txt'])
  })

  test('an empty folder is fine, one that is missing is said', async () => {
    expect(await lab.run('tidy-folder', { folder })).toMatchObject({ state: 'done' })
    const missing = await lab.run('tidy-folder', { folder: path.join(folder, 'nothing') })
    expect(missing).toMatchObject({ state: 'failed', error: { code: 'path-missing' } })
  })
})

describe('find-duplicates', () => {
  test('keeps the oldest of each group, removes the others to the trash, and is undone', async () => {
    fill(folder, { 'new.txt': 'same', 'sub/old.txt': 'same', 'other.txt': 'else', '.git/x': 'same' })
    utimesSync(path.join(folder, 'sub/old.txt'), 1000, 1000)
    symlinkSync('new.txt', path.join(folder, 'link.txt'))
    const before = manifestOf(folder)
    const preview = await lab.preview('find-duplicates', { folder })
    expect(preview.changes.map(({ change }) => change)).toMatchObject([
      { kind: 'file-remove', path: path.join(folder, 'new.txt'), reversal: 'exact' },
    ])
    const run = await lab.run('find-duplicates', { folder })
    expect(await lab.outputs(run)).toEqual({ removed: [path.join(folder, 'new.txt')], groups: 1, wasted: 4 })
    expect(filesOf(folder)).toEqual(['.git/x', 'link.txt', 'other.txt', 'sub/old.txt'])
    await lab.undo(run)
    expect(manifestOf(folder)).toEqual(before)
  })

  test('finds the copies of the sample folder', async () => {
    await makeSampleFolder(folder)
    const run = await lab.run('find-duplicates', { folder, keep: 'shortest-path' })
    expect(((await lab.outputs(run))['removed'] as string[]).map((file) => path.basename(file)).toSorted()).toEqual([
      'IMG_0412 (1).jpg',
      'invoice-2024-031 (1).pdf',
      'invoice-2024-031 (2).pdf',
    ])
  })
})

describe('rename-photos', () => {
  test('names photos by the moment they were taken, once, and is undone', async () => {
    await makeSampleFolder(folder)
    const before = manifestOf(folder)
    const run = await lab.run('rename-photos', { folder })
    expect(run).toMatchObject({ state: 'done', error: null })
    expect(filesOf(folder)).toEqual(
      expect.arrayContaining([
        '2024-07-13 14.32.05.jpg',
        '2024-07-13 14.32.05 (2).jpg',
        '2024-08-15 09.00.00.jpg',
        '2024-03-19 16.20.00.png',
        'wallpaper.png',
        'Old stuff/2019/IMG_0412.jpg',
      ]),
    )
    const renamed = manifestOf(folder)
    expect((await lab.preview('rename-photos', { folder })).changes).toEqual([])
    expect(manifestOf(folder)).toEqual(renamed)
    await lab.undo(run)
    expect(manifestOf(folder)).toEqual(before)
  })
})
