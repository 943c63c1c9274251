import type { Row } from './rows.ts'

/** Ids of the changes that a person ticked off. */
export type Excluded = ReadonlySet<string>
export type Ticks = 'all' | 'some' | 'none'

/** Ticks or unticks these rows. */
export function setTicked(excluded: Excluded, ids: Iterable<string>, ticked: boolean): Excluded {
  const next = new Set(excluded)
  for (const id of ids) {
    if (ticked) next.delete(id)
    else next.add(id)
  }
  return next
}

export function ticksOf(rows: readonly Row[], excluded: Excluded): Ticks {
  let ticked = 0
  for (const row of rows) if (!excluded.has(row.id)) ticked++
  return ticked === 0 ? 'none' : ticked === rows.length ? 'all' : 'some'
}

/** The ids between two rows of the shown order, both included: what Shift selects. */
export function rangeOf(order: readonly string[], from: string, to: string): string[] {
  const start = order.indexOf(from)
  const end = order.indexOf(to)
  if (start < 0 || end < 0) return [to]
  return order.slice(Math.min(start, end), Math.max(start, end) + 1)
}

export interface Tally {
  changes: number
  ticked: number
  files: number
  targets: number
  folders: number
  foldersGone: number
  bytes: number
  clashes: number
  conflicts: number
  final: number
  unknown: number
  requests: number
  /** Done on pages: a click, a form sent. */
  acts: number
  commands: number
  removed: number
  written: number
}

/** Counts over the ticked rows; `changes` counts all. */
export function tallyOf(rows: readonly Row[], excluded: Excluded): Tally {
  const tally: Tally = {
    changes: rows.length,
    ticked: 0,
    files: 0,
    targets: 0,
    folders: 0,
    foldersGone: 0,
    bytes: 0,
    clashes: 0,
    conflicts: 0,
    final: 0,
    unknown: 0,
    requests: 0,
    acts: 0,
    commands: 0,
    removed: 0,
    written: 0,
  }
  const targets = new Set<string>()
  for (const row of rows) {
    if (excluded.has(row.id)) continue
    tally.ticked++
    tally.bytes += row.bytes
    if (row.kind === 'folder-make') tally.folders++
    else if (row.kind === 'file-remove' && row.file === 'folder') tally.foldersGone++
    else if (row.kind === 'request-send') tally.requests++
    else if (row.kind === 'page-act') tally.acts++
    else if (row.kind === 'command-run') tally.commands++
    else tally.files++
    if (row.kind === 'file-move' && row.to !== null) targets.add(row.to.slice(0, row.to.lastIndexOf('/')))
    if (row.kind === 'file-remove' && row.file !== 'folder') tally.removed++
    if (row.kind === 'file-write') tally.written++
    if (row.clash !== null) tally.clashes++
    if (row.conflict !== null) tally.conflicts++
    if (row.final) tally.final++
    if (row.unknown) tally.unknown++
  }
  tally.targets = targets.size
  return tally
}
