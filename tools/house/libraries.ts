// Every dependency of every package.json with why, licence and size; `node tools/run.mjs tools/house/libraries.ts` writes the table.
import { globSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './source.ts'

type Served = 'server' | 'web' | 'development'

export interface Library {
  name: string
  version: string
  license: string
  /** Bytes on disk of the package alone, without its dependencies. */
  bytes: number
  usedBy: string[]
  /** `server`: its programs load it. `web`: bundled into the pages, or builds them. `development`: neither. */
  serves: Served
  why: string | null
  /** Scripts that npm would run on install; set-up runs none of them. */
  installScript: boolean
}

interface PackageJson {
  name: string
  version: string
  license?: string
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const document = path.join(root, 'docs', 'decisions', '0003-libraries.md')

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as T // our own files, and package.json as npm wrote it
}

export function libraries(): Library[] {
  const reasons = readJson<Record<string, string>>('tools/house/libraries.json')
  const found = new Map<string, Library>()
  for (const file of globSync(['package.json', '{packages,apps,plugins}/*/package.json'], { cwd: root }).sort()) {
    const owner = readJson<PackageJson>(file)
    const built = owner.name === '@life-os/web' ? 'web' : 'development' // the web app's libraries are all of its build
    const all = [
      ...Object.keys(owner.dependencies ?? {}).map((name) => [name, 'server'] as const),
      ...Object.keys(owner.devDependencies ?? {}).map((name) => [name, built] as const),
    ]
    for (const [name, serves] of all) {
      if (name.startsWith('@life-os/')) continue
      const known = found.get(name) ?? describe(name, path.dirname(file), reasons[name] ?? null)
      found.set(name, {
        ...known,
        usedBy: [...known.usedBy, owner.name.replace('@life-os/', '')],
        serves: nearer(known.serves, serves),
      })
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'))
}

const BY_NEARNESS: readonly Served[] = ['server', 'web', 'development']
const nearer = (one: Served, other: Served): Served => BY_NEARNESS.find((served) => served === one || served === other) ?? one

function describe(name: string, workspace: string, why: string | null): Library {
  const place = [path.join(workspace, 'node_modules', name), path.join('node_modules', name)].find((folder) =>
    lstatSync(path.join(root, folder), { throwIfNoEntry: false }),
  )
  if (place === undefined) throw new Error(`${name} is not installed: run npm install`)
  const { version, license = 'none named', scripts = {} } = readJson<PackageJson>(path.join(place, 'package.json'))
  const installScript = ['preinstall', 'install', 'postinstall'].some((script) => script in scripts)
  return { name, version, license, bytes: sizeOf(path.join(root, place)), usedBy: [], serves: 'development', why, installScript }
}

function sizeOf(place: string): number {
  const stats = lstatSync(place)
  if (!stats.isDirectory()) return stats.size
  return readdirSync(place)
    .filter((name) => name !== 'node_modules')
    .reduce((sum, name) => sum + sizeOf(path.join(place, name)), 0)
}

function row({ name, version, license, bytes, usedBy, why }: Library): string {
  return `| ${name} | ${version} | ${why} | ${license} | ${(bytes / 1e6).toFixed(1)} | ${usedBy.join(', ')} |`
}

function table(list: readonly Library[]): string {
  return ['| library | version | why | licence | MB | used by |', '| --- | --- | --- | --- | --: | --- |', ...list.map(row)].join('\n')
}

function total(list: readonly Library[]): string {
  return `${list.length} libraries, ${(list.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(0)} MB`
}

export function libraryPage(list: readonly Library[]): string {
  const serving = (place: Served): Library[] => list.filter(({ serves }) => serves === place)
  return `# 0003 Libraries

What the project exists for (plan language, journal, gate, preview and undo, plugin host) is written here. Everything else is a
library that is alive, typed, permissively licensed and free of install scripts: set-up passes \`--ignore-scripts\`, and a test
fails on a dependency without a reason or with another licence. Sizes are those of the package itself on disk, without what it
depends on in turn. \`node tools/run.mjs tools/house/libraries.ts\` writes this page from \`node_modules\`.

Not chosen, with figures measured on the reference machine:

- **PGlite** instead of \`node:sqlite\`: 326 MB of memory and 3.5 s to start, against 30 MB and 4 ms.
- **A native SQLite addon**: needs a compiler, or a download, on a fresh machine.
- **DBOS, Restate, Graphile or pg-boss as the engine of runs**: 91 to 336 steps/s for one run, against 3,480 with our own journal,
  and none of them can preview or undo.
- **JSONata** for expressions: Turing-complete, so no check can bound it.

## In the running program: ${total(serving('server'))}

${table(serving('server'))}

## In the web app's build: ${total(serving('web'))}

Bundled into the pages, or what builds them. The running server loads none, so that a production install leaves them out.

${table(serving('web'))}

## For development: ${total(serving('development'))}

${table(serving('development'))}
`
}

if (import.meta.main) writeFileSync(document, libraryPage(libraries()))
