import { createHash } from 'node:crypto'
import { closeSync, lstatSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LifeOsError } from '@life-os/contract'
import { fileFault } from './faults.ts'
import { makeHome, readOptional, writePrivateFile } from './home.ts'

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, with a NUL at the end. */
const SOCKET_PATH_LIMIT = 103
const BUSY = 5
/** Holds the socket's path when it does not fit into the folder. */
const POINTER = 'socket-path'

export type Ownership = { readonly owner: Disposable } | { readonly busy: { readonly socket: string } }

/**
 * Takes the folder for this process, or says where its owner listens. The lock is SQLite's own on `owner.sqlite`: the
 * kernel frees it with the process, however that ends. Also makes ready the place of the socket; a stale one is removed.
 */
export async function ownHome(home: string): Promise<Ownership> {
  makeHome(home)
  const database = lockFile(join(home, 'owner.sqlite'))
  if (!database) return { busy: { socket: socketPath(home) } }
  try {
    prepareSocket(home)
  } catch (error) {
    database.close()
    throw error
  }
  return {
    owner: {
      [Symbol.dispose]: () => {
        if (database.isOpen) database.close()
      },
    },
  }
}

/** Where the owner of this folder listens: in the folder, elsewhere when that path is too long, or a named pipe on Windows. */
export function socketPath(home: string): string {
  return readOptional(join(home, POINTER))?.trim() ?? chosenPath(home)
}

function lockFile(file: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined
  try {
    closeSync(openSync(file, 'a', 0o600))
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec('pragma journal_mode = delete; begin exclusive')
    return database
  } catch (error) {
    database?.close()
    if (error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === BUSY) return undefined
    throw fileFault(error, file)
  }
}

/** Only the owner calls this, so that nobody's socket is in use. */
function prepareSocket(home: string): void {
  const path = chosenPath(home)
  if (process.platform === 'win32') return
  if (path === inside(home)) rmSync(join(home, POINTER), { force: true })
  else {
    makePrivateFolder(resolve(path, '..'))
    writePrivateFile(join(home, POINTER), `${path}\n`)
  }
  rmSync(path, { force: true })
}

const inside = (home: string): string => join(resolve(home), 'lifeos.sock')

function chosenPath(home: string): string {
  const name = createHash('sha256').update(resolve(home)).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\life-os-${name}`
  if (Buffer.byteLength(inside(home)) <= SOCKET_PATH_LIMIT) return inside(home)
  const runtime = process.env.XDG_RUNTIME_DIR
  const folder = runtime ? join(runtime, 'life-os') : join(tmpdir(), `life-os-${process.getuid?.() ?? 0}`)
  return join(folder, `${name}.sock`)
}

/** Others may write to the folder around it, so that a folder that is not ours alone is refused. */
function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0) return
  throw new LifeOsError(
    'socket-folder-unsafe',
    `The folder ${folder} must belong to you alone; remove it, or choose a shorter LIFEOS_HOME.`,
    { class: 'user', applied: 'no' },
  )
}
