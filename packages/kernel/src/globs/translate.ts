/** What stands before and after a part of a glob: whether a `**` there is a whole name. */
interface Around {
  before: string
  after: string
}

const EXTENDED: Readonly<Record<string, string>> = { '@': '', '?': '?', '*': '*', '+': '+' }
const DEEPEST = 10

/** A glob as a regular expression without look-around, in RE2's syntax with dots for any letter; null where there is none. */
export function translate(glob: string, around: Around = { before: '', after: '' }, depth = 0): string | null {
  let source = ''
  let at = 0
  while (at < glob.length) {
    const part = group(glob, at, around, depth) ?? set(glob, at) ?? stars(glob, at, around) ?? letter(glob, at)
    if (part.source === null) return null
    source += part.source
    at = part.end
  }
  return source
}

interface Part {
  source: string | null
  end: number
}

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

function letter(glob: string, at: number): Part {
  if (glob[at] === '\\' && at + 1 < glob.length)
    return { source: quoted(pointAt(glob, at + 1)), end: at + 1 + pointAt(glob, at + 1).length }
  if (glob[at] === '?') return { source: '[^/]', end: at + 1 }
  const point = pointAt(glob, at)
  return { source: quoted(point), end: at + point.length }
}
const pointAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0)

/** `*` within a name; `**` as a whole name stands for any number of them, with the slash behind or before it. */
function stars(glob: string, at: number, { before, after }: Around): Part | null {
  if (glob[at] === '/' && /^\/\*{2,}$/.test(glob.slice(at)) && after === '' && at > 0 && !/[\\*]/.test(glob[at - 1] ?? ''))
    return { source: '(?:/.*)?', end: glob.length } // the folder itself too
  if (glob[at] !== '*') return null
  let end = at + 1
  while (glob[end] === '*' && glob[end + 1] !== '(') end += 1
  const prior = at === 0 ? before : glob[at - 1]
  const next = end === glob.length ? after : glob[end]
  const isWhole = (prior === '' || prior === '/') && (next === '' || next === '/')
  if (!isWhole) return { source: '[^/]*', end }
  if (end - at === 1) return { source: '[^/]+', end }
  return glob[end] === '/' ? { source: '(?:.*/)?', end: end + 1 } : { source: '.*', end }
}
/** `[a-z]` and `[!a-z]`: one letter of a name. */
function set(glob: string, at: number): Part | null {
  if (glob[at] !== '[') return null
  const negated = glob[at + 1] === '!' || glob[at + 1] === '^'
  const first = at + (negated ? 2 : 1)
  let end = first + 1 // a bracket that comes first is a letter
  while (end < glob.length && glob[end] !== ']') end += glob[end] === '\\' ? 2 : 1
  if (end >= glob.length) return null
  const letters = glob.slice(first, end).replace(/\\(.)|[[\]^&~]/gsu, (all: string, escaped: string | undefined) => `\\${escaped ?? all}`)
  const safe = letters.replace(/\\([A-Za-z0-9])/g, '$1')
  return { source: negated ? `[^/${safe}]` : `[${safe}]`, end: end + 1 }
}

/** `{a,b}` and `@(a|b)` with its kin; each alternative is a glob again. */
function group(glob: string, at: number, around: Around, depth: number): Part | null {
  const brace = glob[at] === '{'
  const open = brace ? at : at + 1
  if (!brace && (glob[open] !== '(' || !/[@?*+!]/.test(glob[at] ?? ''))) return null
  const parts = alternatives(glob, open, brace ? ',' : '|')
  if (!parts || (brace && parts.texts.length < 2)) return null
  if (glob[at] === '!' || depth >= DEEPEST) return { source: null, end: at }
  const { texts, end } = parts
  const inside = { before: at === 0 ? around.before : (glob[at - 1] ?? ''), after: end === glob.length ? around.after : (glob[end] ?? '') }
  const sources = texts.map((text) => translate(text, inside, depth + 1))
  if (sources.includes(null)) return { source: null, end }
  return { source: `(?:${sources.join('|')})${brace ? '' : EXTENDED[glob[at] ?? '']}`, end }
}

/** The texts between an opening bracket and the one that closes it; null when nothing does. */
function alternatives(glob: string, open: number, between: ',' | '|'): { texts: string[]; end: number } | null {
  const texts: string[] = []
  let from = open + 1
  let level = 0
  const take = (at: number): number => {
    texts.push(glob.slice(from, at))
    return at + 1
  }
  for (let at = open; at < glob.length; at += 1) {
    const letter = glob[at]
    if (letter === '\\') at += 1
    else if (letter === '{' || letter === '(') level += 1
    else if (letter === '}' || letter === ')') level -= 1
    else if (letter === between && level === 1) from = take(at)
    if (level > 0) continue
    return { texts: [...texts, glob.slice(from, at)], end: at + 1 }
  }
  return null
}
