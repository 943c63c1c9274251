import { createHash } from 'node:crypto'
import { lstat, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import exifr from 'exifr'
import { fileTypeFromBuffer } from 'file-type'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSampleFolder } from './index.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lifeos-sample-'))
})
afterEach(async () => {
  await rm(root, { recursive: true })
})

async function manifest(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    const path = join(folder, name)
    const stat = await lstat(path)
    if (stat.isFile())
      found[name] = `${createHash('sha256')
        .update(await readFile(path))
        .digest('hex')} ${stat.mtimeMs}`
    else found[name] = stat.isSymbolicLink() ? 'link' : 'folder'
  }
  return found
}

describe('makeSampleFolder', () => {
  it('makes the same folder from the same seed and another from another', async () => {
    await makeSampleFolder(join(root, 'a'), { seed: 7 })
    await makeSampleFolder(join(root, 'b'), { seed: 7 })
    await makeSampleFolder(join(root, 'c'), { seed: 8 })
    const first = await manifest(join(root, 'a'))
    expect(await manifest(join(root, 'b'))).toEqual(first)
    expect(await manifest(join(root, 'c'))).not.toEqual(first)
  })

  it('makes about sixty files by default, with the things that make folders hard', async () => {
    const made = await makeSampleFolder(join(root, 'a'))
    expect(made.files).toBeGreaterThanOrEqual(55)
    const names = await readdir(made.path, { recursive: true })
    expect(names.some((name) => Buffer.byteLength(name) > 150)).toBe(true)
    expect(names.some((name) => /\p{Emoji_Presentation}/u.test(name))).toBe(true)
    expect((await lstat(join(made.path, 'Latest invoice.pdf'))).isSymbolicLink()).toBe(true)
    expect((await lstat(join(made.path, 'empty file'))).size).toBe(0)
    const hashes = Object.values(await manifest(made.path))
      .map((line) => line.split(' ')[0])
      .filter((hash) => hash?.length === 64)
    expect(new Set(hashes).size).toBeLessThan(hashes.length)
  })

  it('makes exactly as many files as asked, with unique paths', async () => {
    const made = await makeSampleFolder(join(root, 'many'), { files: 500, seed: 3 })
    expect(made.files).toBe(500)
    const files = Object.values(await manifest(made.path)).filter((value) => value !== 'folder')
    expect(files).toHaveLength(500)
  })

  it('refuses a folder that holds something', async () => {
    await makeSampleFolder(join(root, 'a'))
    await expect(makeSampleFolder(join(root, 'a'))).rejects.toMatchObject({ code: 'folder-not-empty' })
  })

  it.each([
    ['IMG_0412.jpg', 'image/jpeg'],
    ['wallpaper.png', 'image/png'],
    ['boarding-pass', 'application/pdf'],
    ['Letter to the landlord.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['Household budget.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['song.mp3', 'audio/mpeg'],
    ['doorbell.wav', 'audio/wav'],
    ['VID_20240714_101500.mp4', 'video/mp4'],
    ['talk.mkv', 'video/matroska'],
    ['photos.zip', 'application/zip'],
    ['backup-2022.tar.gz', 'application/x-compressed-tar'],
    ['holiday pic.txt', 'image/jpeg'],
    ['addresses.sqlite', 'application/x-sqlite3'],
    ['Garamond-ish.ttf', 'font/ttf'],
  ])('%s is by its content %s', async (name, mime) => {
    const made = await makeSampleFolder(join(root, 'a'))
    const type = await fileTypeFromBuffer(await readFile(join(made.path, name)))
    expect(type?.mime.replace('x-matroska', 'matroska').replace('application/gzip', 'application/x-compressed-tar')).toBe(mime)
  })

  it.each(['IMG_0412.jpg', 'IMG_20240713_143205.jpg'])('%s says when it was taken', async (name) => {
    const made = await makeSampleFolder(join(root, 'a'))
    const tags = await exifr.parse(join(made.path, name), { reviveValues: false })
    expect(tags?.DateTimeOriginal).toBe('2024:07:13 14:32:05')
  })
})
