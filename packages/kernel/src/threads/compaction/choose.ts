import type { MessageRow } from '../../store/index.ts'
import { historyOf } from '../turn/history.ts'
import { tokensOf } from './estimate.ts'
import type { StoredCompaction } from './stored.ts'

/** Share of what a model takes in that stays word by word. */
const KEPT_SHARE = 0.25
/** Messages that always stay word by word: the last two turns. */
const KEPT_LEAST = 4

/**
 * The first message that models are still told word by word: one of the person's, as early as fits. Null when too little would
 * be left out. `branch`: from the root up to the last message that is over.
 */
export function chooseUntil(branch: readonly MessageRow[], present: StoredCompaction | null, context: number): string | null {
  const from = present
    ? Math.max(
        0,
        branch.findIndex(({ id }) => id === present.until),
      )
    : 0
  const starts = branch.flatMap((row, index) =>
    row.role === 'person' && index > from && index <= branch.length - KEPT_LEAST ? [index] : [],
  )
  const fits = starts.find((index) => tokensOf(historyOf(branch.slice(index), null).messages) <= context * KEPT_SHARE)
  return branch[fits ?? starts.at(-1) ?? -1]?.id ?? null
}
