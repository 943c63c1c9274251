import type { Change } from '@life-os/contract'
import type { Disk } from '../disk/disk.ts'
import type { Entry } from '../disk/entry.ts'
import type { Content } from '../disk/view.ts'
import type { ContentBlobs } from '../fs/content.ts'
import type { Actor, Intent } from '../fs/intent.ts'
import type { Labelling } from '../labels/index.ts'
import type { Images } from '../types.ts'
import { placeOf } from './overlay.ts'
import type { Place, PredictedWorld } from './overlay.ts'

/** Contents up to this size, and in all up to `HELD`, stay in memory during a preview; larger ones become blobs. */
const SMALL = 8 * 1024 * 1024
const HELD = 64 * 1024 * 1024
/** All the text that one preview shows, in characters: beyond this nobody reads it, and pages that hold it become slow. */
const SHOWN = 4 * 1024 * 1024

export interface PredictContext {
  overlay: PredictedWorld
  disk: Disk
  blobs: ContentBlobs
  now: () => number
}

const virtual = (kind: Entry['kind'], now: number, parts: Partial<Entry> = {}): Entry => ({
  kind,
  size: 0,
  mode: kind === 'folder' ? 0o777 & ~process.umask() : 0o666 & ~process.umask(),
  mtime: now,
  created: now,
  ...parts,
})

/** Predicts intents in an overlay and records their changes. */
export function createPredictor(context: PredictContext, labelling: Labelling, record: (change: Change) => void): Actor {
  return {
    async perform(intent) {
      await labelling.announce(intent.change, comingBack(intent)).then((carried) => carried.settle())
      await predictIntent(context, intent)
      record(withinShown(context.overlay, intent.change))
    },
  }
}

function withinShown(overlay: PredictedWorld, change: Change): Change {
  if (change.kind !== 'file-write' || change.diff === undefined || overlay.show(change.diff.length, SHOWN)) return change
  const { diff: _diff, ...rest } = change
  return { ...rest, unshown: 'enough' }
}

/** What an undo takes from the trash, in the form of a before-image. */
function comingBack(intent: Intent): Images {
  if (intent.do !== 'untrash' && intent.do !== 'exchange') return {}
  return { [intent.trash]: { kind: 'file', size: 0, mode: 0, mtime: 0 }, [intent.path]: null }
}

async function predictIntent(context: PredictContext, intent: Intent): Promise<void> {
  const { overlay } = context
  switch (intent.do) {
    case 'make-folder':
      return overlay.set(
        intent.change.path,
        placeOf({ entry: virtual('folder', context.now(), { ...(intent.mode !== undefined && { mode: intent.mode }) }) }),
      )
    case 'move':
      return moveTo(overlay, intent.change.from, intent.change.to)
    case 'copy':
      return overlay.set(intent.change.to, copyOf(await overlay.take(intent.change.from)))
    case 'write':
      return write(context, intent)
    case 'remove':
    case 'remove-folder':
      return overlay.set(intent.change.path, null)
    case 'untrash':
      return moveTo(overlay, intent.trash, intent.path)
    case 'exchange':
      return moveTo(overlay, intent.trash, intent.path)
  }
}

async function moveTo(overlay: PredictedWorld, from: string, to: string): Promise<void> {
  const place = await overlay.take(from)
  overlay.set(from, null)
  overlay.set(to, place)
}

/** Places below are shared until one side changes, so they are copied when a tree is. */
function copyOf(place: Place): Place {
  const children = new Map([...place.children].map(([name, child]) => [name, child && copyOf(child)]))
  return placeOf({ origin: place.origin, entry: place.entry, content: place.content, children })
}

async function write(context: PredictContext, { change, content, replaces, mtime }: Extract<Intent, { do: 'write' }>): Promise<void> {
  const { overlay } = context
  const old = replaces ? await overlay.entry(change.path) : null
  const entry = virtual('file', context.now(), {
    size: change.bytes ?? 0,
    ...(old && { mode: old.mode, created: old.created }),
    ...(mtime !== undefined && { mtime }),
  })
  overlay.set(change.path, placeOf({ entry, content: await held(context, content, entry.size) }))
}

/** Keeps memory in bounds: what is large goes into a blob. */
async function held(context: PredictContext, content: Content, size: number): Promise<Content> {
  if (content.kind !== 'bytes') return content
  if (size <= SMALL && context.overlay.hold(size, HELD)) return content
  return { kind: 'blob', hash: (await context.blobs.put(content.bytes)).hash }
}

/** Applies a change that is known only as such: adopted steps and drift checks. A content that is nowhere stays unknown. */
export async function predictChange(context: PredictContext, change: Change): Promise<void> {
  switch (change.kind) {
    case 'file-move':
      return predictIntent(context, { do: 'move', change })
    case 'file-copy':
      return predictIntent(context, { do: 'copy', change })
    case 'folder-make':
      return predictIntent(context, { do: 'make-folder', change })
    case 'file-remove':
      return predictIntent(context, { do: 'remove', change })
    case 'file-write': {
      const stored = change.hash !== undefined && (await context.blobs.has(change.hash))
      const content: Content = stored ? { kind: 'blob', hash: change.hash ?? '' } : { kind: 'unknown', hash: change.hash }
      return predictIntent(context, { do: 'write', change, content, replaces: change.before !== undefined })
    }
    case 'request-send':
    case 'command-run':
    case 'page-act':
    case 'effect-restore':
      return // changes no file that the change itself would tell of
  }
}
