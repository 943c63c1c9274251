import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'

const NOT_SOURCES = new Set(['node_modules', 'dist', 'fixtures', 'coverage'])
const TEST = /\.(test|spec)\.[cm]?tsx?$/

/** SHA-256 over names and contents of every source below the places given; what is not there counts as nothing. */
export async function hashOf(root: string, places: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const place of places) {
    for (const file of await filesBelow(path.join(root, place))) {
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(await readFile(file))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

async function filesBelow(place: string): Promise<string[]> {
  const entries = await readdir(place, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return null
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (entries === null) return [place]
  const found: string[] = []
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(place, entry.name)
    if (entry.isDirectory() && !NOT_SOURCES.has(entry.name)) found.push(...(await filesBelow(full)))
    else if (entry.isFile() && !TEST.test(entry.name)) found.push(full)
  }
  return found
}
