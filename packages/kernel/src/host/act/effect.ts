import { LifeOsError } from '@life-os/contract'
import type { Change } from '@life-os/contract'
import type { Labelling } from '../labels/index.ts'
import type { Carried } from '../../labels/index.ts'
import type { EffectSink, Images } from '../types.ts'
import type { ContentBlobs } from '../fs/content.ts'
import type { Disk } from '../disk/disk.ts'
import type { Door } from '../disk/door.ts'
import type { Syncer } from '../disk/sync.ts'
import type { Trash } from '../disk/trash.ts'
import { systemFault } from '../paths/faults.ts'

export interface ActContext {
  disk: Disk
  trash: Trash
  syncer: Syncer
  blobs: ContentBlobs
  sink: EffectSink
  signal: AbortSignal
  newId: () => string
  /** Lets labels go along with what is done. */
  labelling: Labelling
}

/** Handed to an act: its effect's id, and where to say that the world has changed from now on. */
export interface Effecting {
  id: string
  commit(): void
}

/**
 * Announces, acts, reports. A failure before `commit` has changed nothing and takes the announcement back; one after it
 * leaves the effect open, to be reconciled.
 */
export async function makeEffect(
  context: ActContext,
  change: Change,
  before: Images,
  act: (effecting: Effecting) => Promise<Images>,
): Promise<void> {
  context.signal.throwIfAborted()
  await context.labelling.checkShared(change)
  const id = await context.sink.begin(change, before)
  let committed = false
  let carried: Carried | undefined
  let after: Images
  try {
    context.signal.throwIfAborted()
    carried = await context.labelling.announce(change, before)
    after = await act({ id, commit: () => void (committed = true) })
  } catch (error) {
    if (!committed) {
      await context.sink.abandon(id)
      await carried?.retract()
    }
    throw committed ? uncertain(error) : error
  }
  await carried.settle()
  await context.sink.finish(id, after)
}

function uncertain(error: unknown): LifeOsError {
  const known = systemFault(error, 'the effect')
  return new LifeOsError(known.code, known.message, {
    class: known.class,
    applied: 'unknown',
    cause: error,
    ...(known.details && { details: known.details }),
  })
}

/** Opens the folders of several paths, each once and none through a link, and closes them afterwards. */
export async function withDoors<T>(disk: Disk, folders: readonly string[], work: (...doors: Door[]) => Promise<T>): Promise<T> {
  const open = new Map<string, Door>()
  try {
    for (const folder of folders) if (!open.has(folder)) open.set(folder, await disk.openExact(folder))
    const result = await work(...folders.map((folder) => open.get(folder) as Door)) // opened in the loop above
    for (const door of open.values()) door.verify()
    return result
  } finally {
    for (const door of open.values()) await door.close()
  }
}
