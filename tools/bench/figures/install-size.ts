import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure } from '../figure.ts'
import { ROOT } from '../places.ts'

const OWN = ['apps', 'packages', 'plugins', 'tools', 'dist'] // what a production checkout holds beside its libraries

export const installSize: Figure = {
  name: 'install-size',
  title: 'Production install',
  target: { is: 'most', value: 300, unit: 'MB' },
  async measure() {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean; devOptional?: boolean; link?: boolean }>
    } // npm's lock, version 3
    const kept = Object.entries(packages).filter(
      ([place, { dev, devOptional, link }]) =>
        place.includes('node_modules/') && !dev && !devOptional && !link && existsSync(join(ROOT, place)),
    )
    const libraries = kept.reduce((sum, [place]) => sum + sizeOf(join(ROOT, place)), 0)
    const own = OWN.reduce((sum, folder) => sum + sizeOf(join(ROOT, folder), new Set(['fixtures'])), 0)
    return {
      value: (libraries + own) / 1e6,
      note: `${kept.length} libraries that npm ci --omit=dev would keep here take ${(libraries / 1e6).toFixed(1)} MB on the disk, Life-OS itself with its build ${(own / 1e6).toFixed(1)} MB; without Node`,
    }
  },
}

/** Bytes on the disk below a folder, without the libraries in it, which count by themselves. */
function sizeOf(path: string, without: ReadonlySet<string> = new Set()): number {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  if (!entry) return 0
  const own = entry.blocks * 512
  if (!entry.isDirectory()) return own
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && !without.has(name))
    .reduce((sum, name) => sum + sizeOf(join(path, name), without), own)
}
