import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import { createCallLabels, createPreviewLabels } from '../labels/index.ts'
import type { LabelBook, LabelCarrier, LabelLookup } from '../labels/index.ts'
import type { Sandbox } from '../sandbox/types.ts'
import type { Secrets } from '../secrets/types.ts'
import type { Store } from '../store/index.ts'
import { createActor } from './act/actor.ts'
import { createBrowserHost, createBrowserServices } from './browser/index.ts'
import type { BrowserHost } from './browser/index.ts'
import { createDiskView } from './disk/disk-view.ts'
import { createDisk } from './disk/disk.ts'
import type { Disk } from './disk/disk.ts'
import type { MountTable } from './disk/mounts.ts'
import { createSyncer } from './disk/sync.ts'
import { createTrash } from './disk/trash.ts'
import { createExecServices } from './exec/index.ts'
import type { ExecContext } from './exec/index.ts'
import { admit, createFileServices, createMutator } from './fs/services.ts'
import type { FileServicesContext, Handlers } from './fs/services.ts'
import { createSniffer } from './fs/sniff.ts'
import { createHashMemory, createLabelling, labelCommands } from './labels/index.ts'
import type { LabelledScope } from './labels/index.ts'
import { createWatchService } from './fs/watch.ts'
import { createMcpServices } from './mcp/index.ts'
import { createSmallServices } from './misc.ts'
import { createModelServices } from './models.ts'
import type { HostModelService } from './models.ts'
import { systemLookup } from './net/address.ts'
import type { Lookup } from './net/address.ts'
import { noSecrets } from './net/credential.ts'
import { createNetServices } from './net/services.ts'
import { createPredictor, predictChange } from './overlay/actor.ts'
import { createOverlay } from './overlay/overlay.ts'
import type { PredictedWorld } from './overlay/overlay.ts'
import { withoutDenied } from './paths/denied.ts'
import { absolutePath, joinPath, parentOf } from './paths/path.ts'
import { createRequestService } from './request.ts'
import { createSecretServices } from './secret-services.ts'
import { endingRecording, servicesOf } from './services.ts'
import { createSettingsService } from './settings-service.ts'
import type { CallScope, Host, Overlay } from './types.ts'
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
  /** Labels of places and of what Life-OS wrote; without it nothing is labelled but what comes by net. */
  labels?: LabelBook
  /** Resolves host names; the answer is what is connected to. */
  lookup?: Lookup
  /** Added to requests at the last hop; without them none is there. */
  secrets?: Secrets
  /** Asked on behalf of tools; without them none is set up. */
  models?: HostModelService
  /** A plugin's settings with their defaults; without it there are none. */
  settingsOf?: (plugin: string) => Record<string, unknown>
  /** Between two goes of a download. */
  sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>
  mounts?: MountTable
  /** Runs commands; without one `exec.*` answers with `sandbox-missing`. */
  sandbox?: Sandbox
  /** Shared by several hosts; whoever made it disposes of it. Default: one of its own, in the sandbox. */
  browser?: BrowserHost
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
  const secrets = dependencies.secrets ?? noSecrets
  const { redactor } = secrets
  const settingsOf = dependencies.settingsOf ?? (() => ({}))
  const sleep = dependencies.sleep ?? ((milliseconds, signal) => wait(milliseconds, undefined, { signal }))
  const browserHost = dependencies.browser ?? createBrowserHost({ sandbox: dependencies.sandbox, lookup, settingsOf, now, sleep })
  const diskView = createDiskView(disk)
  const canonical = (path: string) => canonicalPlace(disk, absolutePath(path))
  const hashes = createHashMemory()
  const book = dependencies.labels ?? createPreviewLabels(undefined)
  const predicted = new WeakMap<PredictedWorld, LabelLookup & LabelCarrier>()
  const labelsUnder = (world: PredictedWorld) => {
    const labels = predicted.get(world) ?? createPreviewLabels(dependencies.labels)
    predicted.set(world, labels)
    return labels
  }
  const { sandbox, models } = dependencies
  const commands = (
    files: Omit<FileServicesContext, 'scope'> & { scope: LabelledScope },
    labels: LabelLookup & LabelCarrier,
    outgoing: ExecContext['outgoing'],
    foreseen: () => boolean,
  ): Handlers => {
    const context = { ...files, lookup, secrets, sandbox, outgoing, predicted: foreseen, mutate: createMutator(files) }
    const exec = { ...createExecServices(context), ...createMcpServices(context) }
    const preview = 'recording' in outgoing
    return {
      ...labelCommands(
        { scope: files.scope, labelling: files.labelling, labels, disk, acts: !preview, boxed: sandbox?.isolation.level === 'bubblewrap' },
        exec,
      ),
      ...createWatchService({
        view: files.labelling.view(files.view),
        disk,
        preview,
        admit: (path) => admit(files, 'fs.read', path),
        scope: files.scope,
      }),
    }
  }
  return {
    real(given, sink) {
      const scope = seeing(given)
      const labelling = createLabelling({ scope, labels: book, book: dependencies.labels, disk, blobs, hashes })
      const actorFor = (signal: AbortSignal) => createActor({ disk, trash, syncer, blobs, sink, signal, newId, labelling })
      const exclusive = <T>(work: () => Promise<T>) => work()
      const shared = { scope, labelling, view: withoutDenied(diskView, scope), disk, trash, blobs, sniffer, redactor, actorFor, exclusive }
      const files = { ...shared, choose: sink.approvedTarget.bind(sink), ...(sink.reads && { noteRead: sink.reads.bind(sink) }) }
      return servicesOf({
        ...createFileServices(files),
        ...commands(files, book, { sink }, () => false),
        ...createNetServices({ scope, labelling, lookup, secrets, blobs, home, sleep, outgoing: { sink } }),
        ...createBrowserServices({
          host: browserHost,
          scope,
          labelling,
          blobs,
          secrets,
          sessions: dependencies.secrets,
          outgoing: { sink },
        }),
        ...createSecretServices(scope, secrets),
        ...createModelServices({ scope, labelling, models, preview: false }),
        ...createSmallServices(scope, labelling, blobs, now, secret),
        ...createRestoreServices(shared),
        ...createSettingsService(scope, settingsOf),
        ...createRequestService(scope, home, canonical),
      })
    },
    createOverlay: () => createOverlay(disk),
    recording(given, overlay, recording) {
      const scope = seeing(given)
      const view = worldOf(overlay)
      const labelling = createLabelling({ scope, labels: labelsUnder(view), book: dependencies.labels, disk, blobs, hashes })
      const actorFor = () =>
        createPredictor({ overlay: view, disk, blobs, now }, labelling, (change) => void recording.changes.push(change))
      const shared = {
        scope,
        labelling,
        view: withoutDenied(view, scope),
        disk,
        trash,
        blobs,
        sniffer,
        redactor,
        actorFor,
        exclusive: view.exclusive,
        recording,
      }
      return endingRecording(recording, {
        ...createFileServices({ ...shared, choose: () => undefined }),
        ...commands({ ...shared, choose: () => undefined }, labelsUnder(view), { recording }, () => view.size > 0),
        ...createNetServices({ scope, labelling, lookup, secrets, blobs, home, sleep, outgoing: { recording } }),
        ...createBrowserServices({
          host: browserHost,
          scope,
          labelling,
          blobs,
          secrets,
          sessions: dependencies.secrets,
          outgoing: { recording },
        }),
        ...createSecretServices(scope, secrets),
        ...createModelServices({ scope, labelling, models, preview: true }),
        ...createSmallServices(scope, labelling, blobs, now, secret),
        ...createRestoreServices(shared),
        ...createSettingsService(scope, settingsOf),
        ...createRequestService(scope, home, canonical),
      })
    },
    predict: (overlay, change) => predictChange({ overlay: worldOf(overlay), disk, blobs, now }, change),
    reconcile: (effect) => reconcile({ disk, trash, blobs }, effect),
    restore: restoreThrough,
    canonical,
    inspect: (path) => inspect(disk, path),
    forget: async (effects) => forget(trash, effects),
    endRun: (run) => browserHost.browsers.closeRun(run),
    async [Symbol.asyncDispose]() {
      if (!dependencies.browser) await browserHost[Symbol.asyncDispose]()
    },
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

/** A call that nobody collects for (a test) collects for itself. */
const seeing = (scope: CallScope): LabelledScope => ({ ...scope, seen: scope.seen ?? createCallLabels(scope.labels) })

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
