import fs from 'node:fs'
import path from 'node:path'
import { fault } from '../paths/faults.ts'
import { isWithin, joinPath, parentOf, toSystem } from '../paths/path.ts'
import { VOLUME_TRASH } from '../paths/scope.ts'
import type { MountTable } from './mounts.ts'

/** Where removed and replaced things are kept: one folder a volume, so that removing and restoring are renames. */
export interface Trash {
  /** The trash folder of the volume that a path lies on, made when missing. Error: `trash-unavailable`. */
  folderFor(path: string): string
  /** Whether two paths lie on one volume, so that a rename can go between them. */
  sameVolume(a: string, b: string): boolean
  owns(path: string): boolean
}

export function createTrash(home: string, mounts: MountTable, user = process.getuid?.() ?? 0): Trash {
  const known = new Map<string, string>()
  const pointOf = (at: string): string => mounts.of(at)?.point ?? '/'
  const name = VOLUME_TRASH + user
  const candidates = (at: string, point: string): string[] => {
    if (point === pointOf(home)) return [joinPath(home, 'trash')]
    const found: string[] = []
    for (let folder = parentOf(at); isWithin(folder, point); folder = parentOf(folder)) {
      found.unshift(joinPath(folder, name))
      if (folder === '/') break
    }
    return found
  }
  return {
    folderFor(at) {
      const point = pointOf(at)
      const remembered = known.get(point)
      if (remembered !== undefined && isPrivateFolder(remembered, user)) return remembered
      const made = candidates(at, point).find((folder) => makePrivateFolder(folder, user))
      if (made === undefined)
        throw fault('trash-unavailable', `No trash folder can be made on the volume of ${at}; make one of its folders writable.`, {
          details: { path: at },
        })
      if (parentOf(made) === point || point === pointOf(home)) known.set(point, made)
      return made
    },
    sameVolume: (a, b) => pointOf(a) === pointOf(b),
    owns: (at) => isWithin(at, joinPath(home, 'trash')) || at.split('/').includes(name),
  }
}

function makePrivateFolder(folder: string, user: number): boolean {
  if (isPrivateFolder(folder, user)) return true
  try {
    fs.mkdirSync(toSystem(folder), 0o700)
    syncFolder(path.dirname(folder))
  } catch {
    return false // taken by something else, or not ours to write: the next candidate
  }
  return isPrivateFolder(folder, user)
}

/** Ours alone: in a folder that others write to, somebody could have put theirs there first. */
function isPrivateFolder(folder: string, user: number): boolean {
  const stats = fs.lstatSync(toSystem(folder), { throwIfNoEntry: false })
  return stats !== undefined && stats.isDirectory() && (stats.uid === user || process.getuid === undefined) && (stats.mode & 0o077) === 0
}

function syncFolder(folder: string): void {
  const descriptor = fs.openSync(toSystem(folder), 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}
