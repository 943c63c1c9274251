import type { Change, Label, PreviewChange } from '@life-os/contract'
import { folderOf, nameOf } from '../../lib/format.ts'
import { fileKind } from '../../lib/file-kind.ts'
import type { FileKind } from '../../lib/file-kind.ts'
import { commandLine } from '../command/command-line.ts'

/** What became of a previewed change. */
export type ChangeState = 'proposed' | 'unticked' | 'doing' | 'done' | 'failed' | 'undone'
export type StatedChange = PreviewChange & { state?: ChangeState | undefined }

/** One change, ready to be listed, grouped and searched. */
export interface Row {
  id: string
  step: string
  change: Change
  kind: Change['kind']
  file: FileKind
  /** What the list shows first. */
  name: string
  from: string | null
  to: string | null
  clash: string | null
  final: boolean
  unknown: boolean
  conflict: string | null
  bytes: number
  labels: readonly Label[]
  state: ChangeState
  /** Lower-case text that search looks in. */
  text: string
}

/** Where a change takes something from and to, as far as it has places. */
export function placesOf(change: Change): { from: string | null; to: string | null } {
  switch (change.kind) {
    case 'file-move':
    case 'file-copy':
      return { from: change.from, to: change.to }
    case 'file-write':
      return { from: change.before === undefined ? null : change.path, to: change.path }
    case 'file-remove':
      return { from: change.path, to: null }
    case 'folder-make':
      return { from: null, to: change.path }
    case 'request-send':
    case 'command-run':
    case 'page-act':
    case 'effect-restore':
      return { from: null, to: null }
  }
}

function titleOf(change: Change, from: string | null, to: string | null): string {
  if (change.kind === 'request-send') return `${change.method} ${change.url}`
  if (change.kind === 'command-run') return change.script === undefined ? commandLine(change.program, change.args) : change.summary
  if (change.kind === 'effect-restore' || change.kind === 'page-act') return change.summary
  return nameOf(from ?? to ?? change.summary)
}

const KIND_OF_FILE: Partial<Record<Change['kind'], FileKind>> = {
  'folder-make': 'folder',
  'request-send': 'request',
  'command-run': 'command',
  'page-act': 'request',
}

export function rowOf(stated: StatedChange): Row {
  const { change } = stated
  const { from, to } = placesOf(change)
  const name = titleOf(change, from, to)
  return {
    id: stated.id,
    step: stated.step,
    change,
    kind: change.kind,
    file: KIND_OF_FILE[change.kind] ?? fileKind(name),
    name,
    from,
    to,
    clash: change.clash ?? null,
    final: change.reversal === 'none',
    unknown: change.unknown === true,
    conflict: change.kind === 'effect-restore' ? (change.conflict ?? null) : null,
    bytes: change.bytes ?? 0,
    labels: stated.labels,
    state: stated.state ?? 'proposed',
    text: `${name} ${from ?? ''} ${to ?? ''} ${change.summary}`.toLowerCase(),
  }
}

/** Rows of all changes. What holds another place is a folder, also where a change only says that it is removed. */
export function rowsOf(changes: readonly StatedChange[]): Row[] {
  const rows = changes.map(rowOf)
  const folders = new Set<string>()
  for (const row of rows) {
    for (const place of [row.from, row.to])
      if (place !== null) for (let up = folderOf(place); up !== '/' && !folders.has(up); up = folderOf(up)) folders.add(up)
  }
  return rows.map((row) => (row.kind === 'file-remove' && row.from !== null && folders.has(row.from) ? { ...row, file: 'folder' } : row))
}

export interface RowFilter {
  search: string
  clashes: boolean
}

/** Rows that hold every word of the search; `clashes` keeps only what got another name or is in conflict. */
export function filterRows(rows: readonly Row[], filter: RowFilter): readonly Row[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0 && !filter.clashes) return rows
  return rows.filter(
    (row) => (!filter.clashes || row.clash !== null || row.conflict !== null) && words.every((word) => row.text.includes(word)),
  )
}

/** The deepest folder that holds every place; `/` when there is none. */
export function commonRoot(rows: readonly Row[]): string {
  let root: string[] | null = null
  for (const row of rows) {
    for (const place of [row.from, row.to]) {
      if (place === null) continue
      const parts: string[] = folderOf(place).split('/').filter(Boolean)
      if (root === null) root = parts
      let shared = 0
      while (shared < root.length && root[shared] === parts[shared]) shared++
      root = root.slice(0, shared)
    }
  }
  return `/${(root ?? []).join('/')}`
}

/** `place` as seen from `root`: `Documents/2025`; `.` for the root itself. */
export function within(root: string, place: string): string {
  if (place === root) return '.'
  const prefix = root === '/' ? '/' : `${root}/`
  return place.startsWith(prefix) ? place.slice(prefix.length) : place
}

/** Where a picture lies now: at its new place once the change is made. */
export const pictureOf = (row: Pick<Row, 'from' | 'to'>, state: ChangeState): string =>
  (state === 'done' ? (row.to ?? row.from) : row.from) ?? ''
