import type { Entry } from './entry.ts'

/** Where a file's bytes are. `unknown`: predicted from a change alone, cannot be read. */
export type Content =
  | { kind: 'disk'; path: string }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'blob'; hash: string }
  | { kind: 'appended'; base: Content; tail: Uint8Array }
  | { kind: 'unknown'; hash: string | undefined }

/** A file system as a call sees it: the disk, or the disk under an overlay. All reads and all planning go through it. */
export interface View {
  /** Resolves the links among a path's folders. Every other function takes canonical paths. */
  canonical(path: string): Promise<string>
  entry(path: string): Promise<Entry | null>
  /** Errors: `path-missing`, `not-a-folder`, `path-unreadable`. */
  entries(folder: string): Promise<Map<string, Entry>>
  content(path: string): Promise<Content>
  /** The number to start from when looking for a free name, and what was found: only a memory of earlier searches. */
  numberFrom(series: string): number
  foundNumber(series: string, number: number): void
}
