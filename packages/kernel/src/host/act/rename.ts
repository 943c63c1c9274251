import type { Door } from '../disk/door.ts'
import { entryThrough } from '../disk/disk.ts'
import { isSameThing } from '../disk/entry.ts'
import type { Entry } from '../disk/entry.ts'
import { giveBack, takeName } from '../disk/placeholder.ts'
import { errnoOf, fault, systemFault } from '../paths/faults.ts'
import { joinPath } from '../paths/path.ts'

/** A rename could not go between two places that seemed to lie on one volume (bind mounts, layered file systems). */
export const OTHER_VOLUME = 'other-volume'

/**
 * Renames an entry to a free name without ever overwriting: the name is taken first, then renamed onto. An entry that was
 * swapped meanwhile is put back: `file-changed`.
 */
export async function renameSafely(from: Door, name: string, entry: Entry, to: Door, newName: string): Promise<void> {
  await takeName(to, newName, entry.kind)
  try {
    from.verify()
    to.verify()
    await from.calls.rename(from.at(name), to.at(newName))
  } catch (error) {
    await giveBack(to, newName, entry.kind)
    throw renameFault(error, joinPath(from.real, name))
  }
  await putBackIfSwapped(from, name, entry, to, newName)
}

/** Renames to a name that only we know, in a folder of ours. */
export async function renameToOwn(from: Door, name: string, entry: Entry, own: Door, ownName: string): Promise<void> {
  try {
    from.verify()
    await from.calls.rename(from.at(name), own.at(ownName))
  } catch (error) {
    throw renameFault(error, joinPath(from.real, name))
  }
  await putBackIfSwapped(from, name, entry, own, ownName)
}

function renameFault(error: unknown, path: string): Error {
  if (errnoOf(error) === 'EXDEV')
    return fault(OTHER_VOLUME, `${path} cannot be renamed to that place; it lies on another volume.`, {
      class: 'operational',
      cause: error,
    })
  return systemFault(error, path)
}

async function putBackIfSwapped(from: Door, name: string, entry: Entry, to: Door, newName: string): Promise<void> {
  const moved = await entryThrough(to, newName)
  if (isSameThing(moved, entry)) return
  if (moved) {
    await takeName(from, name, moved.kind)
    await to.calls.rename(to.at(newName), from.at(name))
  }
  throw fault('file-changed', `${joinPath(from.real, name)} was changed by another program just now; look at it and try again.`, {
    class: 'operational',
  })
}
