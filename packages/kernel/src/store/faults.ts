import { LifeOsError } from '@life-os/contract'

/** The store's own failures, one sentence each. Every other module sees these codes and never a database's text. */
export const diskFull = (cause?: unknown): LifeOsError =>
  new LifeOsError(
    'disk-full',
    'The disk that holds the Life-OS folder is full; free some space and go on, nothing that was saved is lost.',
    { class: 'operational', applied: 'no', cause },
  )

export const homeReadOnly = (path: string, cause?: unknown): LifeOsError =>
  new LifeOsError(
    'home-read-only',
    `Life-OS cannot write to ${path}; give your user write permission there or set LIFEOS_HOME to another folder.`,
    { class: 'user', applied: 'no', cause },
  )

export const homeNotAFolder = (path: string, cause?: unknown): LifeOsError =>
  new LifeOsError('home-not-a-folder', `${path} is not a folder; set LIFEOS_HOME to a folder or remove that file.`, {
    class: 'user',
    applied: 'no',
    cause,
  })

export const storeCorrupt = (place: string, cause?: unknown): LifeOsError =>
  new LifeOsError(
    'store-corrupt',
    `The database ${place} is damaged and was left as it is; put a copy from the backups folder beside it in its place and start again.`,
    { class: 'operational', cause },
  )

export const storeNewer = (found: number, known: number): LifeOsError =>
  new LifeOsError(
    'store-newer',
    `The database was written by a newer Life-OS (schema ${found}, this one knows ${known}); update Life-OS, the data was not touched.`,
    { class: 'user', applied: 'no', details: { found, known } },
  )

export const storeBusy = (cause?: unknown): LifeOsError =>
  new LifeOsError('store-busy', 'Another program is holding the database; close it and try again.', {
    class: 'operational',
    applied: 'no',
    cause,
  })

export const storeUnreachable = (cause?: unknown, applied: 'no' | 'unknown' = 'no'): LifeOsError =>
  new LifeOsError(
    'store-unreachable',
    'The PostgreSQL of LIFEOS_DATABASE_URL does not answer; check that it runs and that the address, user and password are right.',
    { class: 'operational', applied, cause },
  )

/** A row that breaks a rule of the schema: a fault of the caller. */
export const storeConstraint = (cause: unknown): LifeOsError =>
  new LifeOsError('store-constraint', `A record was refused by the database: ${cause instanceof Error ? cause.message : String(cause)}.`, {
    class: 'unexpected',
    applied: 'no',
    cause,
  })

export const textInvalid = (): LifeOsError =>
  new LifeOsError('text-invalid', 'A text holds a NUL character, which cannot be stored; leave it out.', { class: 'user', applied: 'no' })

/** What a failed file operation inside the home folder means; anything else is passed on as it is. */
export function fileFault(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(error)
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return homeReadOnly(path, error)
  if (code === 'ENOTDIR' || code === 'EEXIST') return homeNotAFolder(path, error)
  return error
}
