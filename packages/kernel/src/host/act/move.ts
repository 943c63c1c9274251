import { LifeOsError } from '@life-os/contract'
import { copyEntry, destroy } from '../disk/copy.ts'
import { entryThrough } from '../disk/disk.ts'
import { imageOf } from '../disk/entry.ts'
import type { Intent } from '../fs/intent.ts'
import { pathMissing } from '../paths/faults.ts'
import { joinPath, nameOf, parentOf } from '../paths/path.ts'
import { makeEffect, withDoors } from './effect.ts'
import type { ActContext } from './effect.ts'
import { OTHER_VOLUME, renameSafely, renameToOwn } from './rename.ts'

type Move = Extract<Intent, { do: 'move' }>['change']

export async function move(context: ActContext, change: Move): Promise<void> {
  if (!context.trash.sameVolume(change.from, parentOf(change.to))) return moveAcross(context, change)
  try {
    await moveWithin(context, change)
  } catch (error) {
    if (!(error instanceof LifeOsError) || error.code !== OTHER_VOLUME) throw error
    context.disk.mounts.refresh()
    await moveAcross(context, change)
  }
}

async function moveWithin(context: ActContext, change: Move): Promise<void> {
  const { from: source, to: target } = change
  await withDoors(context.disk, [parentOf(source), parentOf(target)], async (from, to) => {
    const entry = await entryThrough(from, nameOf(source))
    if (!entry) throw pathMissing(source)
    await makeEffect(context, change, { [source]: imageOf(entry), [target]: null }, async ({ commit }) => {
      await renameSafely(from, nameOf(source), entry, to, nameOf(target))
      commit()
      if (entry.kind === 'file') await Promise.all([context.syncer.file(to, nameOf(target)), context.syncer.folders(to)])
      else await context.syncer.folders(to)
      await context.syncer.folders(from)
      return { [source]: null, [target]: imageOf(entry) }
    })
  })
}

/** Across volumes: copy beside the target, verify, put it in place, and only then move the original into its own trash. */
async function moveAcross(context: ActContext, change: Move): Promise<void> {
  const { from: source, to: target } = change
  const trash = joinPath(context.trash.folderFor(source), context.newId())
  const near = context.trash.folderFor(joinPath(parentOf(target), 'x'))
  await withDoors(context.disk, [parentOf(source), parentOf(target), parentOf(trash), near], async (from, to, own, parts) => {
    const entry = await entryThrough(from, nameOf(source))
    if (!entry) throw pathMissing(source)
    await makeEffect(context, change, { [source]: imageOf(entry, { trash }), [target]: null }, async ({ id, commit }) => {
      const part = joinPath(near, `${id}.part`)
      try {
        await copyEntry(context, source, entry, part, true)
        const copied = await entryThrough(parts, nameOf(part))
        if (!copied) throw pathMissing(part)
        await renameSafely(parts, nameOf(part), copied, to, nameOf(target))
        await context.syncer.folders(to)
        try {
          await renameToOwn(from, nameOf(source), entry, own, nameOf(trash))
        } catch (error) {
          await renameToOwn(to, nameOf(target), copied, parts, nameOf(part)).catch(commit)
          throw error
        }
        commit()
        await context.syncer.folders(own)
        await context.syncer.folders(from)
        return { [source]: null, [target]: imageOf(copied) }
      } finally {
        destroy(part)
      }
    })
  })
}
