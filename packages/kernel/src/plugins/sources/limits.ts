import { LifeOsError } from '@life-os/contract'

/** The most that an author's folder or archive may hold. */
export interface SourceLimits {
  entries: number
  /** Bytes of all files together, unpacked. */
  bytes: number
  /** Bytes of an archive as it comes. */
  archive: number
}
export const SOURCE_LIMITS: SourceLimits = { entries: 10_000, bytes: 128 * 1024 * 1024, archive: 64 * 1024 * 1024 }

/** Folders within folders, and letters of one name. */
const DEEPEST = 32
const LONGEST_NAME = 200

export const sourceFault = (message: string): LifeOsError => new LifeOsError('plugin-source-invalid', message)

/** Counts what is taken over. Errors: `plugin-source-invalid` for what is one too many. */
export interface Tally {
  add(bytes: number): void
}
export function createTally(limits: SourceLimits): Tally {
  let entries = 0
  let total = 0
  return {
    add(bytes) {
      if (++entries > limits.entries) throw sourceFault(`It holds more than ${limits.entries} files and folders.`)
      total += bytes
      if (total > limits.bytes) throw sourceFault(`It holds more than ${Math.floor(limits.bytes / 1_048_576)} MiB.`)
    },
  }
}

/**
 * The parts of an entry's path below the archive's root. Refuses what could land elsewhere on any system. Errors:
 * `plugin-source-invalid`.
 */
export function partsOf(name: string): string[] {
  const shown = JSON.stringify(name.slice(0, 100))
  if (/[\0-\x1f\x7f\\]/.test(name)) throw sourceFault(`It has an entry ${shown} with characters that no name should have.`)
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) throw sourceFault(`It has an entry ${shown} with an absolute path.`)
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw sourceFault(`It has an entry ${shown} that leads out of its folder.`)
  if (parts.length > DEEPEST || parts.some((part) => part.length > LONGEST_NAME))
    throw sourceFault(`It has an entry ${shown} whose path is too long.`)
  return parts
}
