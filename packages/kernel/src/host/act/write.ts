import { destroy, writeFile } from '../disk/copy.ts'
import type { Finish } from '../disk/copy.ts'
import { entryThrough } from '../disk/disk.ts'
import type { Door } from '../disk/door.ts'
import { imageOf } from '../disk/entry.ts'
import type { Entry } from '../disk/entry.ts'
import { giveBack, takeName } from '../disk/placeholder.ts'
import type { Intent } from '../fs/intent.ts'
import { fault, pathMissing, systemFault } from '../paths/faults.ts'
import { joinPath, nameOf, parentOf } from '../paths/path.ts'
import type { Images } from '../types.ts'
import { makeEffect, withDoors } from './effect.ts'
import type { ActContext, Effecting } from './effect.ts'
import { renameSafely, renameToOwn } from './rename.ts'

type Writing = Extract<Intent, { do: 'write' }>

export function write(context: ActContext, intent: Writing): Promise<void> {
  return intent.replaces ? replace(context, intent) : create(context, intent)
}

/** The whole content is written and synced beside the target first: a file is there whole or not at all. */
async function create(context: ActContext, intent: Writing): Promise<void> {
  const { path } = intent.change
  const near = context.trash.folderFor(path)
  await withDoors(context.disk, [parentOf(path), near], (to, parts) =>
    makeEffect(context, intent.change, { [path]: null }, (effecting) =>
      withPart(context, intent, {}, near, effecting, async (part) => {
        const written = await entryThrough(parts, part)
        if (!written) throw pathMissing(joinPath(near, part))
        await renameSafely(parts, part, written, to, nameOf(path))
        effecting.commit()
        await context.syncer.folders(to)
        return { [path]: imageOf(written, { hash: intent.change.hash }) }
      }),
    ),
  )
}

/** The old file goes into the trash, never under the new one: what another program wrote meanwhile is not lost either. */
async function replace(context: ActContext, intent: Writing): Promise<void> {
  const { path, before } = intent.change
  const near = context.trash.folderFor(path)
  const trash = joinPath(near, context.newId())
  await withDoors(context.disk, [parentOf(path), near], async (to, own) => {
    const old = await entryThrough(to, nameOf(path))
    if (!old) throw pathMissing(path)
    const { uid, gid } = await to.calls.lstat(to.at(nameOf(path)))
    await makeEffect(
      context,
      intent.change,
      { [path]: imageOf(old, { trash, ...(before !== undefined && { hash: before }) }) },
      (effecting) =>
        withPart(context, intent, { mode: old.mode, owner: { uid, gid } }, near, effecting, async (part) => {
          const written = await entryThrough(own, part)
          if (!written) throw pathMissing(joinPath(near, part))
          await swapIn(to, nameOf(path), old, own, nameOf(trash), part, effecting.commit)
          effecting.commit()
          await context.syncer.folders(own)
          await context.syncer.folders(to)
          return { [path]: imageOf(written, { hash: intent.change.hash }) }
        }),
    )
  })
}

async function withPart(
  context: ActContext,
  intent: Writing,
  finish: Finish,
  near: string,
  effecting: Effecting,
  place: (part: string) => Promise<Images>,
): Promise<Images> {
  const part = `${effecting.id}.part`
  try {
    const hash = await writeFile(context, intent.content, joinPath(near, part), { ...finish, mtime: intent.mtime })
    if (intent.change.hash !== undefined && hash !== intent.change.hash)
      throw fault('file-changed', `What was to be written to ${intent.change.path} changed meanwhile; try again.`, { class: 'operational' })
    return await place(part)
  } finally {
    destroy(joinPath(near, part))
  }
}

/** Old entry to the trash, new one in its place. A place taken in between leaves the effect open: the old one is kept in the trash. */
async function swapIn(
  to: Door,
  name: string,
  old: Entry,
  own: Door,
  trashName: string,
  newName: string,
  commit: () => void,
): Promise<void> {
  await renameToOwn(to, name, old, own, trashName)
  try {
    await takeName(to, name, 'file')
  } catch (error) {
    commit()
    throw error
  }
  try {
    await own.calls.rename(own.at(newName), to.at(name))
  } catch (error) {
    await rollBack(to, name, old, own, trashName).catch(commit)
    throw systemFault(error, joinPath(to.real, name))
  }
}

async function rollBack(to: Door, name: string, old: Entry, own: Door, trashName: string): Promise<void> {
  await giveBack(to, name, 'file')
  await renameSafely(own, trashName, old, to, name)
}

/** Takes a replacement back: the present file into the trash, the kept one into its place. */
export async function exchange(context: ActContext, { change, trash, path }: Extract<Intent, { do: 'exchange' }>): Promise<void> {
  const fresh = joinPath(context.trash.folderFor(path), context.newId())
  await withDoors(context.disk, [parentOf(path), parentOf(trash), parentOf(fresh)], async (to, from, own) => {
    const old = await entryThrough(to, nameOf(path))
    const kept = await entryThrough(from, nameOf(trash))
    if (!old || !kept) throw pathMissing(old ? trash : path)
    const before: Images = {
      [path]: imageOf(old, { trash: fresh, ...(change.before !== undefined && { hash: change.before }) }),
      [trash]: imageOf(kept),
    }
    await makeEffect(context, change, before, async ({ commit }) => {
      await renameToOwn(to, nameOf(path), old, own, nameOf(fresh))
      commit()
      await renameSafely(from, nameOf(trash), kept, to, nameOf(path))
      await context.syncer.folders(own)
      await context.syncer.folders(to)
      await context.syncer.folders(from)
      return { [path]: imageOf(kept, { hash: change.hash }), [trash]: null }
    })
  })
}
