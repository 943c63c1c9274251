import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileFault } from './faults.ts'

const KEY_BYTES = 32

/** Makes the home folder with mode 0700 when it is not there. Throws `home-read-only`, `disk-full`. */
export function makeHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw fileFault(error, home)
  }
}

/** Makes sure that files can be made and written here. */
export function checkWritable(home: string): void {
  const probe = join(home, `.write-probe-${process.pid}`)
  try {
    closeSync(openSync(probe, 'w', 0o600))
    rmSync(probe)
  } catch (error) {
    throw fileFault(error, home)
  }
}

/** Writes a small file whole or not at all, readable by its owner only. */
export function writePrivateFile(path: string, content: string | Uint8Array, { sync = true } = {}): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const descriptor = openSync(temporary, 'w', 0o600)
    try {
      writeSync(descriptor, typeof content === 'string' ? Buffer.from(content) : content)
      if (sync) fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, path)
    if (sync) syncFolder(dirname(path))
  } catch (error) {
    throw fileFault(error, path)
  }
}

/** Makes the names inside a folder durable. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The key of the audit chain: made once, in a file that only its owner reads. */
export function auditKey(home: string): Buffer {
  const path = join(home, 'audit.key')
  const stored = readOptional(path)?.trim()
  if (stored !== undefined && /^[0-9a-f]{64}$/.test(stored)) return Buffer.from(stored, 'hex')
  const key = randomBytes(KEY_BYTES)
  writePrivateFile(path, `${key.toString('hex')}\n`)
  return key
}

/** A file's text, or undefined when there is no such file. */
export function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw fileFault(error, path)
  }
}
