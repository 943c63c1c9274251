import type { Stats } from 'node:fs'
import type { FileImage } from '@life-os/contract'
import type { EntryKind } from '@life-os/plugin-sdk'

/** What an entry is, on disk or as predicted. Times in milliseconds, mode without the kind's bits. */
export interface Entry {
  kind: EntryKind
  size: number
  mode: number
  mtime: number
  created: number
  target?: string
  ino?: string
  dev?: string
  /** Why its content cannot be read, where that shows beforehand. */
  unreadable?: string
  /** Why this call may not look into it, in the words of the grant that denies it. */
  denied?: string
}

export function entryOf(stats: Stats, target?: string): Entry {
  return {
    kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'special',
    size: stats.isFile() ? stats.size : 0,
    mode: stats.mode & 0o7777,
    mtime: stats.mtimeMs,
    created: stats.birthtimeMs,
    ...(target !== undefined && { target }),
    ino: String(stats.ino),
    dev: String(stats.dev),
  }
}

export function imageOf(entry: Entry, extra: Partial<FileImage> = {}): FileImage {
  const { created: _created, unreadable: _unreadable, denied: _denied, ...image } = entry
  return { ...image, ...extra }
}

/** Times differ by less than a hundredth of a millisecond: what a double of seconds loses on the way to utimes(2). */
export const sameTime = (a: number, b: number): boolean => Math.abs(a - b) < 0.01

/** Whether an entry is the very thing of an image: same inode (device numbers may change over a restart), kind and bytes. */
export function isSameThing(entry: Entry | null, image: FileImage | null): boolean {
  if (entry === null || image === null) return false
  if (entry.kind !== image.kind || entry.ino !== image.ino) return false
  return entry.kind !== 'file' || (entry.size === image.size && sameTime(entry.mtime, image.mtime))
}
