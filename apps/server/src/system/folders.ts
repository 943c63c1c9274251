import { lstat, readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { FolderEntry } from '@life-os/contract'

const MOST = 5000
const PLACES = ['Downloads', 'Desktop', 'Documents', 'Pictures', 'Music', 'Videos', 'Movies']

export interface FolderListing {
  path: string
  parent: string | null
  entries: FolderEntry[]
  places: { name: string; path: string }[]
}

/** One folder for the picker: folders first, by name as a person counts. Errors: `folder-path-invalid`, `folder-missing`, `folder-unreadable`. */
export async function listFolder(path: string | undefined, files: boolean): Promise<FolderListing> {
  const given = path ?? homedir()
  if (!isAbsolute(given) || given.includes('\0'))
    throw new LifeOsError('folder-path-invalid', 'Give the whole path of a folder, from the root.')
  const folder = resolve(given)
  const names = await readdir(folder).catch((error: unknown) => {
    throw folderFault(folder, error)
  })
  const entries = (await Promise.all(names.slice(0, MOST).map((name) => entryOf(folder, name)))).filter((entry) => entry !== null)
  const shown = entries.filter((entry) => files || entry.kind === 'folder').toSorted(byKindAndName)
  const parent = dirname(folder)
  return { path: folder, parent: parent === folder ? null : parent, entries: shown, places: await places() }
}

/** A link to a folder can be opened as one; everything else is told as it is. What vanished meanwhile is left out. */
async function entryOf(folder: string, name: string): Promise<FolderEntry | null> {
  const path = join(folder, name)
  try {
    const own = await lstat(path)
    const through = own.isSymbolicLink() ? await stat(path).catch(() => own) : own
    const kind = through.isDirectory() ? 'folder' : own.isSymbolicLink() ? 'link' : own.isFile() ? 'file' : 'special'
    return { name, path, kind, size: own.size, mtime: own.mtimeMs }
  } catch {
    return null
  }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
const byKindAndName = (a: FolderEntry, b: FolderEntry): number =>
  Number(b.kind === 'folder') - Number(a.kind === 'folder') || collator.compare(a.name, b.name)

async function places(): Promise<{ name: string; path: string }[]> {
  const home = homedir()
  const candidates = [{ name: 'Home', path: home }, ...PLACES.map((name) => ({ name, path: join(home, name) }))]
  const there = await Promise.all(
    candidates.map(({ path }) =>
      stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    ),
  )
  return candidates.filter((_, index) => there[index])
}

function folderFault(folder: string, error: unknown): LifeOsError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return new LifeOsError('folder-missing', `There is no folder “${folder}”.`, { cause: error })
  return new LifeOsError('folder-unreadable', `“${folder}” cannot be read. Check its permissions.`, { cause: error, class: 'operational' })
}
