import { LifeOsError } from '@life-os/plugin-sdk'
import type { FileStat, HostFs, HostV1, ListOptions, Sniffed } from '@life-os/plugin-sdk'
import type { Entry } from './schemas.ts'

export function toEntry(stat: FileStat, sniffed?: Sniffed, unreadable?: string): Entry {
  return {
    path: stat.path,
    name: stat.name,
    kind: stat.kind,
    size: stat.size,
    mode: stat.mode,
    mtime: stat.mtime,
    created: stat.created,
    target: stat.target ?? null,
    unreadable: stat.unreadable ?? unreadable ?? null,
    mime: sniffed?.mime ?? null,
    group: sniffed?.group ?? null,
  }
}

/** The host's list options from a tool's input; empty glob lists mean "everything" and "nothing". */
export function listOptions(input: {
  recursive: boolean
  include: string[]
  exclude: string[]
  hidden: boolean
  max?: number
  maxDepth?: number | undefined
}): ListOptions {
  return {
    recursive: input.recursive,
    hidden: input.hidden,
    ...(input.include.length > 0 && { include: input.include }),
    ...(input.exclude.length > 0 && { exclude: input.exclude }),
    ...(input.max !== undefined && { max: input.max }),
    ...(input.maxDepth !== undefined && { maxDepth: input.maxDepth }),
  }
}

/** The same order on every machine: by code units, as plans and approvals compare. */
export function byPath(one: { path: string }, other: { path: string }): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : 0
}

/** Whole-file work in portions, some side by side, so that reading overlaps, a cancel is heard and progress is seen. */
const PORTION = 50
const SIDE_BY_SIDE = 4

type Looking = Pick<HostV1, 'progress' | 'signal'>
export interface Skipped {
  path: string
  reason: string
}

/** Results in the order of the items. */
export async function inPortions<Item, Result>(
  items: readonly Item[],
  host: Looking,
  work: (portion: Item[]) => Promise<Result[]>,
): Promise<Result[]> {
  const portions = Array.from({ length: Math.ceil(items.length / PORTION) }, (_, index) =>
    items.slice(index * PORTION, (index + 1) * PORTION),
  )
  const results: Result[][] = []
  let [next, done] = [0, 0]
  const worker = async (): Promise<void> => {
    for (let at = next++; at < portions.length; at = next++) {
      host.signal.throwIfAborted()
      const portion = portions[at] ?? []
      results[at] = await work(portion)
      done += portion.length
      if (portions.length > 1) host.progress({ done, of: items.length, unit: 'files' })
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker))
  return results.flat()
}

/** Reads many files. Those that vanished or cannot be read are told and do not stop the others. */
export async function readMany<Result>(
  paths: readonly string[],
  host: Looking,
  read: (portion: string[]) => Promise<Result[]>,
): Promise<{ read: Result[]; skipped: Skipped[] }> {
  const skipped: Skipped[] = []
  const one = (path: string): Promise<Result[]> =>
    read([path]).catch((thrown: unknown) => (skipped.push({ path, reason: reasonOf(thrown) }), []))
  const results = await inPortions(paths, host, async (portion) => {
    try {
      return await read(portion)
    } catch (thrown) {
      reasonOf(thrown)
      return (await Promise.all(portion.map(one))).flat()
    }
  })
  return { read: results, skipped }
}

const OF_ONE_FILE = new Set(['path-missing', 'path-unreadable', 'file-system-error', 'not-a-file'])

/** The words of a failure that concerns one file alone; others end the work. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof LifeOsError && OF_ONE_FILE.has(thrown.code)) return thrown.message
  throw thrown
}

export function sniffAll(
  paths: readonly string[],
  host: { fs: Pick<HostFs, 'sniff'> } & Looking,
): Promise<{ read: Sniffed[]; skipped: Skipped[] }> {
  return readMany(paths, host, (portion) => host.fs.sniff(portion))
}
