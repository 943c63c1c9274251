import { chmod, mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import { CATALOGUE } from './catalogue.ts'
import type { SampleItem } from './catalogue.ts'
import { createRandom } from './random.ts'
import { generateItem } from './generate.ts'

export interface SampleOptions {
  /** How many entries; fewer than the catalogue takes its first ones. Default: the whole catalogue, about 60. */
  files?: number
  /** The same seed makes the same bytes. Default 1. */
  seed?: number
}
/** What was made. `files` counts the link too; `bytes` is their sum. */
export interface SampleFolder {
  path: string
  files: number
  bytes: number
}

/**
 * Makes a messy folder to try Life-OS on: documents, pictures with EXIF dates, duplicates, name clashes, a link, an empty file.
 * The folder must be absent or empty (`folder-not-empty`); everything in it is generated and may be thrown away.
 */
export async function makeSampleFolder(path: string, options: SampleOptions = {}): Promise<SampleFolder> {
  await mkdir(path, { recursive: true })
  if ((await readdir(path)).length > 0)
    throw new LifeOsError('folder-not-empty', `“${path}” is not empty. Choose a new folder for the sample files.`)
  const seed = options.seed ?? 1
  const items = itemsFor(options.files ?? CATALOGUE.length, seed)
  const folders = new Set(items.map((item) => dirname(join(path, item.path))))
  for (const folder of folders) await mkdir(folder, { recursive: true })
  const contents = new Map<string, Uint8Array>()
  let bytes = 0
  for (const [index, item] of items.entries()) bytes += await makeItem(path, item, seed * 1_000_003 + index, contents)
  return { path, files: items.length, bytes }
}

function itemsFor(count: number, seed: number): SampleItem[] {
  const random = createRandom(seed)
  const more = Math.max(0, count - CATALOGUE.length)
  return [...CATALOGUE.slice(0, count), ...Array.from({ length: more }, (_, index) => generateItem(index, random))]
}

async function makeItem(root: string, item: SampleItem, seed: number, contents: Map<string, Uint8Array>): Promise<number> {
  const target = join(root, item.path)
  if ('link' in item) {
    await symlink(item.link, target)
    return 0
  }
  const content = 'copyOf' in item ? original(contents, item.copyOf) : Buffer.from(item.make(createRandom(seed)))
  contents.set(item.path, content)
  await writeFile(target, content)
  if (target.endsWith('.sh')) await chmod(target, 0o755)
  const at = new Date(`${item.at}Z`)
  await utimes(target, at, at)
  return content.length
}

function original(contents: Map<string, Uint8Array>, path: string): Uint8Array {
  const content = contents.get(path)
  if (!content) throw new Error(`the catalogue must list ${path} before its copy`)
  return content
}
