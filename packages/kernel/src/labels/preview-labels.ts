import { createCarrier } from './carry.ts'
import { joinSources } from './sources.ts'
import { createLabelTree } from './tree.ts'
import type { LabelBook, LabelCarrier, LabelLookup } from './types.ts'

/** The labels as they would be in the predicted world of a preview: those of the book, and what the preview itself would bring. */
export function createPreviewLabels(book: LabelBook | undefined): LabelLookup & LabelCarrier {
  const tree = createLabelTree()
  const carrier = createCarrier({ tree, base: book, now: () => 0, persist: async () => undefined })
  return {
    of: (path, hash) => joinSources(book?.of(path, hash) ?? [], tree.of(path, hash)),
    ofNames(folder, entries) {
      const names = [...entries]
      return joinSources(book?.ofNames(folder, names) ?? [], tree.ofNames(folder, names))
    },
    ofTree: (path) => joinSources(book?.ofTree(path) ?? [], tree.ofTree(path)),
    ofBlob: (hash) => joinSources(book?.ofBlob(hash) ?? [], tree.ofBlob(hash)),
    worthHashing: (path, size) => (book?.worthHashing(path, size) ?? false) || tree.worthHashing(path, size),
    carry: carrier.carry,
  }
}
