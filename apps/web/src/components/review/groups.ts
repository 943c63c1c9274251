import { folderOf } from '../../lib/format.ts'
import { within } from './rows.ts'
import type { Row } from './rows.ts'

export const GROUPINGS = ['folder', 'change', 'type', 'none'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface Group {
  key: string
  title: string
  rows: Row[]
  bytes: number
  clashes: number
}

const CHANGE_TITLES: Record<Row['kind'], string> = {
  'folder-make': 'New folders',
  'file-move': 'Moves and renames',
  'file-copy': 'Copies',
  'file-write': 'Files written',
  'file-remove': 'Moved to the trash',
  'request-send': 'Requests',
  'command-run': 'Commands',
  'page-act': 'Actions on pages',
  'effect-restore': 'Restored',
}
const TYPE_TITLES: Record<Row['file'], string> = {
  folder: 'Folders',
  document: 'Documents',
  picture: 'Pictures',
  video: 'Video',
  audio: 'Audio',
  archive: 'Archives',
  code: 'Code',
  installer: 'Installers',
  request: 'Requests',
  command: 'Commands',
  other: 'Other files',
}

function groupKey(row: Row, by: Grouping, root: string): { key: string; title: string } {
  if (row.state === 'failed' && by !== 'none') return { key: 'failed', title: 'Failed' }
  if (by === 'change')
    return { key: row.kind, title: row.kind === 'file-remove' && row.final ? 'Removed for good' : CHANGE_TITLES[row.kind] }
  if (by === 'type') return { key: row.file, title: TYPE_TITLES[row.file] }
  if (by === 'none') return { key: 'all', title: 'All changes' }
  if (row.kind === 'request-send') return { key: 'requests', title: CHANGE_TITLES['request-send'] }
  if (row.kind === 'command-run') return { key: 'commands', title: CHANGE_TITLES['command-run'] }
  if (row.kind === 'page-act') return { key: 'pages', title: CHANGE_TITLES['page-act'] }
  if (row.kind === 'folder-make') return { key: 'folders', title: CHANGE_TITLES['folder-make'] }
  if (row.kind === 'file-remove' && row.file === 'folder') return { key: 'folders-gone', title: 'Folders that go' }
  if (row.kind === 'effect-restore' && row.to === null) return { key: 'restored', title: CHANGE_TITLES['effect-restore'] }
  const folder = folderOf(row.to ?? row.from ?? '/')
  const shown = within(root, folder)
  const title = shown === '.' ? (root.split('/').at(-1) ?? '/') : shown
  return row.to === null ? { key: `trash:${folder}`, title: `Trash, from ${title}` } : { key: folder, title }
}

/** Groups in the order of their first row, by folder in that of their names; what failed comes first; rows keep plan order. */
export function groupRows(rows: readonly Row[], by: Grouping, root: string): Group[] {
  const groups = new Map<string, Group>()
  for (const row of rows) {
    const { key, title } = groupKey(row, by, root)
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { key, title, rows: [], bytes: 0, clashes: 0 }))
    group.rows.push(row)
    group.bytes += row.bytes
    if (row.clash !== null || row.conflict !== null) group.clashes++
  }
  const sorted = [...groups.values()]
  if (by !== 'folder') sorted.sort((a, b) => Number(b.key === 'failed') - Number(a.key === 'failed'))
  else sorted.sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title))
  return sorted
}
const rank = (group: Group): number =>
  group.key === 'failed'
    ? -1
    : group.key === 'requests' || group.key === 'commands'
      ? 0
      : group.key.startsWith('folders')
        ? 3
        : group.key.startsWith('trash:')
          ? 2
          : 1

export type ListItem =
  | { type: 'group'; key: string; group: Group; open: boolean }
  | { type: 'strip'; key: string; rows: readonly Row[] }
  | { type: 'row'; key: string; row: Row }

/** What the virtual list draws: headers, a strip of pictures where a group is mostly pictures, and the rows of open groups. */
export function listItems(
  groups: readonly Group[],
  closed: ReadonlySet<string>,
  options: { strips: boolean; headers: boolean },
): ListItem[] {
  const items: ListItem[] = []
  for (const group of groups) {
    const open = !closed.has(group.key)
    if (options.headers) items.push({ type: 'group', key: `group:${group.key}`, group, open })
    if (!open) continue
    const pictures = options.strips ? group.rows.filter((row) => row.file === 'picture' && row.from !== null) : []
    if (pictures.length >= 3) items.push({ type: 'strip', key: `strip:${group.key}`, rows: pictures })
    for (const row of group.rows) items.push({ type: 'row', key: row.id, row })
  }
  return items
}
