import {
  Archive, AudioLines, Ban, Bot, Boxes, CircleAlert, CircleCheck, CircleDashed, CircleHelp, CirclePause, CircleSlash, CircleStop, Code, Copy, File, FilePen, FileText, FileX, Film,
  Folder, FolderInput, FolderPlus, Globe, GitBranch, House, Image, Inbox, Loader, Lock, Package, Play, Plug, Repeat, RotateCw, Route, Send, Settings, ShieldAlert,
  Sigma, Square, Timer, Trash2, TriangleAlert, Undo2, Workflow, Wrench,
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { RunState, StepKind } from '@life-os/contract'
import type { FileKind } from '../lib/file-kind.ts'
import type { Row } from './review/rows.ts'

/** One glyph a concept, the same everywhere. */
export const GLYPH = {
  home: House, inbox: Inbox, run: Play, plan: Workflow, approval: CircleHelp, undo: Undo2, final: ShieldAlert, private: Lock, untrusted: Globe, agent: Bot, plugin: Plug, tool: Wrench,
  trash: Trash2, settings: Settings, stop: Square, clash: Copy, warning: TriangleAlert, retry: RotateCw, folder: Folder, waiting: CircleHelp, graph: Route,
} satisfies Record<string, LucideIcon>

export const STATE_GLYPH: Record<RunState, LucideIcon> = {
  previewing: CircleDashed, queued: CircleDashed, running: Loader, waiting: CircleHelp, paused: CirclePause, done: CircleCheck, failed: CircleAlert, cancelled: CircleSlash, stopped: CircleStop,
}
export const FILE_GLYPH: Record<FileKind, LucideIcon> = {
  picture: Image, document: FileText, audio: AudioLines, video: Film, archive: Archive, code: Code, installer: Package, folder: Folder, request: Send, other: File,
}
export const CHANGE_GLYPH: Record<Row['kind'], LucideIcon> = {
  'file-move': FolderInput, 'file-copy': Copy, 'file-write': FilePen, 'file-remove': FileX, 'folder-make': FolderPlus, 'request-send': Send, 'effect-restore': Undo2,
}
export const STEP_GLYPH: Record<StepKind, LucideIcon> = {
  tool: Wrench, agent: Bot, plan: Workflow, each: Repeat, while: Repeat, branch: GitBranch, group: Boxes, set: Sigma, approve: CircleHelp, wait: Timer,
}
export const REFUSED_GLYPH = Ban
