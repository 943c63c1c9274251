import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import os from 'node:os'
import type { Sandbox } from '../../sandbox/types.ts'
import { chunksOf, withContent } from '../fs/content.ts'
import { createPacer } from '../fs/listing.ts'
import { fault, systemFault } from '../paths/faults.ts'
import { joinPath, parentOf, toSystem } from '../paths/path.ts'
import type { ExecContext } from './context.ts'
import type { Known, Tree } from './tree.ts'

const run = promisify(execFile)
const { COPYFILE_EXCL, COPYFILE_FICLONE } = fs.constants
const NAME = 'life-os-box-'
/** No command runs as long: what is older was left by a process that was killed. */
const FORGOTTEN = 3 * 3_600_000
/** Room that a command leaves on the volume of its copies. */
const ROOM = 256 * 1024 ** 2

/** A folder of copies that belong to the box's uid and that only it and we reach. Gone with its owner. */
export interface Stage extends AsyncDisposable {
  readonly folder: string
  /** A folder below, empty. */
  make(name: string): string
  /** Gives something below to the box's uid. */
  give(path: string): void
}

/** Beside Life-OS's own files, so that copies can share blocks with what they are of; where the box could not get there, in the system's temporary folder. */
export function openStage(home: string, identity: Sandbox['identity']): Stage {
  const parent = identity ? os.tmpdir() : path.join(home, 'boxes')
  if (!identity) fs.mkdirSync(parent, { recursive: true, mode: 0o700 })
  void removeForgotten(parent, identity?.uid ?? process.getuid?.())
  const folder = fs.mkdtempSync(path.join(parent, NAME))
  const give = (at: string): void => {
    if (identity) fs.lchownSync(toSystem(at), identity.uid, identity.gid)
  }
  fs.chmodSync(folder, 0o700)
  give(folder)
  return {
    folder,
    make(name) {
      const made = path.join(folder, name)
      fs.mkdirSync(made, { mode: 0o755 })
      give(made)
      return made
    },
    give,
    [Symbol.asyncDispose]: () => removeTree(folder),
  }
}

/** Only what is surely ours: others write to the system's temporary folder too. */
async function removeForgotten(parent: string, owner: number | undefined): Promise<void> {
  for (const name of await fs.promises.readdir(parent).catch(() => [])) {
    if (!name.startsWith(NAME)) continue
    const stats = await fs.promises.lstat(path.join(parent, name)).catch(() => null)
    if (!stats?.isDirectory() || stats.uid !== owner || Date.now() - stats.mtimeMs < FORGOTTEN) continue
    await removeTree(path.join(parent, name)).catch(() => undefined) // another process may be removing it too
  }
}

/** `rm` walks by descriptors: however deep a command nested its folders, they are gone afterwards. */
async function removeTree(folder: string): Promise<void> {
  try {
    await run('/bin/rm', ['-rf', '--', folder])
  } catch {
    await run('/bin/chmod', ['-R', 'u+rwX', '--', folder]).catch(() => undefined) // folders that their own owner may not enter
    await run('/bin/rm', ['-rf', '--', folder])
  }
}

/** How a copy was left, to see later whether anything touched it: a change time cannot be set back. */
export type Copies = Map<string, { ino: bigint; size: bigint; changed: bigint }>

/** Copies a surveyed folder into an empty one, as the view shows it; blocks are shared where the file system can. */
export async function copyTree(
  context: ExecContext,
  stage: Stage,
  folder: string,
  tree: Tree,
  to: string,
  signal: AbortSignal,
): Promise<Copies> {
  const copies: Copies = new Map()
  const pace = createPacer()
  await checkRoom(
    to,
    [...tree.values()].reduce((sum, known) => sum + known.size, 0),
  )
  try {
    for (const [relative, known] of tree) {
      signal.throwIfAborted()
      await pace()
      const target = joinPath(to, relative)
      await copyOne(context, joinPath(folder, relative), known, target, signal)
      stage.give(target)
      const { ino, size, ctimeNs } = fs.lstatSync(toSystem(target), { bigint: true })
      copies.set(relative, { ino, size, changed: ctimeNs })
    }
    for (const [relative, known] of tree) if (known.kind === 'folder') fs.chmodSync(toSystem(joinPath(to, relative)), known.mode)
  } catch (error) {
    throw systemFault(error, folder)
  }
  return copies
}

async function copyOne(context: ExecContext, from: string, known: Known, to: string, signal: AbortSignal): Promise<void> {
  if (known.kind === 'folder') return fs.mkdirSync(toSystem(to), 0o700)
  if (known.kind === 'link') return fs.symlinkSync(toSystem(known.target ?? ''), toSystem(to))
  const content = await context.view.content(from)
  if (content.kind === 'disk') await cloneFile(context, content.path, to)
  else
    await withContent(content, context.disk, context.blobs, (reader) =>
      fs.promises.writeFile(toSystem(to), chunksOf(reader, signal), { flag: 'wx' }),
    )
  fs.chmodSync(toSystem(to), known.mode)
  fs.lutimesSync(toSystem(to), known.mtime / 1000, known.mtime / 1000)
}

/** Through the descriptor of the checked file, so that a link swapped in meanwhile is not followed. */
async function cloneFile(context: ExecContext, from: string, to: string): Promise<void> {
  const descriptor = await context.disk.openFile(from)
  try {
    const source = process.platform === 'linux' ? `/proc/self/fd/${descriptor}` : toSystem(from)
    await fs.promises.copyFile(source, toSystem(to), COPYFILE_EXCL | COPYFILE_FICLONE)
  } finally {
    fs.closeSync(descriptor)
  }
}

async function checkRoom(at: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await fs.promises.statfs(at)
  if (bavail * bsize < bytes + ROOM)
    throw fault('disk-full', `There is no room for a copy of ${Math.ceil(bytes / 1024 ** 2)} MiB in ${parentOf(at)}; free some space.`, {
      class: 'operational',
    })
}

/** Aborts when a command takes more than `most` bytes of the volume its copies lie on, or nearly all that is left. */
export function guardRoom(folder: string, most: number): { signal: AbortSignal } & Disposable {
  const over = new AbortController()
  const free = (): number => {
    const { bavail, bsize } = fs.statfsSync(folder)
    return bavail * bsize
  }
  const start = free()
  const timer = setInterval(() => {
    const now = free()
    if (start - now > most || now < ROOM / 4)
      over.abort(
        fault(
          'folder-too-large',
          `The command wrote more than the ${Math.floor(most / 1024 ** 2)} MiB it may leave; nothing of it was kept.`,
        ),
      )
  }, 200).unref()
  return { signal: over.signal, [Symbol.dispose]: () => clearInterval(timer) }
}
