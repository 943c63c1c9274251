import { stem } from '../words/stem.ts'
import type { Token } from '../words/tokens.ts'

/** Where something is, as a person says it. Whether it is there is looked at later. */
export type PlaceWords =
  /** A whole path, as given. */
  | { kind: 'path'; path: string; sure: boolean }
  /** `names` below a place that has a name of its own, or below wherever such a thing is. */
  | { kind: 'named'; base: PlaceName | PlaceWords | null; names: readonly string[] }

export type PlaceName = 'home' | 'downloads' | 'desktop' | 'documents' | 'pictures' | 'music' | 'videos'

const NAMES: ReadonlyMap<string, PlaceName> = new Map(
  Object.entries({
    home: 'home',
    download: 'downloads',
    desktop: 'desktop',
    document: 'documents',
    picture: 'pictures',
    photo: 'pictures',
    image: 'pictures',
    music: 'music',
    video: 'videos',
    movie: 'videos',
  } as const).map(([word, name]) => [stem(word), name]),
)
const FOLDER = new Set(['folder', 'directory', 'dir'].map(stem))
const ARTICLES = new Set(
  ['the', 'my', 'a', 'an', 'our', 'all', 'this', 'that', 'of', 'every', 'each', 'whole', 'entire', 'in', 'inside'].map(stem),
)
/** What is in a place, said before the place. */
const HELD = new Set(['everything', 'file', 'photo', 'picture', 'image', 'document', 'content', 'stuff', 'thing'].map(stem))
const BELOW = new Set(['in', 'inside', 'within', 'under', 'below', 'of', 'on', 'from'].map(stem))
const CALLED = new Set(['called', 'named'].map(stem))

/** What words may say of a place; null where they say something else. */
export function placeWords(tokens: readonly Token[], goal: string): PlaceWords | null {
  const said = dropLeading(tokens)
  const first = said[0]
  if (!first) return null
  if (first.kind === 'path' || (first.kind === 'quoted' && /^(?:[~/]|[a-z]:[\\/]|\\\\)/i.test(first.text)))
    return wholePath(said, first, goal)
  if (first.kind === 'url') return null
  return placed(said) ?? nameOf(said)
}

const holds = (tokens: readonly Token[], at: number): boolean => HELD.has(tokens[at]?.stem ?? '') && BELOW.has(tokens[at + 1]?.stem ?? '')

function dropLeading(tokens: readonly Token[]): readonly Token[] {
  const from = tokens.findIndex((token, index) => token.kind !== 'word' || !(ARTICLES.has(token.stem) || holds(tokens, index)))
  const rest = from < 0 ? [] : tokens.slice(from)
  const opens = rest[0]?.kind === 'word' && FOLDER.has(rest[0].stem) && rest.length > 1
  if (!opens) return rest
  const after = rest.slice(1)
  return after[0] && CALLED.has(after[0].stem) && after.length > 1 ? after.slice(1) : after
}

/** A path may be followed by the word folder. Words after it may belong to it, if such a path is there. */
function wholePath(said: readonly Token[], first: Token, goal: string): PlaceWords | null {
  const last = said.at(-1) ?? first
  if (said.length === 1 || (said.length === 2 && FOLDER.has(last.stem))) return { kind: 'path', path: first.text, sure: true }
  return first.kind === 'path' ? { kind: 'path', path: goal.slice(first.start, last.end), sure: false } : null
}

/** `Invoices in my documents`, `the 2024 folder of ~/Pictures`. */
function placed(said: readonly Token[]): PlaceWords | null {
  const at = said.findIndex((token, index) => index > 0 && token.kind === 'word' && BELOW.has(token.stem))
  if (at < 0) return null
  const inner = nameOf(said.slice(0, at))
  const outer = placeWords(said.slice(at + 1), '')
  if (!inner || inner.kind !== 'named' || !outer || (outer.kind === 'named' && outer.base === null)) return null
  return inner.base === null ? { kind: 'named', base: outer, names: inner.names } : null
}

function nameOf(said: readonly Token[]): PlaceWords | null {
  const words = said.length > 1 && FOLDER.has(said.at(-1)?.stem ?? '') ? said.slice(0, -1) : said
  const [one] = words
  if (!one || words.some((token) => token.kind === 'path' || token.kind === 'url')) return null
  const known = words.length === 1 && one.kind === 'word' ? NAMES.get(one.stem) : undefined
  if (known) return { kind: 'named', base: known, names: [] }
  const names = words
    .map((token) => token.text)
    .join(' ')
    .replace(/^\.\/+/, '')
    .split('/')
    .filter((name) => name !== '')
  return words.length <= 4 && names.length > 0 && !names.some((name) => /^\.+$/.test(name)) ? { kind: 'named', base: null, names } : null
}
