import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const BENCH_BUILD = join(ROOT, 'dist', 'fixtures', 'bench')
export const BENCH_PLUGINS = fileURLToPath(new URL('./fixtures', import.meta.url))

export interface Folder extends Disposable {
  path: string
}

/** A folder on the disk, gone when disposed. */
export function newFolder(base = tmpdir()): Folder {
  const path = mkdtempSync(join(base, 'lifeos-bench-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

const MEMORY = '/dev/shm'

/** A folder in memory where the system has such a place: there a file's own sync costs nothing, so that a figure is Life-OS's and not the disk's. */
export function newMemoryFolder(): Folder & { where: string } {
  const inMemory = existsSync(MEMORY)
  const folder = newFolder(inMemory ? MEMORY : undefined)
  return { ...folder, [Symbol.dispose]: folder[Symbol.dispose], where: inMemory ? 'in memory' : 'on the disk' }
}
