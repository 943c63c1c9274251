import type { Entry } from '../disk/entry.ts'
import type { Content, View } from '../disk/view.ts'
import { fault, pathMissing } from '../paths/faults.ts'
import { isWithin, joinPath, nameOf, numberedName, parentOf } from '../paths/path.ts'
import type { EffectSink } from '../types.ts'
import { copyChange, folderChange, moveChange, removeChange, writeChange } from './changes.ts'
import { hashOf } from './content.ts'
import type { Intended, Intent } from './intent.ts'
import { shownOf } from './shown.ts'
import type { Showing } from './shown.ts'
import { surveyOf } from './survey.ts'

/** What planning looks at. `choose` is the sink's approved target; a preview has none. Paths are canonical and checked. */
export interface Planning extends Showing {
  view: View
  choose: EffectSink['approvedTarget']
  signal: AbortSignal
}

/** A name is looked for among this many numbers. */
const NUMBERS = 10_000

export async function present(view: View, path: string): Promise<Entry> {
  const entry = await view.entry(path)
  if (entry === null) throw pathMissing(path)
  return entry
}

/** The missing folders above a path, outermost first. */
export async function missingParents(view: View, path: string): Promise<Intent[]> {
  const intents: Intent[] = []
  for (let folder = parentOf(path); folder !== '/'; folder = parentOf(folder)) {
    const entry = await view.entry(folder)
    if (entry?.kind === 'folder') break
    if (entry)
      throw fault('not-a-folder', `${folder} is a ${entry.kind}, not a folder; choose another place.`, { details: { path: folder } })
    intents.unshift({ do: 'make-folder', change: folderChange(folder) })
  }
  return intents
}

/** The wished name or the first free numbered one. */
export async function freeName(view: View, wished: string, kind: 'file' | 'folder'): Promise<string> {
  if ((await view.entry(wished)) === null) return wished
  const numbered = (number: number): string => joinPath(parentOf(wished), numberedName(nameOf(wished), number, kind))
  const series = numbered(0) // a file and a folder of one name are numbered apart
  for (let number = view.numberFrom(series); number < NUMBERS; number += 1) {
    const path = numbered(number)
    if ((await view.entry(path)) !== null) continue
    view.foundNumber(series, number + 1)
    return path
  }
  throw fault('path-exists', `${wished} and its first ${NUMBERS} numbered names are taken; choose another name.`, {
    details: { path: wished },
  })
}

/** `isFree`: nothing was at the wished name when it was looked at just now; making the change takes the name first in any case. */
async function targetFor(
  planning: Planning,
  kind: 'file-move' | 'file-copy' | 'file-write',
  from: string | null,
  wished: string,
  entryKind: 'file' | 'folder',
  isFree = false,
): Promise<string> {
  const approved = planning.choose(kind, from, wished)
  if (isFree && (approved ?? wished) === wished) return wished
  if (approved !== undefined && (await planning.view.entry(approved)) === null) return approved
  return freeName(planning.view, wished, entryKind)
}

export async function planMove(planning: Planning, from: string, to: string): Promise<Intended<{ path: string }>> {
  const entry = await present(planning.view, from)
  if (from === to) return { intents: [], result: { path: to } }
  refuseInside(entry, from, to, 'moved')
  const parents = await missingParents(planning.view, to)
  const path = await targetFor(planning, 'file-move', from, to, entry.kind === 'folder' ? 'folder' : 'file')
  const change = moveChange(from, path, { wished: to, bytes: entry.kind === 'file' ? entry.size : undefined, modified: modifiedOf(entry) })
  return { intents: [...parents, { do: 'move', change }], result: { path } }
}

export async function planCopy(planning: Planning, from: string, to: string): Promise<Intended<{ path: string }>> {
  const entry = await present(planning.view, from)
  if (from !== to) refuseInside(entry, from, to, 'copied')
  const survey = await surveyOf(planning.view, from, entry, planning.signal)
  if (survey.special !== null)
    throw fault('file-special', `${survey.special} is a special file (pipe, socket or device) and cannot be copied; leave it out.`, {
      details: { path: survey.special },
    })
  const parents = await missingParents(planning.view, to)
  const path = await targetFor(planning, 'file-copy', from, to, entry.kind === 'folder' ? 'folder' : 'file')
  return {
    intents: [...parents, { do: 'copy', change: copyChange(from, path, { wished: to, bytes: survey.bytes, modified: modifiedOf(entry) }) }],
    result: { path },
  }
}

