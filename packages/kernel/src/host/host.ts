import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import type { Store } from '../store/index.ts'
import { createActor } from './act/actor.ts'
import { createDiskView } from './disk/disk-view.ts'
import { createDisk } from './disk/disk.ts'
import type { Disk } from './disk/disk.ts'
import type { MountTable } from './disk/mounts.ts'
import { createSyncer } from './disk/sync.ts'
import { createTrash } from './disk/trash.ts'
import { createFileServices } from './fs/services.ts'
import { createSniffer } from './fs/sniff.ts'
import { createSmallServices } from './misc.ts'
import { systemLookup } from './net/address.ts'
import type { Lookup } from './net/address.ts'
import { createNetServices } from './net/services.ts'
import { createPredictor, predictChange } from './overlay/actor.ts'
import { createOverlay } from './overlay/overlay.ts'
import type { PredictedWorld } from './overlay/overlay.ts'
import { absolutePath, joinPath, parentOf } from './paths/path.ts'
import { endingRecording, servicesOf } from './services.ts'
import type { Host, Overlay } from './types.ts'
import { forget } from './undo/forget.ts'
import { inspect } from './undo/inspect.ts'
import { reconcile } from './undo/reconcile.ts'
import { createRestoreServices, restoreThrough } from './undo/restore-service.ts'

export interface HostDependencies {
  store: Pick<Store, 'blobs'>
  /** LIFEOS_HOME: absolute, existing. */
  home: string
  now?: () => number
  newId?: () => string
  /** Resolves host names; the answer is what is connected to. */
  lookup?: Lookup
  /** Between two goes of a download. */
  sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>
  mounts?: MountTable
  /** False: plain paths instead of descriptors, as where there is no /proc. */
  descriptors?: boolean
}

/** The host: everything a tool can reach passes here. */
export function createHost(dependencies: HostDependencies): Host {
  const home = fs.realpathSync.native(dependencies.home)
  const now = dependencies.now ?? Date.now
  const newId = dependencies.newId ?? uuidv7
  const { blobs } = dependencies.store
  const disk = createDisk({
    home,
    ...(dependencies.mounts && { mounts: dependencies.mounts }),
    ...(dependencies.descriptors !== undefined && { descriptors: dependencies.descriptors }),
  })
  const trash = createTrash(home, disk.mounts)
  const syncer = createSyncer()
  const sniffer = createSniffer()
  const secret = secretOf(home)
  const lookup = dependencies.lookup ?? systemLookup
  const sleep = dependencies.sleep ?? ((milliseconds, signal) => wait(milliseconds, undefined, { signal }))
  const diskView = createDiskView(disk)
  return {
    real(scope, sink) {
      const actorFor = (signal: AbortSignal) => createActor({ disk, trash, syncer, blobs, sink, signal, newId })
      const exclusive = <T>(work: () => Promise<T>) => work()
      const shared = { scope, view: diskView, disk, trash, blobs, sniffer, actorFor, exclusive }
      return servicesOf({
        ...createFileServices({
          ...shared,
          choose: sink.approvedTarget.bind(sink),
          ...(sink.reads && { noteRead: sink.reads.bind(sink) }),
        }),
        ...createNetServices({ scope, lookup, blobs, home, sleep, outgoing: { sink } }),
        ...createSmallServices(scope, blobs, now, secret),
        ...createRestoreServices(shared),
      })
    },
    createOverlay: () => createOverlay(disk),
    recording(scope, overlay, recording) {
      const view = worldOf(overlay)
      const actorFor = () => createPredictor({ overlay: view, disk, blobs, now }, (change) => void recording.changes.push(change))
      const shared = { scope, view, disk, trash, blobs, sniffer, actorFor, exclusive: view.exclusive, recording }
      return endingRecording(recording, {
        ...createFileServices({ ...shared, choose: () => undefined }),
        ...createNetServices({ scope, lookup, blobs, home, sleep, outgoing: { recording } }),
        ...createSmallServices(scope, blobs, now, secret),
        ...createRestoreServices(shared),
      })
    },
    predict: (overlay, change) => predictChange({ overlay: worldOf(overlay), disk, blobs, now }, change),
    reconcile: (effect) => reconcile({ disk, trash, blobs }, effect),
    restore: restoreThrough,
    canonical: (path) => canonicalPlace(disk, absolutePath(path)),
    inspect: (path) => inspect(disk, path),
    forget: async (effects) => forget(trash, effects),
    [Symbol.asyncDispose]: async () => {},
  }
}

/** A folder's links are resolved in the last place too; what is no folder keeps its own name. */
async function canonicalPlace(disk: Disk, path: string): Promise<string> {
  try {
    return parentOf(await disk.canonical(joinPath(path, 'x')))
  } catch {
    return disk.canonical(path)
  }
}

/** Every overlay comes from `createOverlay` above; the interface shows others only its size. */
const worldOf = (overlay: Overlay): PredictedWorld => overlay as PredictedWorld

/** Made on first use, kept for good, readable by the owner alone. */
function secretOf(home: string): () => Uint8Array {
  let secret: Uint8Array | undefined
  return () => (secret ??= readOrMake(joinPath(home, 'host.key')))
}
function readOrMake(path: string): Uint8Array {
  try {
    fs.writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return fs.readFileSync(path)
}
