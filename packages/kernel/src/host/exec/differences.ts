import fs from 'node:fs'
import { createPacer } from '../fs/listing.ts'
import { fault, systemFault } from '../paths/faults.ts'
import { fromSystem, joinPath, parentOf, toSystem } from '../paths/path.ts'
import type { Copies } from './stage.ts'
import type { Known, Tree } from './tree.ts'
import { tooLarge } from './tree.ts'

const ENTRIES = 200_000
const DEPTH = 100

/** One thing that a command left differently. `path` is below the folder; `copy` is where the new bytes lie. */
export type Difference =
  | { do: 'remove'; path: string; before: Known }
  | { do: 'make-folder'; path: string; mode: number }
  | { do: 'write'; path: string; copy: string; size: number; mode: number; before: Known | null }
  | { do: 'link'; path: string; target: string; before: Known | null }
  | { do: 'mode'; path: string; mode: number }
  /** A pipe, socket or device: nothing that can be brought back. */
  | { do: 'special'; path: string }

/**
 * What differs in a copy that nothing runs in any more, against what was copied: removals first, then folders from the
 * outside in, then the rest. Links are seen and never followed. Error: `folder-too-large`.
 */
export async function differencesOf(to: string, tree: Tree, copies: Copies, most: number, signal: AbortSignal): Promise<Difference[]> {
  const seen = await walkCopy(to, most, signal)
  const gone = [...tree].filter(([path, known]) => seen.get(path)?.kind !== known.kind).map(([path, known]) => ({ path, known }))
  const goneFolders = new Set(gone.filter(({ known }) => known.kind === 'folder').map(({ path }) => path))
  const removals = gone
    .filter(({ path }) => !hasAbove(path, goneFolders))
    .map(({ path, known }): Difference => ({ do: 'remove', path, before: known }))
  const made = [...seen].flatMap(([path, now]) => compare(path, now, tree.get(path), copies))
  const folders = made.filter((difference) => difference.do === 'make-folder')
  return [...removals, ...folders, ...made.filter((difference) => difference.do !== 'make-folder')]
}

function hasAbove(path: string, folders: ReadonlySet<string>): boolean {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) if (folders.has(path.slice(0, at))) return true
  return false
}

interface Seen {
  kind: Known['kind'] | 'special'
  copy: string
  size: number
  mode: number
  target?: string
  ino: bigint
  changed: bigint
}

function compare(path: string, now: Seen, known: Known | undefined, copies: Copies): Difference[] {
  const same = known?.kind === now.kind ? known : null
  switch (now.kind) {
    case 'special':
      return [{ do: 'special', path }]
    case 'folder':
      if (!same) return [{ do: 'make-folder', path, mode: now.mode }]
      return same.mode === now.mode ? [] : [{ do: 'mode', path, mode: now.mode }]
    case 'link':
      return same && same.target === now.target ? [] : [{ do: 'link', path, target: now.target ?? '', before: same }]
    case 'file': {
      const copy = copies.get(path)
      const untouched = copy?.ino === now.ino && copy.changed === now.changed && copy.size === BigInt(now.size)
      if (same && untouched) return []
      return [{ do: 'write', path, copy: now.copy, size: now.size, mode: now.mode, before: same }]
    }
  }
}

async function walkCopy(to: string, most: number, signal: AbortSignal): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>()
  const pace = createPacer()
  let bytes = 0
  const walk = async (folder: string, prefix: string, depth: number): Promise<void> => {
    if (depth > DEPTH) throw tooLarge(to, most)
    for (const name of namesOf(folder)) {
      signal.throwIfAborted()
      await pace()
      const now = look(joinPath(folder, name))
      bytes += now.size
      if (bytes > most || seen.size >= ENTRIES) throw tooDifferent(most)
      seen.set(prefix + name, now)
      if (now.kind === 'folder') await walk(joinPath(folder, name), `${prefix}${name}/`, depth + 1)
    }
  }
  await walk(to, '', 0)
  return seen
}

const tooDifferent = (most: number) =>
  fault('folder-too-large', `The command left more than ${Math.floor(most / 1024 ** 2)} MiB or ${ENTRIES} entries; nothing of it was kept.`)

function namesOf(folder: string): string[] {
  try {
    fs.accessSync(toSystem(folder), fs.constants.R_OK | fs.constants.X_OK)
  } catch {
    fs.chmodSync(toSystem(folder), 0o700) // ours: a command may shut a folder against its own owner
  }
  try {
    return fs.readdirSync(toSystem(folder), { encoding: 'buffer' }).map(fromSystem).toSorted()
  } catch (error) {
    throw systemFault(error, parentOf(folder))
  }
}

function look(path: string): Seen {
  const stats = fs.lstatSync(toSystem(path), { bigint: true })
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'special'
  return {
    kind,
    copy: path,
    size: kind === 'file' ? Number(stats.size) : 0,
    mode: Number(stats.mode) & 0o777,
    ino: stats.ino,
    changed: stats.ctimeNs,
    ...(kind === 'link' && { target: fromSystem(fs.readlinkSync(toSystem(path), { encoding: 'buffer' })) }),
  }
}
