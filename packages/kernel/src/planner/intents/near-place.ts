import { dirname, join, sep } from 'node:path'
import type { Places } from '../places.ts'
import { nearest } from '../words/spelling.ts'

/** Folders that hold more than this are not searched for what is nearly called so. */
const MOST_NAMES = 5000

/** What is there and is nearly called so: `~/Downloads/old` for `~/Downlods/old`. Null where there is no such place, or two. */
export async function nearPlace(
  path: string,
  kind: 'folder' | 'file' | null,
  places: Pick<Places, 'kind' | 'names'>,
): Promise<string | null> {
  let at: string = sep
  for (const name of path.split(sep).filter((part) => part !== '')) {
    const exact = join(at, name)
    if ((await places.kind(exact)) !== null) at = exact
    else {
      const names = await places.names(at)
      const meant = names.length > MOST_NAMES ? null : nearest(name, names)
      if (meant === null) return null
      at = join(at, meant)
    }
  }
  const found = await places.kind(at)
  return found !== null && at !== path && (kind === null || found === kind) ? at : null
}

/** How a path is told to people: from their home folder on. */
export function told(path: string, { home }: Pick<Places, 'home'>): string {
  return path === home || path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path
}

/** One sentence for a place that is not there, with the one that may be meant. */
export async function notThere(
  path: string,
  kind: 'folder' | 'file' | null,
  places: Pick<Places, 'home' | 'kind' | 'names'>,
): Promise<{ why: string; near: string | null }> {
  const near = await nearPlace(path, kind, places)
  const missing = `There is ${kind === null ? 'nothing at' : `no ${kind}`} ${told(path, places)}.`
  if (near !== null) return { why: `${missing} Did you mean ${told(near, places)}?`, near }
  const parent = dirname(path)
  const deeper = parent !== path && (await places.kind(parent)) === null
  return { why: deeper ? `${missing} There is no folder ${told(parent, places)} either.` : missing, near: null }
}
