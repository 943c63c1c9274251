import type { FileStat } from '@life-os/plugin-sdk'
import { compileGlob } from '../../globs/index.ts'
import type { Entry } from '../disk/entry.ts'
import type { View } from '../disk/view.ts'
import { fault } from '../paths/faults.ts'
import { joinPath, nameOf } from '../paths/path.ts'
import type { ListArguments } from './arguments.ts'

const MAX = 100_000
/** After this many milliseconds of listing the event loop gets a turn. */
const TURN = 8

/** Of what is denied, its folder tells the name, the kind and the times. */
export function statOf(path: string, entry: Entry, unreadable = entry.denied ?? entry.unreadable): FileStat {
  const { kind, mode, mtime, created } = entry
  const { size, target } = entry.denied === undefined ? entry : { size: 0, target: undefined }
  return {
    path,
    name: nameOf(path),
    kind,
    size,
    mode,
    mtime,
    created,
    ...(target !== undefined && { target }),
    ...(unreadable !== undefined && { unreadable }),
  }
}

/** Gives other work a turn now and then during long synchronous stretches. */
export function createPacer(now = () => performance.now()): () => Promise<void> | undefined {
  let since = now()
  return () => {
    if (now() - since < TURN) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        since = now()
        resolve()
      }),
    )
  }
}

/** A glob that a `!` stands before takes what does not match. Error: `arguments-invalid`. */
function matcherOf(pattern: string): (relative: string) => boolean {
  const negated = pattern.startsWith('!') && !pattern.startsWith('!(')
  const matches = compileGlob(negated ? pattern.slice(1) : pattern)
  if (!matches)
    throw fault(
      'arguments-invalid',
      `${JSON.stringify(pattern.slice(0, 100))} is no glob that can be used here; leave out !( ) and use fewer wildcards.`,
    )
  return negated ? (relative) => !matches(relative) : matches
}

/** Letters of all globs of one listing. */
const GLOBS = 8192

interface Filter {
  shown(relative: string, name: string): boolean
  entered(relative: string, name: string): boolean
}

function filterOf(options: ListArguments): Filter {
  const glob = (patterns: readonly string[]) => {
    const each = patterns.map(matcherOf)
    return (relative: string) => each.some((matches) => matches(relative))
  }
  if ([...(options.include ?? []), ...(options.exclude ?? [])].reduce((sum, { length }) => sum + length, 0) > GLOBS)
    throw fault('arguments-invalid', `The globs of one listing have at most ${GLOBS} letters together.`)
  const included = options.include ? glob(options.include) : () => true
  const excluded = options.exclude?.length ? glob(options.exclude) : () => false
  const visible = (name: string): boolean => options.hidden !== false || !name.startsWith('.')
  return {
    shown: (relative, name) => visible(name) && included(relative) && !excluded(relative),
    entered: (relative, name) => visible(name) && !excluded(relative),
  }
}

/** Lists a folder in pre-order, each folder's entries by name. Links are shown and never followed. Error: `list-too-long`. */
export async function listFolder(view: View, folder: string, options: ListArguments, signal: AbortSignal): Promise<FileStat[]> {
  const filter = filterOf(options)
  const max = options.max ?? MAX
  const depth = options.recursive ? (options.maxDepth ?? Number.POSITIVE_INFINITY) : 0
  const found: FileStat[] = []
  const pace = createPacer()
  const walk = async (path: string, prefix: string, level: number): Promise<void> => {
    for (const [name, entry] of await view.entries(path)) {
      const relative = prefix + name
      const below = joinPath(path, name)
      const at = found.length
      const turn = pace()
      if (turn) {
        await turn
        signal.throwIfAborted()
      }
      const shown = filter.shown(relative, name)
      if (shown) found.push(statOf(below, entry))
      if (found.length > max)
        throw fault('list-too-long', `${folder} holds more than ${max} matching entries; raise max or narrow the globs.`, {
          details: { path: folder, max },
        })
      if (entry.kind !== 'folder' || entry.denied !== undefined || level >= depth || !filter.entered(relative, name)) continue
      signal.throwIfAborted()
      await pace()
      const unreadable = await walk(below, `${relative}/`, level + 1).then(() => undefined, reasonOf)
      if (unreadable !== undefined && shown) found[at] = statOf(below, entry, unreadable)
    }
  }
  await walk(folder, '', 0)
  return found
}

/** The words of a folder that cannot be read or vanished while listing; other failures end the listing. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (error instanceof Error && ['path-unreadable', 'path-missing', 'file-system-error'].includes(String(code))) return error.message
  throw error
}

export interface Usage {
  files: number
  folders: number
  bytes: number
  largest: { path: string; bytes: number }[]
}

/** Counts what lies below a path: regular files' sizes, each hard link once. */
export async function usageOf(view: View, path: string, entry: Entry, signal: AbortSignal): Promise<Usage> {
  const usage: Usage = { files: 0, folders: 0, bytes: 0, largest: [] }
  const seen = new Set<string>()
  const count = (at: string, item: Entry): void => {
    if (item.denied !== undefined) return
    if (item.kind === 'folder') usage.folders += 1
    if (item.kind !== 'file') return
    usage.files += 1
    const identity = `${item.dev}:${item.ino}`
    if (item.ino !== undefined && seen.has(identity)) return
    seen.add(identity)
    usage.bytes += item.size
    usage.largest.push({ path: at, bytes: item.size })
    if (usage.largest.length > 200) trim()
  }
  const trim = (): void =>
    void (usage.largest = usage.largest.toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)).slice(0, 10))
  const pace = createPacer()
  const walk = async (folder: string): Promise<void> => {
    for (const [name, item] of await view.entries(folder)) {
      const below = joinPath(folder, name)
      count(below, item)
      if (item.kind !== 'folder' || item.denied !== undefined) continue
      signal.throwIfAborted()
      await pace()
      await walk(below).catch(reasonOf)
    }
  }
  if (entry.kind === 'folder') await walk(path)
  else count(path, entry)
  trim()
  return usage
}
