import type { Change, LabelSource } from '@life-os/contract'
import type { CallLabels, Carried, LabelBook, LabelCarrier, LabelLookup } from '../../labels/index.ts'
import type { Disk } from '../disk/disk.ts'
import type { Entry } from '../disk/entry.ts'
import type { View } from '../disk/view.ts'
import { hashOf, type ContentBlobs } from '../fs/content.ts'
import type { CallScope, Images } from '../types.ts'
import { isWithin } from '../paths/path.ts'
import { sharedPlace } from '../undo/inspect.ts'
import { broughtBy, carriesOf } from './flow.ts'
import { privateFault } from './private.ts'
import { createSeeingView } from './view.ts'

export type LabelledScope = CallScope & { seen: CallLabels }

export interface LabellingContext {
  scope: LabelledScope
  /** The book, or in a preview the book under what the preview itself would bring. */
  labels: LabelLookup & LabelCarrier
  book: LabelBook | undefined
  disk: Disk
  blobs: ContentBlobs
  hashes: HashMemory
}

/** What one call does to labels: what it reads joins the call, what it writes carries the call's labels on. */
export interface Labelling {
  view(view: View): View
  see(sources: readonly LabelSource[]): void
  /** Labels of a place with all below it join the call: what a mounted folder brings. */
  seeTree(path: string): void
  seeBlob(hash: string): void
  /** A content that the call made or fetched. */
  noteBlob(hash: string, size: number): Promise<void>
  /** Before a change, durable: see LabelCarrier. Nothing for the kernel's own restoring, which only brings back. */
  announce(change: Change, before: Images): Promise<Carried>
  /** Private data does not go to a place that others read too. Error: `private-not-allowed`. */
  checkShared(change: Change): Promise<void>
}

const privateOf = (sources: readonly LabelSource[]): LabelSource[] => sources.filter((source) => source.label === 'private')
const RESTORING = 'life-os.restore'

export function createLabelling({ scope, labels, book, disk, blobs, hashes }: LabellingContext): Labelling {
  const see = (sources: readonly LabelSource[]): void => {
    for (const { label, from } of sources) scope.seen.add(label, from)
  }
  return {
    see,
    view: (view) =>
      createSeeingView(view, {
        labels,
        see,
        hash: (path, entry) => hashes.of(path, entry, async () => hashOf(await view.content(path), disk, blobs)),
      }),
    seeTree: (path) => see(labels.ofTree(path)),
    seeBlob: (hash) => see(labels.ofBlob(hash)),
    async noteBlob(hash, size) {
      if (scope.seen.current.length > 0) await book?.noteBlob(hash, scope.seen.explained, size)
    },
    announce: (change, before) =>
      labels.carry(carriesOf(change, before), scope.tool === RESTORING ? [] : broughtBy(change, scope.seen.explained, labels)),
    async checkShared(change) {
      const target = 'to' in change ? change.to : 'path' in change && change.kind !== 'file-remove' ? change.path : null
      if (target === null || scope.tool === RESTORING) return
      const content =
        'from' in change ? labels.ofTree(change.from) : change.kind === 'file-write' && change.hash ? labels.ofBlob(change.hash) : []
      const [called, carried] = [privateOf(scope.seen.explained), privateOf(content)] // a name chosen by the call tells what it read
      if (called.length + carried.length === 0) return
      const shared = await sharedPlace(disk, target)
      if (!shared) return
      const sources = 'from' in change && isWithin(change.from, shared.folder) ? called : [...called, ...carried]
      if (sources.length === 0) return
      const named = scope.privateTo?.some(
        (place) => place === target || (place.startsWith('/') && isWithin(place, shared.folder) && isWithin(target, place)),
      )
      if (!named) throw privateFault(`${shared.folder} (shared by ${shared.by})`, `fs.write:${target}`, sources)
    },
  }
}

/** Hashes of files that did not change meanwhile; the oldest are let go. */
export interface HashMemory {
  of(path: string, entry: Entry, hash: () => Promise<string>): Promise<string>
}

const REMEMBERED = 1000

export function createHashMemory(): HashMemory {
  const known = new Map<string, string>()
  return {
    async of(path, entry, hash) {
      if (entry.ino === undefined) return hash() // predicted: it has no identity to remember it by
      const key = [path, entry.dev, entry.ino, entry.size, entry.mtime].join('\0')
      const found = known.get(key) ?? (await hash())
      known.delete(key)
      known.set(key, found)
      for (const oldest of known.keys()) {
        if (known.size <= REMEMBERED) break
        known.delete(oldest)
      }
      return found
    },
  }
}
