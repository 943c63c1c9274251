import type { Overlay } from '../types.ts'
import type { Disk } from '../disk/disk.ts'
import type { Entry } from '../disk/entry.ts'
import type { Content, View } from '../disk/view.ts'
import { fault, pathMissing } from '../paths/faults.ts'
import { isWithin, joinPath, nameOf, parentOf, resolveTarget } from '../paths/path.ts'

/** One place of the predicted tree. What it does not say itself is asked of `origin`, the disk path it stems from. */
export interface Place {
  readonly origin: string | null
  readonly entry: Entry | null
  readonly content: Content | null
  /** Places that differ from the origin's; null is absent. */
  readonly children: Map<string, Place | null>
  /** Numbers found taken per wished name; forgotten when a name becomes free. */
  readonly numbers: Map<string, number>
}

export const placeOf = (parts: Partial<Place>): Place => ({
  origin: null,
  entry: null,
  content: null,
  ...parts,
  children: parts.children ?? new Map<string, Place | null>(),
  numbers: new Map(),
})

/** As many as Linux follows. */
const LINKS = 40

type Located = { at: 'absent' } | { at: 'place'; place: Place } | { at: 'disk'; path: string }

/** A predicted file system over the disk: moving a folder of any size is one step, looking up costs the depth of the path. */
export interface PredictedWorld extends Overlay, View {
  set(path: string, place: Place | null): void
  /** The place at a path, to be set elsewhere. Throws `path-missing`. */
  take(path: string): Promise<Place>
  /** Reserves memory for a content; false when the preview holds enough already. */
  hold(bytes: number, limit: number): boolean
  /** Counts text that a person is shown; false when the preview shows enough already. */
  show(characters: number, limit: number): boolean
  /** Runs planning and predicting of one call as one, so that two calls never pick one free name. */
  exclusive<T>(work: () => Promise<T>): Promise<T>
}

export function createOverlay(disk: Disk): PredictedWorld {
  const root = placeOf({ origin: '/' })
  let size = 0
  let held = 0
  let shown = 0
  let last: Promise<unknown> = Promise.resolve()
  const canonicalFolders = new Map<string, string>()

  const locate = (path: string): Located => {
    let place = root
    if (path === '/') return { at: 'disk', path }
    const names = path.slice(1).split('/')
    for (const [at, name] of names.entries()) {
      const child = place.children.get(name)
      if (child === null) return { at: 'absent' }
      if (child === undefined)
        return place.origin === null ? { at: 'absent' } : { at: 'disk', path: names.slice(at).reduce(joinPath, place.origin) }
      place = child
    }
    return { at: 'place', place }
  }
  const ensure = (folder: string): Place => {
    let place = root
    if (folder === '/') return place
    for (const name of folder.slice(1).split('/')) {
      let child = place.children.get(name)
      if (!child) {
        const gone = child === null // what is on disk there was taken away
        child = placeOf({ origin: gone || place.origin === null ? null : joinPath(place.origin, name) })
        place.children.set(name, child)
      }
      place = child
    }
    return place
  }
  const entry = async (path: string): Promise<Entry | null> => {
    const found = locate(path)
    if (found.at === 'absent') return null
    if (found.at === 'disk') return disk.entry(found.path)
    return found.place.entry ?? (found.place.origin === null ? null : disk.entry(found.place.origin))
  }
  const canonicalFolder = async (folder: string, links = 0): Promise<string> => {
    const known = canonicalFolders.get(folder)
    if (known !== undefined) return known
    const real = folder === '/' ? '/' : await resolveFolder(folder, links)
    canonicalFolders.set(folder, real)
    return real
  }
  const resolveFolder = async (folder: string, links: number): Promise<string> => {
    const found = locate(folder)
    if (found.at === 'disk' && found.path === folder) return disk.canonical(joinPath(folder, 'x')).then(parentOf)
    const item = await entry(folder)
    if (item?.kind === 'link') return followLink(folder, item.target ?? '', links)
    if (item && item.kind !== 'folder')
      throw fault('not-a-folder', `A part of ${folder} is not a folder; choose another place.`, { details: { path: folder } })
    return joinPath(await canonicalFolder(parentOf(folder), links), nameOf(folder))
  }
  const followLink = async (link: string, target: string, links: number): Promise<string> => {
    if (links >= LINKS)
      throw fault('path-not-allowed', `${link} leads through too many links; name the place itself.`, { details: { path: link } })
    const folder = joinPath(await canonicalFolder(parentOf(link), links), nameOf(link))
    return canonicalFolder(resolveTarget(folder, target), links + 1)
  }
  const entries = async (folder: string): Promise<Map<string, Entry>> => {
    const found = locate(folder)
    if (found.at === 'absent') throw pathMissing(folder)
    if (found.at === 'disk') return disk.entries(found.path)
    const { place } = found
    if ((await entry(folder))?.kind !== 'folder')
      throw fault('not-a-folder', `${folder} is not a folder; choose another place.`, { details: { path: folder } })
    const merged = place.origin === null ? new Map<string, Entry>() : await disk.entries(place.origin)
    for (const name of place.children.keys()) {
      const child = await entry(joinPath(folder, name))
      if (child) merged.set(name, child)
      else merged.delete(name)
    }
    return new Map([...merged].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }
  return {
    get size() {
      return size
    },
    canonical: async (path) => (path === '/' ? path : joinPath(await canonicalFolder(parentOf(path)), nameOf(path))),
    entry,
    entries,
    async content(path) {
      const found = locate(path)
      if (found.at === 'disk') return { kind: 'disk', path: found.path }
      if (found.at === 'absent') throw pathMissing(path)
      if (found.place.content) return found.place.content
      if (found.place.origin === null) throw fault('not-a-file', `${path} is a folder; name a file.`, { details: { path } })
      return { kind: 'disk', path: found.place.origin }
    },
    numberFrom: (wished) => {
      const found = locate(parentOf(wished))
      return (found.at === 'place' && found.place.numbers.get(nameOf(wished))) || 2
    },
    foundNumber: (wished, number) => void ensure(parentOf(wished)).numbers.set(nameOf(wished), number),
    set(path, place) {
      const parent = ensure(parentOf(path))
      if (!parent.children.has(nameOf(path))) size += 1
      parent.children.set(nameOf(path), place)
      if (place === null) parent.numbers.clear()
      for (const folder of canonicalFolders.keys()) {
        if (isWithin(folder, path)) return canonicalFolders.clear()
      }
    },
    async take(path) {
      const found = locate(path)
      if (found.at === 'absent') throw pathMissing(path)
      return found.at === 'place' ? found.place : placeOf({ origin: found.path })
    },
    hold(bytes, limit) {
      if (held + bytes > limit) return false
      held += bytes
      return true
    },
    show(characters, limit) {
      if (shown + characters > limit) return false
      shown += characters
      return true
    },
    exclusive(work) {
      const run = last.then(work, work)
      last = run.catch(() => undefined)
      return run
    },
  }
}
