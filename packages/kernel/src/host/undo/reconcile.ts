import type { Applied, EffectRecord, FileImage } from '@life-os/contract'
import type { Disk } from '../disk/disk.ts'
import type { Door } from '../disk/door.ts'
import { destroy } from '../disk/copy.ts'
import { imageOf, isSameThing } from '../disk/entry.ts'
import type { Entry } from '../disk/entry.ts'
import { giveBack, isPlaceholder } from '../disk/placeholder.ts'
import type { Trash } from '../disk/trash.ts'
import { hashOf } from '../fs/content.ts'
import type { ContentBlobs } from '../fs/content.ts'
import { joinPath, nameOf, parentOf } from '../paths/path.ts'
import type { Images } from '../types.ts'
import { renameSafely } from '../act/rename.ts'

export interface ReconcileContext {
  disk: Disk
  trash: Trash
  blobs: ContentBlobs
}
export interface Reconciled {
  applied: Applied
  after: Images | null
}

const no: Reconciled = { applied: 'no', after: null }
const unknown: Reconciled = { applied: 'unknown', after: null }
const yes = (after: Images): Reconciled => ({ applied: 'yes', after })

/**
 * What the disk says of an effect that began and was not seen to finish. Leftovers of ours (a taken name, a half-written
 * part) are removed, and a half-made replacement is put back, so that `no` means: as if it had never begun.
 */
export async function reconcile(context: ReconcileContext, effect: EffectRecord): Promise<Reconciled> {
  const { change } = effect
  if (change.kind === 'request-send' || change.kind === 'command-run' || change.kind === 'page-act') return unknown
  for (const path of Object.keys(effect.before)) await cleanUp(context, effect, path)
  switch (change.kind) {
    case 'file-move':
      return effect.before[change.from]?.trash === undefined
        ? moved(context, effect, change.from, change.to)
        : movedAcross(context, effect, change.from, change.to)
    case 'file-copy':
      return copied(context, effect, change.from, change.to)
    case 'file-write':
      return effect.before[change.path] ? replaced(context, effect, change.path, change.hash) : written(context, change.path, change.hash)
    case 'file-remove':
      return removed(context, effect, change.path)
    case 'folder-make':
      return made(context, change.path)
    case 'effect-restore': {
      const [from, to] = [true, false].map((own) => Object.keys(effect.before).find((path) => context.trash.owns(path) === own))
      return from !== undefined && to !== undefined ? moved(context, effect, from, to) : unknown
    }
  }
}

async function cleanUp(context: ReconcileContext, effect: EffectRecord, path: string): Promise<void> {
  const near = context.trash.owns(path) ? parentOf(path) : context.trash.folderFor(path)
  destroy(joinPath(near, `${effect.id}.part`))
  if (effect.before[path] !== null && effect.before[path]?.trash === undefined) return
  const present = await entryOf(context, path)
  if (isPlaceholder(present) && present) await throughDoor(context, path, (door, name) => giveBack(door, name, present.kind))
}

/** What is at a path now; null also when its folder is gone or cannot be entered. */
const entryOf = (context: ReconcileContext, path: string): Promise<Entry | null> => context.disk.entry(path).catch(() => null)

async function throughDoor<T>(context: ReconcileContext, path: string, work: (door: Door, name: string) => Promise<T>): Promise<T> {
  const door = await context.disk.openExact(parentOf(path))
  try {
    return await work(door, nameOf(path))
  } finally {
    await door.close()
  }
}

async function moved(context: ReconcileContext, effect: EffectRecord, from: string, to: string): Promise<Reconciled> {
  const was = effect.before[from] ?? null
  const there = await entryOf(context, to)
  if (isSameThing(there, was) && there) return yes({ [from]: null, [to]: imageOf(there) })
  return isSameThing(await entryOf(context, from), was) ? no : unknown
}

