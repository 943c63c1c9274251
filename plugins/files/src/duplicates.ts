import type { FileStat } from '@life-os/plugin-sdk'
import { byPath } from './entries.ts'

export type Keep = 'oldest' | 'newest' | 'shortest-path'
export interface DuplicateGroup {
  hash: string
  size: number
  keep: string
  remove: string[]
  wasted: number
}

/** Files that share their size with another: only these need to be read. */
export function sameSize(files: readonly FileStat[], minSize: number): FileStat[] {
  const bySize = Map.groupBy(
    files.filter((file) => file.kind === 'file' && file.size >= minSize && file.unreadable === undefined),
    (file) => file.size,
  )
  return [...bySize.values()].filter((group) => group.length > 1).flat()
}

/** Groups of equal content, most wasted bytes first. */
export function groupByHash(files: readonly FileStat[], hashes: ReadonlyMap<string, string>, keep: Keep): DuplicateGroup[] {
  const groups: DuplicateGroup[] = []
  for (const [hash, members] of Map.groupBy(files, (file) => hashes.get(file.path) ?? '')) {
    const [kept, ...others] = members.toSorted(preference(keep))
    if (hash === '' || kept === undefined || others.length === 0) continue
    const remove = others.map((file) => file.path).toSorted()
    groups.push({ hash, size: kept.size, keep: kept.path, remove, wasted: kept.size * remove.length })
  }
  return groups.toSorted((one, other) => other.wasted - one.wasted || (one.keep < other.keep ? -1 : 1))
}

/** The best first; ties fall to the shorter path, then to the path itself, so that the choice is the same every time. */
function preference(keep: Keep): (one: FileStat, other: FileStat) => number {
  const shorter = (one: FileStat, other: FileStat): number => one.path.length - other.path.length || byPath(one, other)
  switch (keep) {
    case 'oldest':
      return (one, other) => one.mtime - other.mtime || shorter(one, other)
    case 'newest':
      return (one, other) => other.mtime - one.mtime || shorter(one, other)
    case 'shortest-path':
      return shorter
  }
}
