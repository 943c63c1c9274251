import fs from 'node:fs'
import { localCalls, remoteCalls } from './calls.ts'
import type { Calls } from './calls.ts'
import { descriptorsWork, openByDescriptor, openByPath, realPathOf, swapped } from './door.ts'
import type { Door } from './door.ts'
import { entryOf } from './entry.ts'
import type { Entry } from './entry.ts'
import { createMountTable, isLocal } from './mounts.ts'
import type { MountTable } from './mounts.ts'
import { errnoOf, fault, systemFault } from '../paths/faults.ts'
import { fromSystem, joinPath, nameOf, parentOf } from '../paths/path.ts'
import { isReserved } from '../paths/scope.ts'

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants

export interface DiskOptions {
  home: string
  mounts?: MountTable
  /** False uses plain paths, checked before and after, as where there is no /proc. */
  descriptors?: boolean
}

/** The file system seen through doors. Paths given are canonical unless said otherwise. */
export interface Disk {
  readonly home: string
  readonly mounts: MountTable
  /** Resolves the links among a path's folders; the last part is kept as it is, and so are missing parts. */
  canonical(path: string): Promise<string>
  /** Opens a folder following links. */
  open(folder: string): Promise<Door>
  /** Opens a folder that must lie exactly there. */
  openExact(folder: string): Promise<Door>
  entry(path: string): Promise<Entry | null>
  /** The folder's entries without Life-OS's own, sorted by name; what vanishes meanwhile is left out. */
  entries(folder: string): Promise<Map<string, Entry>>
  /** Opens a file's content for reading; the caller closes it. Errors: `path-missing`, `not-a-file`, `path-unreadable`. */
  openFile(path: string): Promise<number>
}

export function createDisk(options: DiskOptions): Disk {
  const mounts = options.mounts ?? createMountTable()
  const byDescriptor = options.descriptors ?? descriptorsWork()
  const callsFor = (path: string): Calls => (isLocal(mounts.of(path)) ? localCalls : remoteCalls)
  const open = (folder: string): Promise<Door> => (byDescriptor ? openByDescriptor : openByPath)(folder, callsFor(folder))
  const openExact = async (folder: string): Promise<Door> => {
    const door = await open(folder)
    if (door.real === folder) return door
    await door.close()
    throw swapped(folder, door.real)
  }
  return {
    home: options.home,
    mounts,
    open,
    openExact,
    canonical: (path) => canonical(path, open),
    entry: (path) =>
      path === '/' ? withDoor(openExact('/'), async (door) => entryOf(await door.calls.lstat('/'))) : entryAt(path, openExact),
    entries: (folder) => withDoor(openExact(folder), (door) => entriesOf(door, options.home)),
    openFile: (path) => withDoor(openExact(parentOf(path)), (door) => openFile(door, path, byDescriptor)),
  }
}

async function withDoor<T>(opening: Promise<Door>, work: (door: Door) => Promise<T>): Promise<T> {
  const door = await opening
  try {
    const result = await work(door)
    door.verify()
    return result
  } finally {
    await door.close()
  }
}

async function canonical(path: string, open: (folder: string) => Promise<Door>): Promise<string> {
  if (path === '/') return path
  const folder = parentOf(path)
  let door: Door
  try {
    door = await open(folder)
  } catch (error) {
    if (folder === '/' || !isMissing(error)) throw error
    return joinPath(await canonical(folder, open), nameOf(path))
  }
  await door.close()
  return joinPath(door.real, nameOf(path))
}
const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'path-missing'

async function entryAt(path: string, openExact: (folder: string) => Promise<Door>): Promise<Entry | null> {
  try {
    return await withDoor(openExact(parentOf(path)), (door) => entryThrough(door, nameOf(path)))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** An entry of an open folder; null when it is not there. */
export async function entryThrough(door: Door, name: string): Promise<Entry | null> {
  const path = door.at(name)
  try {
    const stats = await door.calls.lstat(path)
    return entryOf(stats, stats.isSymbolicLink() ? fromSystem(await door.calls.readlink(path)) : undefined)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw systemFault(error, joinPath(door.real, name))
  }
}

async function entriesOf(door: Door, home: string): Promise<Map<string, Entry>> {
  let names: Buffer[]
  try {
    names = await door.calls.names(door.self())
  } catch (error) {
    throw systemFault(error, door.real)
  }
  const entries = new Map<string, Entry>()
  for (const name of names.map(fromSystem).toSorted()) {
    if (isReserved(joinPath(door.real, name), home)) continue
    const entry = await entryThrough(door, name)
    if (entry)
      entries.set(
        name,
        (await mayBeClosed(door, name, entry)) ? { ...entry, unreadable: systemFault(closed, joinPath(door.real, name)).message } : entry,
      )
  }
  return entries
}

const closed = Object.assign(new Error('EACCES'), { code: 'EACCES' })
/** Only where some reading bit is missing is it worth asking. */
async function mayBeClosed(door: Door, name: string, entry: Entry): Promise<boolean> {
  if (entry.kind !== 'file' || (entry.mode & 0o444) === 0o444) return false
  try {
    await door.calls.access(door.at(name))
    return false
  } catch {
    return true
  }
}

/** Special files are refused before they are opened: opening some has effects. O_NONBLOCK in case one is swapped in. */
async function openFile(door: Door, path: string, byDescriptor: boolean): Promise<number> {
  const entry = await entryThrough(door, nameOf(path))
  if (entry === null) throw fault('path-missing', `${path} is not there; check the name or list its folder.`, { details: { path } })
  if (entry.kind !== 'file')
    throw fault('not-a-file', `${path} is a ${entry.kind === 'special' ? 'special file' : entry.kind}; name a file.`, { details: { path } })
  let descriptor: number
  try {
    descriptor = await door.calls.open(door.at(nameOf(path)), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
  } catch (error) {
    throw systemFault(error, path)
  }
  const real = byDescriptor ? realPathOf(descriptor) : path
  if (real === path && (await door.calls.fstat(descriptor)).isFile()) return descriptor
  await door.calls.close(descriptor)
  throw swapped(path, real)
}