/** Done when the original is in the trash. Before that the copy is taken away again, if it is surely ours. */
async function movedAcross(context: ReconcileContext, effect: EffectRecord, from: string, to: string): Promise<Reconciled> {
  const was = effect.before[from] ?? null
  const [kept, there, original] = [await entryOf(context, was?.trash ?? ''), await entryOf(context, to), await entryOf(context, from)]
  if (isSameThing(kept, was) && there) return yes({ [from]: null, [to]: imageOf(there) })
  if (!original || !isSameThing(original, was)) return unknown
  if (there === null) return no
  if (!(await sameBytes(context, from, to, original, there))) return unknown
  await throughDoor(context, to, async (door, name) => {
    const own = await context.disk.openExact(context.trash.folderFor(to))
    try {
      await renameSafely(door, name, there, own, `${effect.id}.part`)
    } finally {
      await own.close()
    }
  })
  destroy(joinPath(context.trash.folderFor(to), `${effect.id}.part`))
  return no
}

async function copied(context: ReconcileContext, effect: EffectRecord, from: string, to: string): Promise<Reconciled> {
  const there = await entryOf(context, to)
  if (there === null) return no
  const source = await entryOf(context, from)
  const was = effect.before[from] ?? null
  if (!isSameThing(source, was) || !source || !(await sameBytes(context, from, to, source, there))) return unknown
  return yes({ [from]: was, [to]: imageOf(there) })
}

/** Folders are compared by kind alone: they appear whole, by one rename. */
async function sameBytes(context: ReconcileContext, a: string, b: string, first: Entry, second: Entry): Promise<boolean> {
  if (first.kind !== second.kind || first.size !== second.size || first.target !== second.target) return false
  return first.kind !== 'file' || (await hashAt(context, a)) === (await hashAt(context, b))
}
const hashAt = (context: ReconcileContext, path: string): Promise<string> => hashOf({ kind: 'disk', path }, context.disk, context.blobs)

async function written(context: ReconcileContext, path: string, hash: string | undefined): Promise<Reconciled> {
  const there = await entryOf(context, path)
  if (there === null) return no
  return there.kind === 'file' && hash !== undefined && (await hashAt(context, path)) === hash
    ? yes({ [path]: imageOf(there, { hash }) })
    : unknown
}

/** The old file leaves its place for the trash just before the new one comes: caught in between, it is put back. */
async function replaced(context: ReconcileContext, effect: EffectRecord, path: string, hash: string | undefined): Promise<Reconciled> {
  const was = effect.before[path] as FileImage // the caller saw it
  const [there, kept] = [await entryOf(context, path), await entryOf(context, was.trash ?? '')]
  if (!isSameThing(kept, was) || !kept) return isSameThing(there, was) ? no : unknown
  if (there === null) {
    await putBack(context, was.trash ?? '', kept, path)
    return no
  }
  if (there.kind !== 'file' || hash === undefined || (await hashAt(context, path)) !== hash) return unknown
  const emptied = Object.fromEntries(
    Object.keys(effect.before)
      .filter((other) => other !== path)
      .map((other) => [other, null]),
  )
  return yes({ ...emptied, [path]: imageOf(there, { hash }) })
}

async function putBack(context: ReconcileContext, trash: string, kept: Entry, path: string): Promise<void> {
  await throughDoor(context, trash, async (own, trashName) =>
    throughDoor(context, path, (door, name) => renameSafely(own, trashName, kept, door, name)),
  )
}

async function removed(context: ReconcileContext, effect: EffectRecord, path: string): Promise<Reconciled> {
  const was: FileImage | null = effect.before[path] ?? null
  const there = await entryOf(context, path)
  if (was?.trash === undefined) return there === null ? yes({ [path]: null }) : no
  if (isSameThing(await entryOf(context, was.trash), was)) return yes({ [path]: null })
  return isSameThing(there, was) ? no : unknown
}

async function made(context: ReconcileContext, path: string): Promise<Reconciled> {
  const there = await entryOf(context, path)
  if (there === null) return no
  return there.kind === 'folder' ? yes({ [path]: imageOf(there) }) : unknown
}
