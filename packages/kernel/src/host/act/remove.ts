import { entryThrough } from '../disk/disk.ts'
import { imageOf } from '../disk/entry.ts'
import type { Intent } from '../fs/intent.ts'
import { pathMissing } from '../paths/faults.ts'
import { joinPath, nameOf, parentOf } from '../paths/path.ts'
import { makeEffect, withDoors } from './effect.ts'
import type { ActContext } from './effect.ts'
import { renameSafely, renameToOwn } from './rename.ts'

/** Into the trash of its volume under a fresh name; the before-image tells which. */
export async function remove(context: ActContext, change: Extract<Intent, { do: 'remove' }>['change']): Promise<void> {
  const { path } = change
  const trash = joinPath(context.trash.folderFor(path), context.newId())
  await withDoors(context.disk, [parentOf(path), parentOf(trash)], async (from, to) => {
    const entry = await entryThrough(from, nameOf(path))
    if (!entry) throw pathMissing(path)
    await makeEffect(context, change, { [path]: imageOf(entry, { trash }) }, async ({ commit }) => {
      await renameToOwn(from, nameOf(path), entry, to, nameOf(trash))
      commit()
      await context.syncer.folders(to)
      await context.syncer.folders(from)
      return { [path]: null }
    })
  })
}

/** Out of the trash to a free place: the reverse of `remove`. */
export async function untrash(context: ActContext, { change, trash, path }: Extract<Intent, { do: 'untrash' }>): Promise<void> {
  await withDoors(context.disk, [parentOf(trash), parentOf(path)], async (from, to) => {
    const entry = await entryThrough(from, nameOf(trash))
    if (!entry) throw pathMissing(trash)
    await makeEffect(context, change, { [path]: null, [trash]: imageOf(entry) }, async ({ commit }) => {
      await renameSafely(from, nameOf(trash), entry, to, nameOf(path))
      commit()
      await context.syncer.folders(to)
      await context.syncer.folders(from)
      return { [path]: imageOf(entry), [trash]: null }
    })
  })
}
