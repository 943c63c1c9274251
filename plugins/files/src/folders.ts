import type { Sniffed } from '@life-os/plugin-sdk'
import type { Group } from './schemas.ts'

export type Order = 'kind' | 'kind-and-year' | 'date'

const FOLDERS: Record<Group, string> = {
  document: 'Documents',
  picture: 'Pictures',
  audio: 'Audio',
  video: 'Video',
  archive: 'Archives',
  code: 'Code',
  installer: 'Installers',
  data: 'Data',
  font: 'Fonts',
  other: 'Other',
}

/**
 * Where a file belongs, relative and without a slash at either end. A photo that says when it was taken goes by its
 * month whatever the order; other dates are the file's last change.
 */
export function folderFor(file: Pick<Sniffed, 'group' | 'takenAt'>, order: Order, mtime: number | null): string {
  const kind = FOLDERS[file.group]
  const date = file.takenAt ?? mtime
  if (order === 'date') return date === null ? 'Undated' : `${year(date)}/${month(date)}`
  if (file.group === 'picture' && file.takenAt !== null) return `${kind}/${month(file.takenAt)}`
  if (order === 'kind-and-year' && date !== null) return `${kind}/${year(date)}`
  return kind
}

const iso = (time: number): string => new Date(time).toISOString()
const year = (time: number): string => iso(time).slice(0, 4)
const month = (time: number): string => iso(time).slice(0, 7)

/** `2024-07-13 14.32.05`: sorts by time and is a legal name on every system. */
export function takenText(takenAt: number | null): string | null {
  return takenAt === null ? null : iso(takenAt).slice(0, 19).replace('T', ' ').replaceAll(':', '.')
}
