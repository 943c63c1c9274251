import type { Content } from '../disk/view.ts'
import type { ChangeOf } from './changes.ts'

/**
 * One change that is about to happen and what it takes to make it. Planning makes intents by looking at a view; an actor
 * performs them on the disk or predicts them in an overlay.
 */
export type Intent =
  | { do: 'make-folder'; change: ChangeOf<'folder-make'>; mode?: number; mtime?: number }
  | { do: 'move'; change: ChangeOf<'file-move'> }
  | { do: 'copy'; change: ChangeOf<'file-copy'> }
  | { do: 'write'; change: ChangeOf<'file-write'>; content: Content; replaces: boolean; mtime?: number | undefined }
  | { do: 'remove'; change: ChangeOf<'file-remove'> }
  | { do: 'remove-folder'; change: ChangeOf<'file-remove'> }
  | { do: 'untrash'; change: ChangeOf<'effect-restore'>; trash: string; path: string }
  | { do: 'exchange'; change: ChangeOf<'file-write'>; trash: string; path: string }

export interface Actor {
  perform(intent: Intent): Promise<void>
}

/** What a mutating call will do, in order, and what it returns. */
export interface Intended<Result> {
  intents: Intent[]
  result: Result
}
