import { chmodSync, constants, cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { mayAll } from './box/stage.ts'
import type { Identity } from './identity.ts'

/** For files of root's that the box's user may not read by their modes (a umask of 077): copies that it may. */
export interface SharedCopies extends Disposable {
  /** The file or folder itself where all of it may be read, otherwise a copy as it is now. */
  of(source: string): string
}

export function createSharedCopies(identity: Identity | null): SharedCopies {
  const copies = new Map<string, { stamp: string; copy: string }>()
  let place: string | undefined
  return {
    of(source) {
      if (!identity) return source
      const files = [...filesOf(source)]
      if (files.every(({ uid, gid, mode, folder }) => mayAll({ uid, gid, mode }, identity, folder ? 5 : 4 | (mode & 0o100 ? 1 : 0))))
        return source
      const stamp = files.map(({ file, size, changed }) => `${file} ${size} ${changed}`).join('\n')
      const had = copies.get(source)
      if (had?.stamp === stamp) return had.copy
      place ??= mkdtempSync(path.join(tmpdir(), 'life-os-shared-'))
      const copy = path.join(mkdtempSync(path.join(place, 'copy-')), path.basename(source))
      cpSync(source, copy, { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true })
      for (const { file, mode } of filesOf(copy)) chmodSync(file, mode & 0o100 ? 0o555 : 0o444)
      copies.set(source, { stamp, copy })
      return copy
    },
    [Symbol.dispose]() {
      if (place !== undefined) rmSync(place, { recursive: true, force: true })
    },
  }
}

interface Found {
  file: string
  folder: boolean
  uid: number
  gid: number
  mode: number
  size: number
  changed: number
}

/** Links are left out: they have no modes, and what they lead to is shown in no box. */
function* filesOf(file: string): Generator<Found> {
  const { uid, gid, mode, size, ctimeMs } = statSync(file)
  const folder = (mode & constants.S_IFMT) === constants.S_IFDIR
  yield { file, folder, uid, gid, mode, size, changed: ctimeMs }
  if (!folder) return
  for (const entry of readdirSync(file, { withFileTypes: true }))
    if (entry.isDirectory() || entry.isFile()) yield* filesOf(path.join(file, entry.name))
}
