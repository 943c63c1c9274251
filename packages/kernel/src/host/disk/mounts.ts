import { readFileSync } from 'node:fs'
import { isWithin } from '../paths/path.ts'

export interface Mount {
  point: string
  type: string
  source: string
}

/** Types whose calls return at once. Everything else is taken for remote: slower, never wrong. */
const LOCAL = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'zfs',
  'bcachefs',
  'tmpfs',
  'ramfs',
  'overlay',
  'vfat',
  'exfat',
  'ntfs3',
  'erofs',
  'squashfs',
])
const SHARES = /^(nfs4?|cifs|smb3?|smbfs|afs|ceph|9p|ncpfs|davfs|fuse(\..+)?)$/
/** A table read this recently is still believed. */
const FRESH = 2000

export const isLocal = (mount: Mount | undefined): boolean => mount === undefined || LOCAL.has(mount.type)
export const isShare = (mount: Mount | undefined): boolean => mount !== undefined && SHARES.test(mount.type)

/** Fields of one line: id parent major:minor root point options … - type source. Source: proc_pid_mountinfo(5). */
export function parseMounts(text: string): Mount[] {
  const mounts: Mount[] = []
  for (const line of text.split('\n')) {
    const [left, right] = line.split(' - ')
    const point = left?.split(' ')[4]
    const [type, source] = right?.split(' ') ?? []
    if (point && type) mounts.push({ point: unescape(point), type, source: unescape(source ?? '') })
  }
  return mounts
}
const unescape = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** The mount that a path lies on: the longest mount point above it, the last of equals. Undefined where there is no /proc. */
export interface MountTable {
  of(path: string): Mount | undefined
  refresh(): void
}

export function createMountTable(read = () => readFileSync('/proc/self/mountinfo', 'utf8'), now = () => performance.now()): MountTable {
  let mounts: Mount[] = []
  let readAt = Number.NEGATIVE_INFINITY
  const load = (): void => {
    readAt = now()
    try {
      mounts = parseMounts(read())
    } catch {
      mounts = [] // no /proc: every path is then taken for local and for one volume until rename says EXDEV
    }
  }
  return {
    of(path) {
      if (now() - readAt > FRESH) load()
      let best: Mount | undefined
      for (const mount of mounts) if (isWithin(path, mount.point) && mount.point.length >= (best?.point.length ?? 0)) best = mount
      return best
    },
    refresh: load,
  }
}
