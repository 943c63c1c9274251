import fs from 'node:fs'
import { promisify } from 'node:util'
import { errnoOf } from '../paths/faults.ts'
import type { Door } from './door.ts'

const fsync = promisify(fs.fsync)
/** A file system that cannot sync a folder says one of these; nothing more can be done there. */
const UNABLE = new Set(['EINVAL', 'EBADF', 'EPERM', 'EACCES', 'ENOTSUP', 'EISDIR', 'EROFS'])

/**
 * Makes folders' entries durable. Calls that arrive while a folder is being synced share the next sync: it begins after
 * them, so it covers them.
 */
export interface Syncer {
  folders(...doors: readonly Door[]): Promise<void>
  file(door: Door, name: string): Promise<void>
}

export function createSyncer(): Syncer {
  const running = new Map<string, Promise<void>>()
  const next = new Map<string, Promise<void>>()
  const start = (door: Door): Promise<void> => {
    const work = syncPath(door, door.self(), fs.constants.O_DIRECTORY).finally(() => running.delete(door.real))
    running.set(door.real, work)
    return work
  }
  const folder = (door: Door): Promise<void> => {
    const current = running.get(door.real)
    if (!current) return start(door)
    const waiting = next.get(door.real)
    if (waiting) return waiting
    const follow = current
      .catch(() => {})
      .then(() => {
        next.delete(door.real)
        return start(door)
      })
    next.set(door.real, follow)
    return follow
  }
  return {
    folders: async (...doors) => {
      const distinct = new Map(doors.map((door) => [door.real, door]))
      await Promise.all([...distinct.values()].map(folder))
    },
    file: (door, name) => syncPath(door, door.at(name), fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK),
  }
}

async function syncPath(door: Door, path: string | Buffer, flags: number): Promise<void> {
  let descriptor: number
  try {
    descriptor = await door.calls.open(path, fs.constants.O_RDONLY | flags)
  } catch (error) {
    if (UNABLE.has(errnoOf(error) ?? '') || errnoOf(error) === 'ELOOP') return // unreadable or a link: nothing to sync
    throw error
  }
  try {
    await fsync(descriptor)
  } catch (error) {
    if (!UNABLE.has(errnoOf(error) ?? '')) throw error
  } finally {
    await door.calls.close(descriptor)
  }
}
