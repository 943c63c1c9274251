import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The folders of every plugin in this repository: those that come with Life-OS, and the examples for authors. */
export function pluginFolders(): string[] {
  return ['plugins', path.join('examples', 'plugins')].flatMap((place) => {
    const folder = path.join(root, place)
    const names = existsSync(folder) ? readdirSync(folder).toSorted() : []
    return names.map((name) => path.join(folder, name)).filter((found) => existsSync(path.join(found, 'manifest.json')))
  })
}
