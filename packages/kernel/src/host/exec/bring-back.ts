import fs from 'node:fs'
import { randomUUID } from 'node:crypto'
import { LifeOsError } from '@life-os/contract'
import type { Door } from '../disk/door.ts'
import { entryThrough } from '../disk/disk.ts'
import { errnoOf, fault, systemFault } from '../paths/faults.ts'
import { joinPath, nameOf, parentOf, toSystem } from '../paths/path.ts'
import type { ExecContext } from './context.ts'
import { differencesOf } from './differences.ts'
import type { Difference } from './differences.ts'
import type { Copies } from './stage.ts'
import type { Known, Tree } from './tree.ts'

/** Bytes of a folder after a command: what it was copied from may be as large, and it may have written as much again. */
const MOST = 2 * 1024 ** 3

export interface CopyOf {
  folder: string
  tree: Tree
  copy: string
  copies: Copies
}

/**
 * Makes a real folder what a command made of its copy: where the box's uid may not touch a person's files, the host does it
 * with its own power and keeps owner and mode. Goes through no link. What changed meanwhile is left alone: `file-changed`.
 * There is no before-image: a command's effects are external.
 */
export async function bringBack(context: ExecContext, of: CopyOf, signal: AbortSignal): Promise<void> {
  try {
    for (const difference of await differencesOf(of.copy, of.tree, of.copies, MOST, signal)) await apply(context, of, difference)
  } catch (error) {
    const known = systemFault(error, of.folder)
    throw new LifeOsError(known.code, known.message, { class: known.class, applied: 'unknown', cause: error })
  }
}

async function apply(context: ExecContext, of: CopyOf, difference: Difference): Promise<void> {
  if (difference.do === 'special') return // left behind in the copy
  const path = joinPath(of.folder, difference.path)
  const door = await context.disk.openExact(parentOf(path))
  try {
    await perform(door, nameOf(path), path, difference)
    door.verify()
  } finally {
    await door.close()
  }
}

async function perform(door: Door, name: string, path: string, difference: Exclude<Difference, { do: 'special' }>): Promise<void> {
  switch (difference.do) {
    case 'remove':
      await expect(door, name, path, difference.before)
      return fs.rmSync(door.at(name), { recursive: true })
    case 'make-folder':
      fs.mkdirSync(door.at(name), { mode: difference.mode })
      fs.chmodSync(door.at(name), difference.mode)
      return giveAs(door, name, fs.statSync(door.self()))
    case 'mode':
      await expectKind(door, name, path, 'folder')
      return fs.chmodSync(door.at(name), difference.mode)
    case 'write':
      await expect(door, name, path, difference.before)
      return place(door, name, difference.before, (part) => {
        fs.chmodSync(toSystem(difference.copy), difference.mode) // a copy is made with the mode of what is copied: never a bit beyond these
        fs.copyFileSync(toSystem(difference.copy), part, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE)
        fs.chmodSync(part, difference.mode)
      })
    case 'link':
      await expect(door, name, path, difference.before)
      return place(door, name, difference.before, (part) => fs.symlinkSync(toSystem(difference.target), part))
  }
}

/** Made beside its place under a name of ours and renamed: whole or not at all. */
function place(door: Door, name: string, before: Known | null, make: (part: ReturnType<Door['at']>) => void): void {
  const part = `.life-os-${randomUUID()}`
  try {
    make(door.at(part))
    giveAs(door, part, before ? fs.lstatSync(door.at(name)) : fs.statSync(door.self()))
    fs.renameSync(door.at(part), door.at(name))
  } finally {
    fs.rmSync(door.at(part), { force: true })
  }
}

function giveAs(door: Door, name: string, { uid, gid }: { uid: number; gid: number }): void {
  try {
    fs.lchownSync(door.at(name), uid, gid)
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') throw error
  }
}

/** What the command started from must still be there as it was. */
async function expect(door: Door, name: string, path: string, before: Known | null): Promise<void> {
  const now = await entryThrough(door, name)
  if (
    before === null
      ? now === null
      : now?.kind === before.kind && (now.kind !== 'file' || (now.size === before.size && now.mtime === before.mtime))
  )
    return
  throw fault(
    'file-changed',
    `${path} was changed by someone else while the command ran; what the command made of it was not taken over.`,
    {
      details: { path },
    },
  )
}

async function expectKind(door: Door, name: string, path: string, kind: Known['kind']): Promise<void> {
  const now = await entryThrough(door, name)
  if (now?.kind !== kind) throw fault('file-changed', `${path} is no ${kind} any more; it was left alone.`, { details: { path } })
}
