import type { Citation } from '@life-os/contract'
import type { AnswerFold } from './fold.ts'

/** Passages that the answer points to. Filled in once the loop numbers what it shows to a model. */
export function citationsIn(_text: string, _fold: AnswerFold, _output: (path: string) => unknown): Citation[] {
  return []
}
