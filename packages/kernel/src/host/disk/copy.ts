import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { promisify } from 'node:util'
import type { Content } from './view.ts'
import { errnoOf, fault, systemFault } from '../paths/faults.ts'
import { fromSystem, joinPath, toSystem } from '../paths/path.ts'
import { chunksOf, withContent } from '../fs/content.ts'
import type { ContentBlobs } from '../fs/content.ts'
import { createPacer } from '../fs/listing.ts'
import type { Disk } from './disk.ts'
import type { Entry } from './entry.ts'

const write = promisify(fs.write)
const fsync = promisify(fs.fsync)

export interface CopyContext {
  disk: Disk
  blobs: ContentBlobs
  signal: AbortSignal
}
export interface Finish {
  mode?: number | undefined
  mtime?: number | undefined
  /** Kept where we may; otherwise the new file is ours. */ owner?: { uid: number; gid: number }
}

/**
 * Writes a content into a new file, which lies in a trash folder of ours, and syncs it. Returns its SHA-256.
 * `mode` undefined: what the account's umask leaves of 0666.
 */
export async function writeFile(context: CopyContext, content: Content, to: string, finish: Finish): Promise<string> {
  return withContent(content, context.disk, context.blobs, async (reader) => {
    const descriptor = openNew(to)
    const hash = createHash('sha256')
    try {
      for await (const chunk of chunksOf(reader, context.signal)) {
        hash.update(chunk)
        for (let at = 0; at < chunk.length;) at += (await write(descriptor, chunk, at)).bytesWritten
      }
      if (finish.owner) giveTo(descriptor, finish.owner)
      if (finish.mode !== undefined) fs.fchmodSync(descriptor, finish.mode)
      if (finish.mtime !== undefined) fs.futimesSync(descriptor, seconds(finish.mtime), seconds(finish.mtime))
      await fsync(descriptor)
    } catch (error) {
      throw systemFault(error, to)
    } finally {
      fs.closeSync(descriptor) // synced: nothing is left to wait for
    }
    return hash.digest('hex')
  })
}

function giveTo(descriptor: number, { uid, gid }: { uid: number; gid: number }): void {
  const now = fs.fstatSync(descriptor)
  if (now.uid === uid && now.gid === gid) return
  try {
    fs.fchownSync(descriptor, uid, gid)
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') throw error
  }
}

function openNew(path: string): number {
  try {
    return fs.openSync(toSystem(path), 'wx', 0o666)
  } catch (error) {
    throw systemFault(error, path)
  }
}

/** utimes(2) through a double of seconds truncates; half a microsecond up keeps the millisecond what it was. */
const seconds = (milliseconds: number): number => milliseconds / 1000 + 5e-7

/** Copies an entry of any copyable kind to a new name in a trash folder of ours; modes, times and link targets come along. */
export async function copyEntry(context: CopyContext, from: string, entry: Entry, to: string, verify: boolean): Promise<void> {
  const pace = createPacer()
  const copy = async (source: string, item: Entry, target: string): Promise<void> => {
    context.signal.throwIfAborted()
    await pace()
    if (item.kind === 'special')
      throw fault('file-special', `${source} is a special file (pipe, socket or device) and cannot be copied; leave it out.`)
    if (item.kind === 'file') return copyFile(context, source, item, target, verify)
    if (item.kind === 'link') return copyLink(item, target)
    fs.mkdirSync(toSystem(target), 0o700)
    for (const [name, child] of await context.disk.entries(source)) await copy(joinPath(source, name), child, joinPath(target, name))
    fs.chmodSync(toSystem(target), item.mode)
    fs.utimesSync(toSystem(target), seconds(item.mtime), seconds(item.mtime))
    await syncFolder(target)
  }
  await copy(from, entry, to).catch((error: unknown) => {
    throw systemFault(error, from)
  })
}

async function copyFile(context: CopyContext, from: string, entry: Entry, to: string, verify: boolean): Promise<void> {
  const hash = await writeFile(context, { kind: 'disk', path: from }, to, { mode: entry.mode, mtime: entry.mtime })
  if (!verify) return
  const descriptor = fs.openSync(toSystem(to), 'r')
  try {
    const check = createHash('sha256')
    for await (const chunk of fs.createReadStream('', { fd: descriptor, autoClose: false })) check.update(chunk as Buffer) // no encoding set: chunks are buffers
    if (check.digest('hex') !== hash)
      throw fault('copy-differs', `The copy of ${from} does not hold the same bytes; the disk may be failing. Nothing was removed.`, {
        class: 'operational',
      })
  } finally {
    fs.closeSync(descriptor)
  }
}

function copyLink(entry: Entry, to: string): void {
  fs.symlinkSync(toSystem(entry.target ?? ''), toSystem(to))
  fs.lutimesSync(toSystem(to), seconds(entry.mtime), seconds(entry.mtime))
}

async function syncFolder(path: string): Promise<void> {
  const descriptor = fs.openSync(toSystem(path), 'r')
  try {
    await fsync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Removes something of ours below a trash folder for good; a folder's own mode does not stand in the way. Returns bytes freed. */
export function destroy(path: string): number {
  const stats = fs.lstatSync(toSystem(path), { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) {
    fs.unlinkSync(toSystem(path))
    return stats.isFile() && stats.nlink === 1 ? stats.size : 0
  }
  fs.chmodSync(toSystem(path), 0o700)
  let bytes = 0
  for (const name of fs.readdirSync(toSystem(path), { encoding: 'buffer' })) bytes += destroy(joinPath(path, fromSystem(name)))
  fs.rmdirSync(toSystem(path))
  return bytes
}
