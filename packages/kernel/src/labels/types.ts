import type { FileLabel, FolderLabel, Label, LabelSource, Labels, Page, PageQuery } from '@life-os/contract'

/** The labels of places and of what Life-OS wrote. Folder rules are kept in memory; lookups of a path cost microseconds. */
export interface LabelBook {
  /** Labels of a file or folder by its real path: folder rules, and what was noted for this path (by content where `hash` is given). */
  of(path: string, hash?: string): LabelSource[]
  /** Notes labels of a file that Life-OS wrote, moved or copied; an empty set forgets it. Durable before it resolves. */
  note(path: string, hash: string | null, labels: Labels, from: string): Promise<void>
  /** A file moved: its labels go with it. */
  moved(from: string, to: string): Promise<void>
  /** Labels of a blob by its hash. */
  ofBlob(hash: string): LabelSource[]
  noteBlob(hash: string, labels: Labels, from: string): Promise<void>
  list(query: PageQuery & { search?: string | undefined }): Promise<Page<FileLabel> & { folders: FolderLabel[] }>
  setFolder(path: string, labels: Labels, by: string): Promise<void>
  /** A person's recorded decision on one file: the only way a label falls. */
  setFile(path: string, labels: Labels, by: string): Promise<void>
}

/** The labels of one tool call while it runs: those of its input and its plugin's process, and those of all it reads. */
export interface CallLabels {
  readonly current: Labels
  /** Sources of what was added during the call, without repeats, at most 50. */
  readonly sources: readonly LabelSource[]
  add(label: Label, from: string): void
}
