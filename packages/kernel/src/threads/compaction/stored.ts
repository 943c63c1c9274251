import type { Compaction, Labels } from '@life-os/contract'
import type { ThreadRow } from '../../store/index.ts'

/** A compaction with the labels of all that its summary was made from. */
export type StoredCompaction = Compaction & { labels: Labels }
type Row = Pick<ThreadRow, 'compaction_json'>

/** What stands where a person wants to have every message told word by word. */
export const TAKEN_BACK = JSON.stringify({ takenBack: true })

export const isTakenBack = ({ compaction_json }: Row): boolean => compaction_json === TAKEN_BACK

export const compactionOf = (row: Row): StoredCompaction | null =>
  row.compaction_json === null || isTakenBack(row) ? null : (JSON.parse(row.compaction_json) as StoredCompaction) // written by this module

/** The one that stands on this very branch: its summary is of these messages and of no others. */
export function compactionOn(row: Row, branch: readonly { id: string }[]): StoredCompaction | null {
  const found = compactionOf(row)
  return found && branch.some(({ id }) => id === found.until) ? found : null
}

export const untilOf = (row: Row): string | null => compactionOf(row)?.until ?? null
