import { entryThrough } from '../disk/disk.ts'
import { imageOf } from '../disk/entry.ts'
import { NAME_TAKEN } from '../disk/placeholder.ts'
import type { Intent } from '../fs/intent.ts'
import { errnoOf, fault, pathMissing, systemFault } from '../paths/faults.ts'
import { nameOf, parentOf } from '../paths/path.ts'
import { makeEffect, withDoors } from './effect.ts'
import type { ActContext } from './effect.ts'

type Making = Extract<Intent, { do: 'make-folder' }>

/** mkdir is its own placeholder: it fails when the name is taken. */
export async function makeFolder(context: ActContext, { change, mode, mtime }: Making): Promise<void> {
  const name = nameOf(change.path)
  await withDoors(context.disk, [parentOf(change.path)], (door) =>
    makeEffect(context, change, { [change.path]: null }, async ({ commit }) => {
      try {
        await door.calls.mkdir(door.at(name), 0o777)
      } catch (error) {
        if (errnoOf(error) === 'EEXIST')
          throw fault(NAME_TAKEN, `${change.path} was made by another program just now; try again.`, { class: 'operational' })
        throw systemFault(error, change.path)
      }
      commit()
      if (mode !== undefined) await door.calls.chmod(door.at(name), mode)
      if (mtime !== undefined) await door.calls.utimes(door.at(name), mtime / 1000, mtime / 1000)
      await context.syncer.folders(door)
      const made = await entryThrough(door, name)
      return { [change.path]: made && imageOf(made) }
    }),
  )
}

/** rmdir: the system refuses when anything is in it, so nothing that came later is lost. */
export async function removeFolder(context: ActContext, change: Extract<Intent, { do: 'remove-folder' }>['change']): Promise<void> {
  const name = nameOf(change.path)
  await withDoors(context.disk, [parentOf(change.path)], async (door) => {
    const entry = await entryThrough(door, name)
    if (!entry) throw pathMissing(change.path)
    await makeEffect(context, change, { [change.path]: imageOf(entry) }, async ({ commit }) => {
      try {
        await door.calls.rmdir(door.at(name))
      } catch (error) {
        throw systemFault(error, change.path)
      }
      commit()
      await context.syncer.folders(door)
      return { [change.path]: null }
    })
  })
}
