import type { Change } from '@life-os/contract'
import { nameOf, parentOf } from '../paths/path.ts'

/** One pure function a kind of change: what a preview records and what the real host announces are equal by construction. */
export type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>

interface Target {
  wished?: string
  bytes?: number | undefined
  modified?: number | undefined
}
const targetOf = (path: string, { wished, bytes, modified }: Target) => ({
  ...(wished !== undefined && wished !== path && { clash: wished }),
  ...(bytes !== undefined && { bytes }),
  ...(modified !== undefined && { modified }),
})
const numbered = (path: string, wished: string | undefined): string =>
  wished !== undefined && wished !== path ? `, as ${nameOf(path)} because the name is taken` : ''

export function moveChange(from: string, to: string, target: Target = {}): ChangeOf<'file-move'> {
  const place = parentOf(from) === parentOf(to) ? `Rename ${nameOf(from)} to ${nameOf(to)}` : `Move ${nameOf(from)} to ${parentOf(to)}`
  const renamed = parentOf(from) !== parentOf(to) && nameOf(from) !== nameOf(target.wished ?? to) ? `/${nameOf(to)}` : ''
  return { kind: 'file-move', from, to, summary: place + renamed + numbered(to, target.wished), reversal: 'exact', ...targetOf(to, target) }
}

export function copyChange(from: string, to: string, target: Target = {}): ChangeOf<'file-copy'> {
  return {
    kind: 'file-copy',
    from,
    to,
    summary: `Copy ${nameOf(from)} to ${to}${numbered(to, target.wished)}`,
    reversal: 'exact',
    ...targetOf(to, target),
  }
}

export interface WriteParts extends Target {
  hash?: string | undefined
  before?: string | undefined
  /** What a person is shown of the content: see `shownOf`. */
  shown?: Pick<ChangeOf<'file-write'>, 'diff' | 'unshown' | 'type'>
  verb?: string
}
export function writeChange(path: string, parts: WriteParts): ChangeOf<'file-write'> {
  const { hash, before, shown } = parts
  const verb = parts.verb ?? (before === undefined ? 'Write' : 'Replace')
  return {
    kind: 'file-write',
    path,
    ...(hash !== undefined && { hash }),
    ...(before !== undefined && { before }),
    ...shown,
    summary: `${verb} ${path}${numbered(path, parts.wished)}`,
    reversal: 'exact',
    ...targetOf(path, parts),
  }
}

export function removeChange(path: string, bytes?: number, modified?: number): ChangeOf<'file-remove'> {
  return { kind: 'file-remove', path, summary: `Move ${path} to the trash`, reversal: 'exact', ...targetOf(path, { bytes, modified }) }
}
/** Taking back a made folder: only while it is empty, without the trash. */
export function removeFolderChange(path: string): ChangeOf<'file-remove'> {
  return { kind: 'file-remove', path, summary: `Remove the empty folder ${path}`, reversal: 'exact' }
}
export function folderChange(path: string): ChangeOf<'folder-make'> {
  return { kind: 'folder-make', path, summary: `Make the folder ${path}`, reversal: 'exact' }
}
export function restoreChange(
  effect: string,
  path: string,
  parts: { bytes?: number | undefined; wished?: string } = {},
): ChangeOf<'effect-restore'> {
  return {
    kind: 'effect-restore',
    effect,
    summary: `Bring ${path} back from the trash${numbered(path, parts.wished)}`,
    reversal: 'exact',
    ...targetOf(path, parts),
  }
}
export function conflictChange(effect: string, conflict: string): ChangeOf<'effect-restore'> {
  return { kind: 'effect-restore', effect, conflict, summary: `Not taken back: ${conflict}`, reversal: 'exact' }
}
export function requestChange(
  method: string,
  url: string,
  body: string | undefined,
  reversal: Change['reversal'],
  bytes: number,
  secret?: string,
): ChangeOf<'request-send'> {
  const summary = `Send ${method} ${url}${secret === undefined ? '' : ` with the secret ${secret}`}`
  return {
    kind: 'request-send',
    method,
    url,
    ...(body !== undefined && { body }),
    ...(secret !== undefined && { secret }),
    summary,
    reversal,
    bytes,
  }
}
