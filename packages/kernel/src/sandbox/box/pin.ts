import { closeSync, openSync, readlinkSync } from 'node:fs'
import { mountMissing } from '../faults.ts'
import type { Mount } from './plan.ts'

/** Node has no name for it: a descriptor that stands for a place and can do nothing else (open(2)). */
const O_PATH = 0o10000000
const O_NOFOLLOW = 0o400000

/**
 * Holds the very file or folder that was named, so that nobody can put a link to another in its way before bubblewrap gets
 * to it: bubblewrap compares what it mounted with what this descriptor is. Error: `mount-missing`.
 */
export function pin({ from }: Mount): number {
  let descriptor: number
  try {
    descriptor = openSync(from, O_PATH | O_NOFOLLOW)
  } catch (error) {
    throw mountMissing(from, error instanceof Error ? error.message : String(error))
  }
  const real = readlinkSync(`/proc/self/fd/${descriptor}`)
  if (real === from) return descriptor
  closeSync(descriptor)
  throw mountMissing(from, `it is a link, or lies behind one, to ${real}`)
}