/** Of a file that is on the disk; what is only predicted has no time yet. */
function modifiedOf(entry: Entry): number | undefined {
  return entry.kind === 'file' && entry.ino !== undefined ? entry.mtime : undefined
}

function refuseInside(entry: Entry, from: string, to: string, verb: string): void {
  if (entry.kind !== 'folder' || !isWithin(to, from)) return
  throw fault('move-into-itself', `${from} cannot be ${verb} into itself; choose a place outside it.`, { details: { from, to } })
}

export interface WriteOptions {
  replace?: boolean | undefined
  expect?: string | null | undefined
  mtime?: number | undefined
}

export async function planWrite(
  planning: Planning,
  path: string,
  content: Content,
  size: number,
  options: WriteOptions,
): Promise<Intended<{ path: string }>> {
  const { view } = planning
  const entry = await view.entry(path)
  if (options.expect !== undefined) await expectContent(planning, path, entry, options.expect)
  if (options.replace && entry) return planReplace(planning, path, entry, content, size, options.mtime)
  const parents = await missingParents(view, path)
  const target = await targetFor(planning, 'file-write', null, path, 'file', entry === null)
  const hash = await hashOf(content, planning.disk, planning.blobs, planning.signal)
  const shown = await shownOf(planning, target, null, { content, size })
  const change = writeChange(target, { wished: path, hash, bytes: size, shown })
  return { intents: [...parents, { do: 'write', change, content, replaces: false, mtime: options.mtime }], result: { path: target } }
}

async function expectContent(planning: Planning, path: string, entry: Entry | null, expect: string | null): Promise<void> {
  const hash =
    entry?.kind === 'file' ? await hashOf(await planning.view.content(path), planning.disk, planning.blobs, planning.signal) : null
  if (hash === expect && (entry === null || entry.kind === 'file')) return
  throw fault('file-changed', `${path} is not what it was when it was read; read it again and decide anew.`, {
    details: { path, expected: expect, found: hash },
  })
}

export async function planAppend(planning: Planning, path: string, tail: Uint8Array): Promise<Intended<{ path: string }>> {
  const entry = await planning.view.entry(path)
  if (entry === null) return planWrite(planning, path, { kind: 'bytes', bytes: tail }, tail.length, {})
  const base = entry.kind === 'file' ? await planning.view.content(path) : { kind: 'unknown' as const, hash: undefined }
  return planReplace(planning, path, entry, { kind: 'appended', base, tail }, entry.size + tail.length, undefined, 'Append to')
}

async function planReplace(
  planning: Planning,
  path: string,
  entry: Entry,
  content: Content,
  size: number,
  mtime?: number,
  verb?: string,
): Promise<Intended<{ path: string }>> {
  if (entry.kind === 'link')
    throw fault('path-is-link', `${path} is a link to ${entry.target}; write to what it points to.`, { details: { path } })
  if (entry.kind !== 'file')
    throw fault('not-a-file', `${path} is a ${entry.kind === 'folder' ? 'folder' : 'special file'}; name a file.`, { details: { path } })
  const { disk, blobs, signal } = planning
  const old = await planning.view.content(path)
  const before = await hashOf(old, disk, blobs, signal)
  const hash = await hashOf(content, disk, blobs, signal)
  if (hash === before) return { intents: [], result: { path } }
  const shown = await shownOf(planning, path, { content: old, size: entry.size }, { content, size })
  const change = writeChange(path, { hash, before, shown, bytes: size, ...(verb !== undefined && { verb }) })
  return { intents: [{ do: 'write', change, content, replaces: true, mtime }], result: { path } }
}

export async function planRemove(planning: Planning, path: string): Promise<Intended<undefined>> {
  const entry = await present(planning.view, path)
  return {
    intents: [{ do: 'remove', change: removeChange(path, entry.kind === 'file' ? entry.size : undefined, modifiedOf(entry)) }],
    result: undefined,
  }
}

export async function planFolder(planning: Planning, path: string): Promise<Intended<{ path: string }>> {
  const entry = await planning.view.entry(path)
  if (entry?.kind === 'folder') return { intents: [], result: { path } }
  if (entry) throw fault('path-exists', `${path} is already there and is a ${entry.kind}; choose another name.`, { details: { path } })
  return { intents: [...(await missingParents(planning.view, path)), { do: 'make-folder', change: folderChange(path) }], result: { path } }
}
