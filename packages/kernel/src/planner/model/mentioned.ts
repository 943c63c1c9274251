import { join, resolve, sep } from 'node:path'
import { findPlace } from '../intents/find-place.ts'
import { placeWords, type PlaceName } from '../intents/place-words.ts'
import type { Places } from '../places.ts'
import { tokensOf } from '../words/tokens.ts'

const NAMED: readonly PlaceName[] = ['downloads', 'desktop', 'documents', 'pictures', 'music', 'videos']
const MOST_WORDS = 400

/** Places that a goal speaks of, as whole paths: those written out, and those that people have a word for. */
export async function mentioned(goal: string, places: Places): Promise<string[]> {
  const found = new Set<string>()
  for (const token of tokensOf(goal).slice(0, MOST_WORDS)) {
    const place = placeWords([token], goal)
    if (place?.kind === 'path') found.add(wholePath(place.path, places))
    if (place?.kind === 'named' && (place.base === 'home' || NAMED.some((name) => name === place.base))) {
      const there = await findPlace(place, 'path', places)
      if (there.ok) found.add(there.path)
    }
  }
  return [...found]
}

export const wholePath = (path: string, places: Pick<Places, 'home'>): string =>
  path === '~' || path.startsWith('~/') ? join(places.home, path.slice(1)) : resolve('/', path)

/** Whether a path is one of the places or lies below one; `..` leads out of none. */
export function isAmong(path: string, allowed: readonly string[], places: Pick<Places, 'home'>): boolean {
  const whole = wholePath(path, places)
  return allowed.some((place) => whole === place || whole.startsWith(place.endsWith(sep) ? place : place + sep))
}
