import type { Entry } from '../disk/entry.ts'
import type { View } from '../disk/view.ts'
import { hashBytes, hashOf } from '../fs/content.ts'
import { createPacer } from '../fs/listing.ts'
import { fault } from '../paths/faults.ts'
import { joinPath } from '../paths/path.ts'
import type { ExecContext } from './context.ts'

/** More entries, or folders nested deeper, than a copy is made of. */
const ENTRIES = 200_000
const DEPTH = 100

/** What a folder holds, by path below it, folders before what is in them. Pipes, sockets and devices are left out. */
export type Tree = ReadonlyMap<string, Known>
export interface Known {
  kind: 'file' | 'folder' | 'link'
  size: number
  mode: number
  mtime: number
  target?: string
  /** SHA-256 of a file, where it was asked for. */
  hash?: string
}

export interface SurveyLimits {
  /** Bytes of all files. */
  bytes: number
  hashes: boolean
}

/** Looks through a folder. Error: `folder-too-large`. */
export async function surveyTree(context: ExecContext, folder: string, limits: SurveyLimits, signal: AbortSignal): Promise<Tree> {
  const tree = new Map<string, Known>()
  const pace = createPacer()
  let bytes = 0
  const add = async (path: string, relative: string, entry: Entry): Promise<void> => {
    if (entry.kind === 'special') return
    const { kind, size, mode, mtime, target } = entry
    bytes += size
    if (bytes > limits.bytes || tree.size >= ENTRIES) throw tooLarge(folder, limits.bytes)
    const known: Known = { kind, size, mode: mode & 0o777, mtime, ...(target !== undefined && { target }) }
    if (limits.hashes && kind === 'file') known.hash = await hashOf(await context.view.content(path), context.disk, context.blobs, signal)
    tree.set(relative, known)
  }
  const walk = async (path: string, prefix: string, depth: number): Promise<void> => {
    if (depth > DEPTH) throw tooLarge(folder, limits.bytes)
    for (const [name, entry] of await entriesOf(context.view, path)) {
      signal.throwIfAborted()
      await pace()
      await add(joinPath(path, name), prefix + name, entry)
      if (entry.kind === 'folder') await walk(joinPath(path, name), `${prefix}${name}/`, depth + 1)
    }
  }
  await walk(folder, '', 0)
  return tree
}

const entriesOf = (view: View, path: string): Promise<Map<string, Entry>> => view.entries(path)

export const tooLarge = (folder: string, bytes: number) =>
  fault(
    'folder-too-large',
    `${folder} holds more than a copy is made of (${Math.floor(bytes / 1024 ** 2)} MiB, ${ENTRIES} entries, ${DEPTH} folders deep); name a smaller folder or raise maxBytes.`,
    { details: { path: folder, maxBytes: bytes } },
  )

/** The same for equal content: paths, kinds, modes, links and hashes, without times. */
export function treeHash(tree: Tree): string {
  const lines = [...tree].map(([path, { kind, mode, target, hash }]) => JSON.stringify([path, kind, mode, target ?? null, hash ?? null]))
  return hashBytes(lines.toSorted().join('\n'))
}
