import type { Compaction, Labels } from '@life-os/contract'
import type { ThreadRow } from '../../store/index.ts'

/** A compaction with the labels of all that its summary was made from. */
export type StoredCompaction = Compaction & { labels: Labels }

export const compactionOf = ({ compaction_json }: Pick<ThreadRow, 'compaction_json'>): StoredCompaction | null =>
  compaction_json === null ? null : (JSON.parse(compaction_json) as StoredCompaction) // written by this module

export const untilOf = (thread: Pick<ThreadRow, 'compaction_json'>): string | null => compactionOf(thread)?.until ?? null
