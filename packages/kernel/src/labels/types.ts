import type { Note } from './note.ts'
import type { FileLabel, FolderLabel, Label, LabelSource, Labels, Page, PageQuery } from '@life-os/contract'

/** What is looked up: sources, one or more for each label. Paths are absolute and real. */
export interface LabelLookup {
  /**
   * Labels of a file or folder by its real path: rules of the folders above and of its own, and what was noted for this
   * path. With `hash` (of its present content) also what was noted for that content, and a person's word on this very file.
   */
  of(path: string, hash?: string): LabelSource[]
  /** Labels of the names of these entries of a folder; a rule of an entry itself does not label its name. */
  ofNames(folder: string, entries: Iterable<string>): LabelSource[]
  /** Labels of a place and of all that lies below it. */
  ofTree(path: string): LabelSource[]
  /** Labels of a content by its hash. */
  ofBlob(hash: string): LabelSource[]
  /** Whether a content of this size could carry labels or a person's word that its path does not tell of. */
  worthHashing(path: string, size: number): boolean
}

/** Data that goes from one place to another; `gone`: it is no longer at the first. */
export interface Carry {
  from: string
  to: string
  gone: boolean
}
/** Labels that a change brings to a place. */
export interface Brought {
  path: string
  hash: string | null
  size: number | null
  sources: readonly LabelSource[]
}
/** Labels on their way: said before a change (too many rather than too few), settled after it, retracted when it did not happen. */
export interface Carried {
  settle(): Promise<void>
  retract(): Promise<void>
}
export interface LabelCarrier {
  /** Durable before it resolves: a process killed at any moment later leaves no file with fewer labels than it should have. */
  carry(carries: readonly Carry[], brought: readonly Brought[]): Promise<Carried>
}

/** What a preview's own labels stand on. */
export interface LabelGround {
  /** All that goes along when the thing at a path goes elsewhere: notes below with their relative paths; what it inherits becomes a note of the whole tree. */
  portable(path: string): { relative: string; note: Note }[]
  /** Sources by folder rules alone. */
  byRules(path: string): LabelSource[]
}

/** The labels of places and of what Life-OS wrote. All of it is kept in memory; lookups of a path cost microseconds. */
export interface LabelBook extends LabelLookup, LabelCarrier, LabelGround {
  /** Notes labels of a content that came in, joined to what is known of it. Durable before it resolves. */
  noteBlob(hash: string, sources: readonly LabelSource[], size?: number): Promise<void>
  list(query: PageQuery & { search?: string | undefined }): Promise<Page<FileLabel> & { folders: FolderLabel[] }>
  /** A person's rule: all below the folder carries these labels; none takes the rule away. */
  setFolder(path: string, labels: Labels, by: string): Promise<void>
  /**
   * A person's recorded decision on one file with its present content: the only way a label falls, beside a rule taken away.
   * Errors: `path-missing`, `not-a-file`.
   */
  setFile(path: string, labels: Labels, by: string): Promise<void>
}

/** The labels of one tool call while it runs: those of its input and its plugin's process, and those of all it reads. */
export interface CallLabels {
  readonly current: Labels
  /** Sources of what was added during the call, without repeats, at most 50. */
  readonly sources: readonly LabelSource[]
  /** Each label of `current` with at most five sources, those that came with the input included. */
  readonly explained: readonly LabelSource[]
  add(label: Label, from: string): void
}
