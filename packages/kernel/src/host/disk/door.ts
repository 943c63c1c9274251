import fs from 'node:fs'
import type { Calls } from './calls.ts'
import { errnoOf, fault, systemFault } from '../paths/faults.ts'
import { fromSystem, joinPath, toSystem } from '../paths/path.ts'
import type { SystemPath } from '../paths/path.ts'

const { O_RDONLY, O_DIRECTORY } = fs.constants
/** Linux: a descriptor for naming only, needs no read permission. Node exports no constant; the value is the same on x64 and arm64. */
const O_PATH = 0o10000000
const DESCRIPTORS = '/proc/self/fd'

/** Whether entries can be named through an open folder's descriptor here. */
export const descriptorsWork = (): boolean => process.platform === 'linux' && fs.existsSync(DESCRIPTORS)

/**
 * A folder held by its descriptor. `at(name)` names an entry through `/proc/self/fd/N`, so that swapping the folder or a
 * parent for a link changes nothing. Where there is no /proc the plain path is used and `verify` checks it again.
 */
export interface Door {
  /** Where the folder really was when it was opened: no link on the way. */
  readonly real: string
  readonly calls: Calls
  at(name: string): SystemPath
  self(): SystemPath
  /** Throws `path-not-allowed` when the folder is no longer where it was (only needed without /proc). */
  verify(): void
  close(): Promise<void>
}

/** Opens a folder, following links; `real` tells where it led. Errors: `path-missing`, `not-a-folder`, `path-unreadable`. */
export async function openByDescriptor(folder: string, calls: Calls): Promise<Door> {
  const descriptor = await openFolder(folder, calls)
  const self = `${DESCRIPTORS}/${descriptor}`
  try {
    const real = fromSystem(await calls.readlink(self))
    return {
      real,
      calls,
      at: (name) => below(self, name),
      self: () => `${self}/.`,
      verify: () => {},
      close: async () => calls.close(descriptor),
    }
  } catch (error) {
    await calls.close(descriptor)
    throw systemFault(error, folder)
  }
}

async function openFolder(folder: string, calls: Calls): Promise<number> {
  try {
    return await calls.open(toSystem(folder), O_RDONLY | O_DIRECTORY)
  } catch (error) {
    if (errnoOf(error) !== 'EACCES') throw systemFault(error, folder)
  }
  try {
    return await calls.open(toSystem(folder), O_PATH | O_DIRECTORY) // may be searched, not listed
  } catch (error) {
    throw systemFault(error, folder)
  }
}

const below = (self: string, name: string): SystemPath => {
  const path = toSystem(name)
  return typeof path === 'string' ? `${self}/${path}` : Buffer.concat([Buffer.from(`${self}/`), path])
}

/** The same where there is no /proc: checked before, and again by `verify`. */
export async function openByPath(folder: string, calls: Calls): Promise<Door> {
  const where = (): string => fromSystem(fs.realpathSync.native(toSystem(folder), { encoding: 'buffer' }))
  try {
    const real = where()
    if (!(await calls.lstat(toSystem(real))).isDirectory()) throw fault('not-a-folder', `${folder} is not a folder; choose another place.`)
    const verify = (): void => {
      if (where() !== real) throw swapped(folder, where())
    }
    return { real, calls, at: (name) => toSystem(joinPath(real, name)), self: () => toSystem(real), verify, close: async () => {} }
  } catch (error) {
    throw systemFault(error, folder)
  }
}

export const swapped = (folder: string, real: string) =>
  fault('path-not-allowed', `${folder} now leads to ${real}; it was swapped for a link. Check the folder and try again.`, {
    details: { path: folder },
  })

/** Where an open descriptor really leads; undefined where the system does not tell. */
export const realPathOf = (descriptor: number): string =>
  fromSystem(fs.readlinkSync(`${DESCRIPTORS}/${descriptor}`, { encoding: 'buffer' }))
