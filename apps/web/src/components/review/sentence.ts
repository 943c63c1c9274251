import { bytes, count, duration, number } from '../../lib/format.ts'
import type { Tally } from './selection.ts'

export interface SentencePart {
  text: string
  tone: 'plain' | 'change' | 'final' | 'soft'
}

/** What will happen, in one line: `312 files → 9 folders · 4 clashes renamed · nothing final · 1.2 GB stays on this disk`. */
export function summaryParts(tally: Tally, undo: boolean): SentencePart[] {
  const parts: SentencePart[] = []
  const moved = tally.files - tally.removed - tally.written
  if (moved > 0)
    parts.push({
      text: undo
        ? `${count(moved, 'file')} back`
        : tally.targets > 0
          ? `${count(moved, 'file')} → ${count(tally.targets, 'folder')}`
          : count(moved, 'file'),
      tone: 'plain',
    })
  if (tally.written > 0) parts.push({ text: `${count(tally.written, 'file')} to write`, tone: 'plain' })
  if (tally.removed > 0) parts.push({ text: `${count(tally.removed, 'file')} to the trash`, tone: 'plain' })
  if (tally.foldersGone > 0) parts.push({ text: `${count(tally.foldersGone, 'folder')} to remove`, tone: undo ? 'soft' : 'plain' })
  if (tally.requests > 0) parts.push({ text: count(tally.requests, 'request'), tone: 'plain' })
  if (tally.acts > 0) parts.push({ text: count(tally.acts, 'action on a page', 'actions on pages'), tone: 'plain' })
  if (tally.commands > 0) parts.push({ text: count(tally.commands, 'command'), tone: 'plain' })
  if (parts.length === 0 && tally.folders > 0) parts.push({ text: count(tally.folders, 'new folder'), tone: 'plain' })
  if (parts.length === 0) parts.push({ text: 'Nothing to change', tone: 'plain' })
  if (tally.clashes > 0) parts.push({ text: `${count(tally.clashes, 'clash', 'clashes')} renamed`, tone: 'change' })
  if (tally.conflicts > 0) parts.push({ text: count(tally.conflicts, 'conflict'), tone: 'change' })
  if (tally.unknown > 0) parts.push({ text: `${number(tally.unknown)} known only after apply`, tone: 'change' })
  parts.push(
    tally.final > 0 ? { text: `${count(tally.final, 'change')} cannot be undone`, tone: 'final' } : { text: 'nothing final', tone: 'soft' },
  )
  if (tally.bytes > 0)
    parts.push({ text: tally.requests + tally.acts > 0 ? bytes(tally.bytes) : `${bytes(tally.bytes)} stays on this disk`, tone: 'soft' })
  return parts
}

/** What happened: `309 files moved in 3.1 s`. */
export function doneSentence(
  tally: Pick<Tally, 'files' | 'removed' | 'written' | 'requests' | 'acts' | 'commands' | 'folders' | 'foldersGone'>,
  ms: number | null,
  undo: boolean,
): string {
  const moved = tally.files - tally.removed - tally.written
  const parts: string[] = []
  if (moved > 0) parts.push(`${count(moved, 'file')} ${undo ? 'put back' : 'moved'}`)
  if (tally.written > 0) parts.push(`${count(tally.written, 'file')} written`)
  if (tally.removed > 0) parts.push(`${count(tally.removed, 'file')} moved to the trash`)
  if (tally.requests > 0) parts.push(`${count(tally.requests, 'request')} sent`)
  if (tally.acts > 0) parts.push(`${count(tally.acts, 'action on a page', 'actions on pages')} done`)
  if (tally.commands > 0) parts.push(`${count(tally.commands, 'command')} run`)
  if (parts.length === 0 && tally.folders > 0) parts.push(`${count(tally.folders, 'folder')} made`)
  if (parts.length === 0 && tally.foldersGone > 0) parts.push(`${count(tally.foldersGone, 'folder')} removed`)
  if (parts.length === 0) return ms === null ? 'Done. Nothing was changed.' : `Done in ${duration(ms)}. Nothing was changed.`
  const last = parts.pop() ?? ''
  return `${parts.length > 0 ? `${parts.join(', ')} and ${last}` : last}${ms === null ? '' : ` in ${duration(ms)}`}`
}
