import type { LabelSource } from '@life-os/contract'

/** The content of a note is not known, or the note means a place with all below it. */
export const ANY_CONTENT = ''
export const WHOLE_TREE = 'tree'

export interface Note {
  /** Empty for a blob. */
  path: string
  /** SHA-256, or one of the two words above. */
  hash: string
  size: number | null
  sources: readonly LabelSource[]
  /** The person whose word this is, about this path with this content. */
  set: string | null
  at: number
}
