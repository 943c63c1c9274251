import type { LevelDomain } from './gate.ts'

/** A permission as a person reads it. `danger`: 0 looks where it was shown, 1 looks widely or changes one place, 2 changes widely or reaches out, 3 cannot be taken back or gives a secret away. */
export interface PermissionWords {
  title: string
  danger: 0 | 1 | 2 | 3
  /** Null for a kind this version does not know. */
  domain: LevelDomain | null
}
export interface WordsOptions {
  /** The home folder shown as `~`. Absent: any `/home/<name>` and `/Users/<name>`. */
  home?: string
}

interface Kind {
  domain: LevelDomain
  danger(pattern: string): PermissionWords['danger']
  title(pattern: string, show: (text: string) => string): string
}

/** A wildcard, and not a letter that a backslash stands before. */
const isWild = (pattern: string): boolean => /[*?[{]/.test(pattern.replace(ESCAPES, '.'))
const ESCAPES = /\\[\\*?[\]{}!+@]/g
/** Escaped letters as letters: what is shown is the name itself. */
const unescaped = (pattern: string): string => pattern.replace(ESCAPES, (pair) => pair.slice(1))

const isAll = (pattern: string): boolean => pattern === '**' || pattern === '*' || pattern === '/**'
/** A wildcard in one of the first three names reaches a whole disk, all homes or a whole home. */
const isWide = (pattern: string): boolean =>
  isAll(pattern) || /^(?:\*|\/(?:[^/*?[{]+\/){0,2}[^/]*[*?[{])/.test(pattern.replace(ESCAPES, '.'))

const files = (read: boolean): Kind => ({
  domain: 'files',
  danger: (pattern) => (read ? (isWide(pattern) ? 1 : 0) : isWide(pattern) ? 2 : 1),
  title(pattern, show) {
    const verb = read ? 'Read' : 'Change'
    if (isAll(pattern)) return `${verb} any file`
    if (pattern.endsWith('/**') && !isWild(pattern.slice(0, -3)))
      return `${verb} files in ${show(unescaped(pattern.slice(0, -3)))} and below`
    return isWild(pattern) ? `${verb} files that match ${show(pattern)}` : `${verb} ${show(unescaped(pattern))}`
  },
})

const named = (domain: LevelDomain, danger: PermissionWords['danger'], all: string, one: (name: string) => string): Kind => ({
  domain,
  danger: () => danger,
  title: (pattern, show) => (isAll(pattern) ? all : one(`“${show(pattern)}”`)),
})

const KINDS: Readonly<Record<string, Kind>> = {
  'fs.read': files(true),
  'fs.write': files(false),
  net: { domain: 'web', danger: (pattern) => (pattern.startsWith('*') ? 2 : 1), title: addressWords },
  exec: {
    domain: 'commands',
    danger: (pattern) => (/[*?[{]/.test(pattern) ? 3 : 2),
    title: (pattern, show) => `Run ${/^\*\*?$/.test(pattern) ? 'any program' : show(pattern)}, shut in a box`,
  },
  'secret.use': named('secrets', 2, 'Use any secret, without seeing it', (name) => `Use the secret ${name}, without seeing it`),
  'secret.read': named('secrets', 3, 'Read every secret in the clear', (name) => `Read the secret ${name} in the clear`),
  model: named('models', 1, 'Use any model', (name) => `Use models for ${name}`),
  browser: named('web', 2, 'Use a browser on any site', (name) => `Use a browser on ${name}`),
  'entity.read': named('data', 0, 'Read all entries', (name) => `Read entries of the kind ${name}`),
  'entity.write': named('data', 1, 'Change all entries', (name) => `Change entries of the kind ${name}`),
  device: named('home', 2, 'Use any device', (name) => `Use the device ${name}`),
  home: named('home', 2, 'Control everything in your home', (name) => `Control ${name} in your home`),
  spend: { domain: 'spending', danger: () => 3, title: moneyWords },
}

/** What follows `@` in a permission: it counts only for calls of that effect. */
const EFFECTS: Readonly<Record<string, string>> = {
  read: ', only to look',
  write: ', only for changes that can be undone',
  external: ', for what reaches outside',
}

/** Says in plain words what a permission gives. Pure and safe for hostile text: nothing in it can hide, reorder or forge words. */
export function describePermission(permission: string, options: WordsOptions = {}): PermissionWords {
  const at = permission.indexOf(':')
  const [name = '', effect] = (at < 0 ? permission : permission.slice(0, at)).split('@')
  const pattern = at < 0 ? '**' : permission.slice(at + 1)
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
  const suffix = effect === undefined ? '' : Object.hasOwn(EFFECTS, effect) ? EFFECTS[effect] : undefined
  if (!kind || suffix === undefined)
    return { title: `Something this version does not know: “${plain(permission)}”`, danger: 3, domain: null }
  const show = (text: string): string => plain(shortened(text, options.home))
  return { title: kind.title(pattern, show) + suffix, danger: kind.danger(pattern), domain: kind.domain }
}

/** Most dangerous first; equals in the order of their words. */
export function byDanger<Item extends string | { permission: string }>(list: readonly Item[]): Item[] {
  const worded = list.map((item) => {
    const permission = typeof item === 'string' ? item : item.permission
    const { title, danger } = describePermission(permission)
    return { item, danger, key: `${title}\n${permission}` }
  })
  return worded.toSorted((a, b) => b.danger - a.danger || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item)
}

function addressWords(pattern: string, show: (text: string) => string): string {
  if (isAll(pattern)) return 'Talk to any address, this home’s own network too'
  const split = /^(.*):(\d{1,5}|\*)$/.exec(pattern)
  const host = split?.[1] ?? pattern
  const port = split?.[2] ?? '*'
  if (host === '*' && port === '443') return 'Talk to any web site'
  if (host === '*' && port === '80') return 'Talk to any web site, without encryption'
  const place = host === '*' ? 'any address' : host.startsWith('*.') ? `every site below ${show(ascii(host.slice(2)))}` : show(ascii(host))
  const door = port === '443' ? '' : port === '80' ? ', without encryption' : port === '*' ? ' on any port' : ` on port ${port}`
  return `Talk to ${place}${door}`
}

function moneyWords(pattern: string, show: (text: string) => string): string {
  if (isAll(pattern)) return 'Spend money without a limit'
  const at = pattern.lastIndexOf('/')
  return at < 0 ? `Spend up to “${show(pattern)}”` : `Spend up to “${show(pattern.slice(0, at))}” per “${show(pattern.slice(at + 1))}”`
}

function shortened(path: string, home: string | undefined): string {
  const own = home === undefined ? /^\/(?:home|Users)\/[^/*?[{]+(?=\/|$)/.exec(path)?.[0] : home
  return own !== undefined && own !== '/' && (path === own || path.startsWith(`${own}/`)) ? `~${path.slice(own.length)}` : path
}

/** Longer texts lose their middle: both ends tell what a place is. */
const LONGEST = 120

/** Characters that cannot be seen, or that reorder what can, as their code; our quotation marks as plain ones. */
function plain(text: string): string {
  const characters = [...text]
  const cut = characters.length <= LONGEST ? text : `${characters.slice(0, 70).join('')} … ${characters.slice(-(LONGEST - 73)).join('')}`
  return cut
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u{3164}\u{115F}\u{1160}\u{FFA0}]|(?! )\p{Zs}/gu, code)
    .replace(/[“”„‟]/g, '"')
}
/** Letters of other scripts look like ours; a real address is written in ASCII. */
const ascii = (host: string): string => host.replace(/[^\p{ASCII}]/gu, code)
const code = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
/** The domain of a permission's kind; null for an unknown one. */
export const domainOf = (permission: string): LevelDomain | null => describePermission(permission).domain
