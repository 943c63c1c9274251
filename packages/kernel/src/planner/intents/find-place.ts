import { basename, join, resolve } from 'node:path'
import type { Places } from '../places.ts'
import { nearest } from '../words/spelling.ts'
import { notThere, told } from './near-place.ts'
import type { PlaceName, PlaceWords } from './place-words.ts'

/** Where words lead: a path, which is there or is what was said to the letter; or why they lead nowhere. */
export type FoundPlace = { ok: true; path: string; there: boolean } | { ok: false; why: string; near?: string }

/** Everything that has a name of its own; what is just called by a name is looked for in each of them. */
const AROUND: readonly PlaceName[] = ['home', 'documents', 'downloads', 'desktop', 'pictures', 'music', 'videos']

/** Looks where a place is. Nothing is made up: a name that is not found, or found twice, leads nowhere. `file`: it must be one. */
export async function findPlace(place: PlaceWords, type: 'path' | 'file', places: Places): Promise<FoundPlace> {
  const found = place.kind === 'path' ? await wholePath(place.path, place.sure, places) : await named(place.base, place.names, places)
  if (!found.ok || type === 'path') return found
  const kind = await places.kind(found.path)
  if (kind === 'file') return found
  if (kind === 'folder') return { ok: false, why: `${told(found.path, places)} is a folder, not a file.` }
  return lost(await notThere(found.path, 'file', places))
}

async function wholePath(said: string, sure: boolean, places: Places): Promise<FoundPlace> {
  if (/^(?:[a-z]:|\\\\)/i.test(said))
    return { ok: false, why: `“${said}” is a path of Windows, and this machine has none. Give one such as ~/Downloads.` }
  const path = said === '~' || said.startsWith('~/') ? join(places.home, said.slice(1)) : resolve('/', said)
  const there = (await places.kind(path)) !== null
  return sure || there ? { ok: true, path, there } : lost(await notThere(path, null, places))
}

const lost = ({ why, near }: { why: string; near: string | null }): FoundPlace => ({ ok: false, why, ...(near !== null && { near }) })

async function named(base: PlaceName | PlaceWords | null, names: readonly string[], places: Places): Promise<FoundPlace> {
  if (base === null) return anywhere(names, places)
  const outer: FoundPlace =
    typeof base === 'string' ? { ok: true, path: await places.named(base), there: true } : await findPlace(base, 'path', places)
  if (!outer.ok) return outer
  const path = names.length === 0 ? outer.path : await below(outer.path, names, places)
  if (path !== null && (await places.kind(path)) !== null) return { ok: true, path, there: true }
  return lost(await notThere(join(outer.path, ...names.filter(isName)), names.length === 0 ? 'folder' : null, places))
}

async function anywhere(names: readonly string[], places: Places): Promise<FoundPlace> {
  const roots = await Promise.all(AROUND.map((name) => places.named(name)))
  const found = new Set((await Promise.all([...new Set(roots)].map((root) => below(root, names, places)))).filter((path) => path !== null))
  const [only] = found
  if (only !== undefined && found.size === 1) return { ok: true, path: only, there: true }
  const what = `“${names.join('/')}”`
  if (only !== undefined)
    return { ok: false, why: `There is more than one ${what}: ${[...found].map((path) => told(path, places)).join(', ')}.` }
  const near = await nearAround(names, roots, places)
  const missing = `No folder ${what} was found.`
  return near === null ? { ok: false, why: missing } : { ok: false, why: `${missing} Did you mean ${told(near, places)}?`, near }
}

/** The one place around that is nearly called so. */
async function nearAround(names: readonly string[], roots: readonly string[], places: Places): Promise<string | null> {
  const [name, ...more] = names
  if (name === undefined || more.length > 0) return null
  const there = new Map<string, string>()
  for (const root of new Set(roots)) for (const one of await places.names(root)) there.set(join(root, one), one)
  const meant = nearest(name, new Set(there.values()))
  const paths = [...there].flatMap(([path, one]) => (one === meant ? [path] : []))
  return paths.length === 1 && (await places.kind(paths[0] ?? '')) === 'folder' ? (paths[0] ?? null) : null
}

const isName = (name: string): boolean => name === basename(name) && name !== '..' && name !== ''

/** The path of names below a folder as they are really written there, whatever their case; null if they are not. */
async function below(folder: string, names: readonly string[], places: Places): Promise<string | null> {
  let path = folder
  for (const name of names) {
    if (!isName(name)) return null
    const there = await places.names(path)
    const alike = there.filter((one) => one.toLowerCase() === name.toLowerCase())
    const real = there.includes(name) ? name : alike.length === 1 ? alike[0] : undefined
    if (real === undefined) return null
    path = join(path, real)
  }
  return path
}
