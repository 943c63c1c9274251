/** A form of a value, and what stands in its place. */
export interface Needle {
  readonly form: string
  readonly instead: string
}

export interface Scanned {
  readonly text: string
  /** The end of the text that may be the beginning of a form; empty when the text was final. */
  readonly rest: string
  readonly found: boolean
}

export interface Matcher {
  /** Replaces each form, the longest at the earliest place. Not final: keeps back an end that may go on to be a form. */
  scan(text: string, final: boolean): Scanned
  readonly empty: boolean
}

/** Characters. */
const WINDOW = 4

/**
 * Finds many forms at once: a bitmap of the hashes of their first four characters passes over ordinary text at a few
 * nanoseconds a character, however many forms there are. Forms have at least four characters.
 */
export function createMatcher(needles: readonly Needle[]): Matcher {
  const starts = new Uint8Array(65_536)
  const buckets = new Map<number, Needle[]>()
  const byFirst = new Map<string, Needle[]>()
  const longestFirst = needles.toSorted((a, b) => b.form.length - a.form.length)
  for (const needle of longestFirst) {
    const window = windowAt(needle.form, 0)
    starts[hashOf(window)] = 1
    push(buckets, window, needle)
    push(byFirst, needle.form.charAt(0), needle)
  }

  const candidatesAt = (text: string, at: number): readonly Needle[] =>
    (text.length - at < WINDOW ? byFirst.get(text.charAt(at)) : buckets.get(windowAt(text, at))) ?? []
  /** Whether the rest of the text is a proper beginning of some form. */
  const mayGoOn = (text: string, at: number): boolean => {
    const left = text.length - at
    return candidatesAt(text, at).some(({ form }) => form.length > left && form.startsWith(text.slice(at)))
  }
  /** The next place where some form may begin. */
  const nextStart = (text: string, from: number, final: boolean): number => {
    const end = text.length - WINDOW
    if (from <= end) {
      let window = windowAt(text, from)
      for (let at = from; at <= end; at += 1) {
        if (starts[hashOf(window)] === 1) return at
        window = (window << 8) | (text.charCodeAt(at + WINDOW) & 255)
      }
    }
    return final ? text.length : Math.max(from, end + 1, 0)
  }

  function scan(text: string, final: boolean): Scanned {
    const parts: string[] = []
    let from = 0
    let found = false
    for (let at = nextStart(text, 0, final); at < text.length; at = nextStart(text, at, final)) {
      if (!final && mayGoOn(text, at)) {
        parts.push(text.slice(from, at))
        return { text: parts.join(''), rest: text.slice(at), found }
      }
      const needle = candidatesAt(text, at).find(({ form }) => text.startsWith(form, at))
      if (!needle) {
        at += 1
        continue
      }
      parts.push(text.slice(from, at), needle.instead)
      found ||= needle.form !== needle.instead
      at += needle.form.length
      from = at
    }
    if (parts.length === 0) return { text, rest: '', found }
    parts.push(text.slice(from))
    return { text: parts.join(''), rest: '', found }
  }

  return { scan, empty: needles.length === 0 }
}

function push<Key>(lists: Map<Key, Needle[]>, key: Key, needle: Needle): void {
  const list = lists.get(key)
  if (list) list.push(needle)
  else lists.set(key, [needle])
}

/** The low bytes of four characters. */
const windowAt = (text: string, at: number): number =>
  ((text.charCodeAt(at) & 255) << 24) |
  ((text.charCodeAt(at + 1) & 255) << 16) |
  ((text.charCodeAt(at + 2) & 255) << 8) |
  (text.charCodeAt(at + 3) & 255)
/** Multiplicative hashing (Knuth, volume 3, section 6.4), to 16 bits. */
const hashOf = (window: number): number => Math.imul(window, 0x9e3779b1) >>> 16
