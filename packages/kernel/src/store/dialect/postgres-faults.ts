import { LifeOsError } from '@life-os/contract'
import { diskFull, storeConstraint, storeCorrupt, storeUnreachable } from '../faults.ts'

/** SQLSTATE classes, https://www.postgresql.org/docs/15/errcodes-appendix.html */
export function postgresFault(error: unknown): unknown {
  if (error instanceof LifeOsError || !(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '53100') return diskFull(error)
  if (code === 'XX001' || code === 'XX002') return storeCorrupt('in PostgreSQL', error)
  if (code.startsWith('23')) return storeConstraint(error)
  if (isLost(error)) return storeUnreachable(error)
  return error
}

/** The connection is gone or could not be made; what was under way may or may not have happened. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (
    /^(08|57P|28|3D|53300)/.test(code) ||
    /^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN)/.test(code) ||
    code === 'ENOTFOUND' ||
    code === 'ENOENT'
  )
    return true
  return /Connection terminated|timeout expired|not queryable|connection timeout|Client was closed/i.test(error.message)
}
