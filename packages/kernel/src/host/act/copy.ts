import { copyEntry, destroy } from '../disk/copy.ts'
import { createDiskView } from '../disk/disk-view.ts'
import { entryThrough } from '../disk/disk.ts'
import { imageOf } from '../disk/entry.ts'
import type { Intent } from '../fs/intent.ts'
import { surveyOf } from '../fs/survey.ts'
import { pathMissing } from '../paths/faults.ts'
import { joinPath, nameOf, parentOf } from '../paths/path.ts'
import { makeEffect, withDoors } from './effect.ts'
import type { ActContext } from './effect.ts'
import { renameSafely } from './rename.ts'

/** Copies beside the target, then renames onto the taken name: a copy is there whole or not at all. */
export async function copy(context: ActContext, change: Extract<Intent, { do: 'copy' }>['change']): Promise<void> {
  const { from: source, to: target } = change
  const near = context.trash.folderFor(joinPath(parentOf(target), 'x'))
  await withDoors(context.disk, [parentOf(target), near], async (to, parts) => {
    const entry = await context.disk.entry(source)
    if (!entry) throw pathMissing(source)
    await makeEffect(context, change, { [source]: imageOf(entry), [target]: null }, async ({ id, commit }) => {
      const part = joinPath(near, `${id}.part`)
      try {
        await copyEntry(context, source, entry, part, false)
        const copied = await entryThrough(parts, nameOf(part))
        if (!copied) throw pathMissing(part)
        await renameSafely(parts, nameOf(part), copied, to, nameOf(target))
        commit()
        await context.syncer.folders(to)
        return { [source]: imageOf(entry), [target]: imageOf(copied, await digestOf(context, target, copied.kind)) }
      } finally {
        destroy(part)
      }
    })
  })
}

/** A copied folder is compared as a whole before it is taken back. */
async function digestOf(context: ActContext, path: string, kind: string): Promise<{ hash?: string }> {
  if (kind !== 'folder') return {}
  const view = createDiskView(context.disk)
  const entry = await view.entry(path)
  return entry ? { hash: (await surveyOf(view, path, entry, context.signal)).digest } : {}
}
