// node tools/setup/complete-lock.mjs: adds to package-lock.json the native packages of other machines, after `npm install`.
// npm leaves them out when it cannot or need not look at them (https://github.com/npm/cli/issues/4828); then `npm ci` refuses
// the lock, and a Mac would get no linter. What is added names version and machine; npm fetches it only on that machine.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './places.mjs'

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/**
 * @typedef {{ version?: string, optional?: boolean, dev?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {Record<string, LockEntry>} Packages the field of that name in package-lock.json, by place
 */

/**
 * The packages with every native package named. An entry may take the place of the same package in another version; the next
 * round then puts that one, as it was, where it is looked for.
 * @param {Packages} packages
 * @param {Map<string, LockEntry>} [known] entries of the lock as npm wrote it
 * @returns {Packages}
 */
export function completePackages(packages, known = entriesByVersion(packages)) {
  const missing = Object.entries(missingEntries(packages))
  if (missing.length === 0) return packages
  const added = missing.map(([place, entry]) => [place, known.get(`${nameAt(place)}@${entry.version}`) ?? entry])
  return completePackages({ ...packages, ...Object.fromEntries(added) }, known)
}

/** @param {Packages} packages */
function entriesByVersion(packages) {
  return new Map(Object.entries(packages).map(([place, entry]) => [`${nameAt(place)}@${entry.version}`, entry]))
}

/** @param {string} place */
function nameAt(place) {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** @param {Packages} packages @returns {Packages} */
function missingEntries(packages) {
  /** @type {Packages} */
  const found = {}
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    const wanted = Object.entries(optionalDependencies).map(([name, range]) => ({ name, version: range.replace(/^[\^~]/, '') }))
    const place = placeOf(packages, parent, wanted)
    for (const { name, version } of wanted)
      if (foundFrom(packages, parent, name)?.version !== version) found[`${place}${name}`] = entryFor(name, version, dev)
  }
  return found
}

/** Where a sibling of the right version already lies; else the root. @param {Packages} packages @param {string} parent @param {{ name: string, version: string }[]} wanted */
function placeOf(packages, parent, wanted) {
  return (
    placesAbove(parent).find((place) => wanted.some(({ name, version }) => packages[place + name]?.version === version)) ?? 'node_modules/'
  )
}

/** As Node resolves: in the folder of the parent, then in those above it. @param {Packages} packages @param {string} parent @param {string} name */
function foundFrom(packages, parent, name) {
  const place = placesAbove(parent).find((candidate) => packages[candidate + name] !== undefined)
  return place === undefined ? undefined : packages[place + name]
}

/** 'node_modules/a/node_modules/b' → its own node_modules/, that of a, that of the root. @param {string} parent @returns {string[]} */
function placesAbove(parent) {
  if (parent === '') return ['node_modules/']
  return [`${parent}/node_modules/`, ...placesAbove(parent.slice(0, Math.max(0, parent.lastIndexOf('/node_modules/'))))]
}

/** @param {string} name @param {string} version @param {boolean | undefined} dev @returns {LockEntry} */
function entryFor(name, version, dev) {
  const words = name.split('/').at(-1)?.split('-') ?? []
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.some((word) => word.startsWith('gnu')) ? 'glibc' : undefined
  return {
    version,
    ...field(
      'cpu',
      words.filter((word) => processors.includes(word)),
    ),
    ...(dev === undefined ? {} : { dev }),
    ...field('libc', libc === undefined ? [] : [libc]),
    optional: true,
    ...field(
      'os',
      words.filter((word) => systems.includes(word)),
    ),
  }
}

/** @param {string} name @param {string[]} values */
function field(name, values) {
  return values.length === 0 ? {} : { [name]: values }
}

function completeLock() {
  const file = path.join(root, 'package-lock.json')
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  const complete = completePackages(lock.packages)
  const sorted = Object.entries(complete).sort(([a], [b]) => a.localeCompare(b, 'en'))
  if (complete !== lock.packages) writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
  process.stdout.write(`${sorted.length - Object.keys(lock.packages).length} entries added\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) completeLock()
