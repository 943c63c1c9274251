import { LifeOsError } from '@life-os/contract'
import type { LifeOsErrorOptions } from '@life-os/contract'

interface Wording {
  code: string
  message: (path: string) => string
  class: 'user' | 'operational'
}

/** errno → our code. Sources: open(2), rename(2), mkdir(2), write(2). */
const WORDINGS: Record<string, Wording> = {
  ENOENT: { code: 'path-missing', message: (path) => `${path} is not there any more; check the name or list its folder.`, class: 'user' },
  EACCES: {
    code: 'path-unreadable',
    message: (path) => `${path} cannot be used by the account Life-OS runs as; change its permissions.`,
    class: 'user',
  },
  EPERM: {
    code: 'path-unreadable',
    message: (path) => `${path} cannot be used by the account Life-OS runs as; change its permissions.`,
    class: 'user',
  },
  ENOTDIR: { code: 'not-a-folder', message: (path) => `A part of ${path} is not a folder; choose another place.`, class: 'user' },
  EISDIR: { code: 'not-a-file', message: (path) => `${path} is a folder; name a file.`, class: 'user' },
  EEXIST: { code: 'path-exists', message: (path) => `${path} is taken; choose another name.`, class: 'user' },
  ENOTEMPTY: { code: 'folder-not-empty', message: (path) => `${path} is not empty; move its content away first.`, class: 'user' },
  ENAMETOOLONG: {
    code: 'name-too-long',
    message: (path) => `The name of ${path} is longer than the file system allows (255 bytes); shorten it.`,
    class: 'user',
  },
  ENOSPC: {
    code: 'disk-full',
    message: (path) => `There is no room left on the disk for ${path}; free some space and run it again.`,
    class: 'operational',
  },
  EDQUOT: {
    code: 'disk-full',
    message: (path) => `Your disk quota leaves no room for ${path}; free some space and run it again.`,
    class: 'operational',
  },
  EFBIG: { code: 'file-too-large', message: (path) => `${path} would be larger than its file system allows.`, class: 'user' },
  EROFS: { code: 'read-only', message: (path) => `${path} lies on a read-only file system; choose another place.`, class: 'user' },
  ELOOP: { code: 'path-not-allowed', message: (path) => `${path} is a link, or became one; name the place it points to.`, class: 'user' },
  EBUSY: {
    code: 'path-busy',
    message: (path) => `${path} is in use by the system (for example a mount point) and cannot be moved.`,
    class: 'user',
  },
  EMFILE: {
    code: 'too-many-open-files',
    message: () => 'Too many files are open; run fewer steps side by side or raise the limit (ulimit -n).',
    class: 'operational',
  },
}

/** A failure of the host that surely changed nothing, unless `options` says otherwise. */
export function fault(code: string, message: string, options: LifeOsErrorOptions = {}): LifeOsError {
  return new LifeOsError(code, message, { applied: 'no', ...options })
}

/** The errno name of a failed system call, or undefined. */
export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
}

/** Words a failed system call; our own errors pass through. */
export function systemFault(thrown: unknown, path: string): LifeOsError {
  if (thrown instanceof LifeOsError) return thrown
  const errno = errnoOf(thrown) ?? 'unknown'
  const wording = WORDINGS[errno]
  if (wording) return fault(wording.code, wording.message(path), { class: wording.class, cause: thrown, details: { path } })
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return fault('file-system-error', `The file system failed on ${path} (${errno}): ${reason}`, {
    class: 'operational',
    cause: thrown,
    details: { path },
  })
}

export const pathMissing = (path: string): LifeOsError =>
  fault('path-missing', `${path} is not there; check the name or list its folder.`, { details: { path } })
export const pathReserved = (path: string): LifeOsError =>
  fault('path-reserved', `${path} belongs to Life-OS itself and is neither read nor changed by tools; choose another place.`, {
    details: { path },
  })
