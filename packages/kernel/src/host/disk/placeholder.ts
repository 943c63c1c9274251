import fs from 'node:fs'
import { errnoOf, systemFault } from '../paths/faults.ts'
import { joinPath } from '../paths/path.ts'
import { fault } from '../paths/faults.ts'
import type { Door } from './door.ts'
import type { Entry } from './entry.ts'

/** Modes that nobody gives a file or folder by chance: how reconcile knows a leftover of ours. */
const FILE_MODE = 0o200
const FOLDER_MODE = 0o300

/** The name was free when it was chosen and is not any more: the call is planned again. */
export const NAME_TAKEN = 'name-taken'

export const isPlaceholder = (entry: Entry | null): boolean =>
  entry !== null &&
  ((entry.kind === 'file' && entry.size === 0 && entry.mode === FILE_MODE) || (entry.kind === 'folder' && entry.mode === FOLDER_MODE))

/** Takes a name that must be free, so that the rename that follows overwrites nothing but our own empty entry. */
export async function takeName(door: Door, name: string, kind: Entry['kind']): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = fs.constants
  try {
    if (kind === 'folder') await door.calls.mkdir(door.at(name), FOLDER_MODE)
    else await door.calls.close(await door.calls.open(door.at(name), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, FILE_MODE))
  } catch (error) {
    if (errnoOf(error) === 'EEXIST')
      throw fault(NAME_TAKEN, `${joinPath(door.real, name)} was taken by another program just now; try again.`, { class: 'operational' })
    throw systemFault(error, joinPath(door.real, name))
  }
}

/** Gives a name back. What somebody put into or in place of the placeholder stays. */
export async function giveBack(door: Door, name: string, kind: Entry['kind']): Promise<void> {
  try {
    if (kind === 'folder') return await door.calls.rmdir(door.at(name))
    const stats = await door.calls.lstat(door.at(name))
    if (stats.isFile() && stats.size === 0 && (stats.mode & 0o7777) === FILE_MODE) await door.calls.unlink(door.at(name))
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errnoOf(error) ?? '')) throw error
  }
}
