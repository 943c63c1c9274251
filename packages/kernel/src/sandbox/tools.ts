import { accessSync, constants, realpathSync } from 'node:fs'
import path from 'node:path'
import type { Tools } from './box/types.ts'

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']

/** The programs that boxes are made with, or the name of the first that this machine lacks. */
export function findTools(root: boolean, folders: readonly string[] = FOLDERS): Tools | { missing: string } {
  const found = new Map(['bwrap', 'sh', 'prlimit', 'setpriv', 'unshare'].map((name) => [name, find(name, folders)]))
  const needed = ['bwrap', 'sh', 'prlimit', ...(root ? ['setpriv', 'unshare'] : [])]
  const missing = needed.find((name) => found.get(name) === undefined)
  if (missing !== undefined) return { missing }
  return {
    bubblewrap: found.get('bwrap')!, // needed: found, as are the next two
    shell: found.get('sh')!,
    prlimit: found.get('prlimit')!,
    node: realpathSync(process.execPath),
    setpriv: found.get('setpriv') ?? null,
    unshare: found.get('unshare') ?? null,
  }
}

export function find(name: string, folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    const file = path.join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // The next folder may have it.
    }
  }
  return undefined
}
