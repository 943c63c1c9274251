import fs from 'node:fs'
import { z } from 'zod'
import type { Disk } from '../disk/disk.ts'
import type { View } from '../disk/view.ts'
import { fault } from '../paths/faults.ts'
import { fromSystem, joinPath, parentOf, toSystem } from '../paths/path.ts'
import type { SystemPath } from '../paths/path.ts'
import { isReserved } from '../paths/scope.ts'
import type { CallScope } from '../types.ts'
import { RECORDING_ENDED } from '../types.ts'
import { listFolder } from './listing.ts'
import type { Handlers } from './services.ts'

/** A burst of changes is told of at once, this many milliseconds after its last one, and at the latest after the second number. */
const QUIET = 200
const LATEST = 2000
/** More paths than this are not told apart: the folder itself is reported as changed. */
const PATHS = 1000
/** Of folders within folders, each entry costs a watch of the system's. */
const ENTRIES = 20_000

const watchArguments = z.tuple([
  z.string().max(16_384),
  z.strictObject({ timeout: z.int().min(0).max(600_000), recursive: z.boolean().optional() }),
])

export interface Noticed {
  path: string
  kind: 'made' | 'changed' | 'gone'
}
export interface WatchContext {
  view: View
  disk: Disk
  /** In a preview nobody can tell what will change: the call ends the recording. */
  preview: boolean
  /** Checks a path for reading and resolves its folders' links. */
  admit(path: string): Promise<string>
  scope: CallScope
}

/** `fs.watch`: what changed in a folder from now on, as soon as something did. */
export function createWatchService(context: WatchContext): Handlers {
  return {
    'fs.watch': async (args, signal) => {
      const parsed = watchArguments.safeParse(args)
      if (!parsed.success) throw fault('arguments-invalid', `fs.watch was called wrongly: ${z.prettifyError(parsed.error)}`)
      const [asked, { timeout, recursive = false }] = parsed.data
      const folder = parentOf(await context.admit(joinPath(await context.admit(asked), 'x')))
      if ((await context.view.entry(folder))?.kind !== 'folder')
        throw fault('not-a-folder', `${asked} is not a folder; watch the folder it lies in.`, { details: { path: asked } })
      if (context.preview) throw fault(RECORDING_ENDED, 'What will change in a folder is known only while the plan runs.')
      const depth = recursive ? {} : { maxDepth: 0 }
      const listed = await listFolder(context.view, folder, { recursive, hidden: true, max: ENTRIES, ...depth }, signal)
      const hidden = (path: string): boolean =>
        isReserved(path, context.disk.home) || Boolean(context.scope.denies?.of({ kind: 'fs.read', resource: path }, context.scope.allowed))
      const door = await context.disk.openExact(folder)
      try {
        return await watchFolder({ folder, at: door.self(), hidden, timeout, recursive }, new Set(listed.map(({ path }) => path)), signal)
      } finally {
        await door.close()
      }
    },
  }
}

interface Watch {
  folder: string
  /** The same folder by its descriptor, so that a link swapped in is not followed. */
  at: SystemPath
  /** Not told of: Life-OS's own, and what a grant denies. */
  hidden(path: string): boolean
  timeout: number
  recursive: boolean
}

async function watchFolder(watch: Watch, before: ReadonlySet<string>, signal: AbortSignal): Promise<Noticed[]> {
  signal.throwIfAborted()
  const { folder } = watch
  const touched = new Set<string>()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let quiet: NodeJS.Timeout | undefined
  let latest: NodeJS.Timeout | undefined
  const watcher = fs.watch(watch.at, { recursive: watch.recursive, encoding: 'buffer' }, (_type, name: Buffer | string | null) => {
    const path = name === null ? folder : joinPath(folder, typeof name === 'string' ? name : fromSystem(name))
    if (watch.hidden(path)) return
    touched.add(touched.size < PATHS ? path : folder)
    clearTimeout(quiet)
    quiet = setTimeout(resolve, QUIET)
    latest ??= setTimeout(resolve, LATEST)
  })
  watcher.on('error', (error) =>
    reject(fault('watch-failed', `${folder} cannot be watched any longer: ${error.message}`, { class: 'operational' })),
  )
  const over = setTimeout(resolve, watch.timeout)
  const stop = (): void => reject(signal.reason as Error) // an abort's reason is an error here
  signal.addEventListener('abort', stop, { once: true })
  try {
    await promise
  } finally {
    watcher.close()
    signal.removeEventListener('abort', stop)
    for (const timer of [over, quiet, latest]) clearTimeout(timer)
  }
  return [...touched].toSorted().map((path) => ({ path, kind: kindOf(path, before) }))
}

function kindOf(path: string, before: ReadonlySet<string>): Noticed['kind'] {
  if (!fs.lstatSync(toSystem(path), { throwIfNoEntry: false })) return 'gone'
  return before.has(path) ? 'changed' : 'made'
}
