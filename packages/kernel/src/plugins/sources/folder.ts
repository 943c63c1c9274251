import { constants } from 'node:fs'
import { mkdir, open, opendir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createTally, partsOf, sourceFault } from './limits.ts'
import type { SourceLimits, Tally } from './limits.ts'

const LEFT_OUT = new Set(['.git', '.hg', '.svn', '.DS_Store'])

/**
 * Copies the regular files of a folder, so that what is built is what was looked at, however the folder changes meanwhile.
 * Links are left out: they are not followed. Errors: `plugin-source-missing`, `plugin-source-invalid`.
 */
export async function copyFolder(from: string, into: string, limits: SourceLimits): Promise<void> {
  await copyBelow(from, into, [], createTally(limits))
}

async function copyBelow(from: string, into: string, parts: readonly string[], tally: Tally): Promise<void> {
  await mkdir(into, { recursive: true, mode: 0o700 })
  for await (const entry of await folderAt(from)) {
    if (LEFT_OUT.has(entry.name)) continue
    const below = partsOf([...parts, entry.name].join('/'))
    const [source, target] = [path.join(from, entry.name), path.join(into, entry.name)]
    if (entry.isDirectory()) {
      tally.add(0)
      await copyBelow(source, target, below, tally)
    } else if (entry.isFile()) await copyFile(source, target, tally)
  }
}

async function folderAt(from: string) {
  try {
    return await opendir(from)
  } catch (cause) {
    throw sourceFault(`The folder ${from} cannot be read: ${(cause as Error).message}`) // node:fs throws errors
  }
}

/** Opened without following a link, and read to the size that was counted. */
async function copyFile(from: string, to: string, tally: Tally): Promise<void> {
  try {
    await using handle = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const facts = await handle.stat()
    if (!facts.isFile()) return
    tally.add(facts.size)
    const bytes = Buffer.alloc(facts.size)
    const { bytesRead } = facts.size === 0 ? { bytesRead: 0 } : await handle.read(bytes, 0, facts.size, 0)
    await writeFile(to, bytes.subarray(0, bytesRead), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code // likewise
    if (code === 'ENOENT' || code === 'ELOOP') return // went away, or is a link now
    throw error
  }
}
