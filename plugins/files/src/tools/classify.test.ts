import path from 'node:path'
import { makeSampleFolder } from '../../../../tools/lab/index.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createToolLab, fill } from '../../../../tools/lab/index.ts'
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

interface Answer {
  folder: string
  files: { path: string; name: string; folder: string; extension: string | null; taken: string | null; camera: string | null }[]
  skipped: { path: string; reason: string }[]
}

test.each([
  ['IMG_0412.jpg', 'Pictures/2024-07'],
  ['holiday pic.txt', 'Pictures/2024-08'],
  ['wallpaper.png', 'Pictures'],
  ['boarding-pass', 'Documents'],
  ['Letter to the landlord.docx', 'Documents'],
  ['song.mp3', 'Audio'],
  ['VID_20240714_101500.mp4', 'Video'],
  ['photos.zip', 'Archives'],
  ['Setup_v3.2.exe', 'Installers'],
  ['editor_1.0_all.deb', 'Installers'],
  ['script.py', 'Code'],
  ['bank statement.csv', 'Data'],
  ['Garamond-ish.ttf', 'Fonts'],
  ['unknown.bin', 'Other'],
])('%s of the sample folder belongs to %s', async (name, folder) => {
  await makeSampleFolder(at('sample'))
  expect((await lab.run<Answer>('files.classify', { path: at('sample', name) })).folder).toBe(folder)
})

test('many at once keep their order; what vanished is told and does not stop the others', async () => {
  fill(lab.folder, { 'b.txt': 'text', 'a.pdf': '%PDF-1.4\n%%EOF\n' })
  const input = { paths: [at('b.txt'), at('gone.txt'), at('a.pdf')], below: lab.folder }
  const answer = await lab.run<Answer>('files.classify', input)
  expect(answer.files.map((file) => [file.name, file.folder])).toEqual([
    ['b.txt', 'Documents'],
    ['a.pdf', 'Documents'],
  ])
  expect(answer.skipped).toEqual([{ path: at('gone.txt'), reason: expect.stringContaining('not there') }])
  await expect(lab.run('files.classify', { path: at('gone.txt') })).rejects.toMatchObject({ code: 'path-missing' })
})

test('a photo says when and with what it was taken', async () => {
  await makeSampleFolder(at('sample'))
  const answer = await lab.run<Answer>('files.classify', { paths: [at('sample/IMG_0412.jpg')] })
  expect(answer.files[0]).toMatchObject({ extension: 'jpg', taken: '2024-07-13 14.32.05', camera: 'Alpenglas AG 40D' })
})

test('one of path and paths, and nothing outside the folder that was named', async () => {
  fill(lab.folder, { 'in/a.txt': 'a', 'out/b.txt': 'b' })
  await expect(lab.run('files.classify', {})).rejects.toMatchObject({ code: 'input-invalid' })
  await expect(lab.run('files.classify', { path: at('in/a.txt'), paths: [] })).rejects.toMatchObject({ code: 'input-invalid' })
  await expect(lab.run('files.classify', { paths: [at('out/b.txt')], below: at('in') })).rejects.toMatchObject({ code: 'path-not-allowed' })
  expect(await lab.run('files.classify', { paths: [], below: at('in') })).toEqual({ folder: '', files: [], skipped: [] })
})

test('a thousand files are recognised in portions, with progress and a cancel that is heard', async () => {
  await makeSampleFolder(at('sample'), { files: 450 })
  const listed = await lab.run<{ files: { path: string; kind: string }[] }>('files.list', { path: at('sample'), recursive: true })
  const paths = listed.files.filter((file) => file.kind === 'file').map((file) => file.path)
  expect((await lab.run<Answer>('files.classify', { paths, below: at('sample') })).files).toHaveLength(paths.length)
  expect(lab.notes).toHaveLength(Math.ceil(paths.length / 50))
  expect(lab.notes.at(-1)).toMatchObject({ done: paths.length, of: paths.length })
  const cancelled = AbortSignal.abort(new Error('cancelled'))
  await expect(lab.run('files.classify', { paths, below: at('sample') }, cancelled)).rejects.toThrow('cancelled')
})
