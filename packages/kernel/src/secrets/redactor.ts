import { createMatcher } from './matcher.ts'
import type { Matcher, Needle } from './matcher.ts'
import { SHORTEST_VALUE, formsOf, placeholderOf } from './needles.ts'
import { meansPlace } from './place.ts'
import type { RedactingStream, Redactor } from './types.ts'

/** Values of one secret: those it has, and those it had while this process ran. */
export interface KnownValues {
  readonly name: string
  readonly values: readonly string[]
  readonly user?: string | undefined
  /** `host:port` patterns that it may be sent to. */
  readonly hosts?: readonly string[]
}

export interface LiveRedactor extends Redactor {
  /** From now on these values are known for a secret, besides those it had. */
  know(known: KnownValues): void
  /** A redactor of those secrets alone that may be sent to one of these places, kept up to date. */
  meant(places: readonly string[]): Redactor
}

interface Matchers {
  text: Matcher
  bytes: Matcher
}

interface Entry {
  readonly values: Set<string>
  readonly users: Set<string | undefined>
  readonly hosts: Set<string>
}
const VIEWS_KEPT = 200

/** Knows nothing at first. One is made before the store and the logger, so that both have it from their first line. */
export function createRedactor(): LiveRedactor {
  const known = new Map<string, Entry>()
  const views = new Map<string, Redactor>()
  let version = 0

  const view = (wanted: (entry: Entry) => boolean): Redactor => {
    let made: (Matchers & { version: number }) | undefined
    return redactorOver(() => {
      if (made?.version === version) return made
      const needles = [...known].flatMap(([name, entry]) => (wanted(entry) ? needlesOf(name, entry) : []))
      made = { version, text: createMatcher(needles), bytes: createMatcher(needles.map(asBytes)) }
      return made
    })
  }

  function know({ name, values, user, hosts = [] }: KnownValues): void {
    const entry = known.get(name) ?? { values: new Set(), users: new Set([undefined]), hosts: new Set() }
    known.set(name, entry)
    const before = entry.values.size + entry.users.size + entry.hosts.size
    for (const value of values) if (value.length >= SHORTEST_VALUE) entry.values.add(value)
    for (const host of hosts) entry.hosts.add(host)
    entry.users.add(user)
    if (entry.values.size + entry.users.size + entry.hosts.size > before) version += 1
  }

  function meant(places: readonly string[]): Redactor {
    const key = JSON.stringify(places)
    const kept = views.get(key)
    if (kept) return kept
    if (views.size >= VIEWS_KEPT) views.clear()
    const made = view(({ hosts }) => [...hosts].some((host) => places.some((place) => meansPlace(host, place))))
    views.set(key, made)
    return made
  }

  return Object.assign(
    view(() => true),
    { know, meant },
  )
}

function needlesOf(name: string, { values, users }: Entry): Needle[] {
  const instead = placeholderOf(name)
  const forms = new Set([...values].flatMap((value) => [...users].flatMap((user) => formsOf(value, user))))
  if (forms.size === 0) return []
  return [{ form: instead, instead }, ...[...forms].map((form) => ({ form, instead }))] // redacting twice changes nothing more
}

/** Forms as the bytes of their UTF-8, one character a byte. */
const asBytes = ({ form, instead }: Needle): Needle => ({ form: latin(form), instead: latin(instead) })
const latin = (text: string): string => Buffer.from(text).toString('latin1')

function redactorOver(matchers: () => Matchers): Redactor {
  const text = (given: string): string => matchers().text.scan(given, true).text
  const bytes = (given: Uint8Array): Uint8Array => {
    const { bytes: matcher } = matchers()
    if (matcher.empty) return given
    const scanned = matcher.scan(latinOf(given), true)
    return scanned.found ? Buffer.from(scanned.text, 'latin1') : given
  }
  return {
    get active() {
      return !matchers().text.empty
    },
    text,
    bytes,
    value: <T>(value: T): T => (matchers().text.empty ? value : (redactValue(value, { text, bytes }) as T)), // the same shape with other strings
    stream: () => createStream(matchers),
  }
}

const latinOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

function createStream(matchers: () => Matchers): RedactingStream {
  let rest = ''
  let found = false
  const take = (given: string, final: boolean): Uint8Array => {
    const scanned = matchers().bytes.scan(rest + given, final)
    rest = scanned.rest
    found ||= scanned.found
    return Buffer.from(scanned.text, 'latin1')
  }
  return {
    push: (bytes) => (rest === '' && matchers().bytes.empty ? bytes : take(latinOf(bytes), false)),
    end: () => take('', true),
    get found() {
      return found
    },
  }
}

/** Names of fields are redacted too: a plugin may answer with whatever record it likes. */
function redactValue(value: unknown, redactor: Pick<Redactor, 'text' | 'bytes'>): unknown {
  if (typeof value === 'string') return redactor.text(value)
  if (value instanceof Uint8Array) return redactor.bytes(value)
  if (Array.isArray(value)) {
    const items = value.map((item) => redactValue(item, redactor))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const redacted = entries.map(([key, item]) => [redactor.text(key), redactValue(item, redactor)] as const)
  const same = redacted.every(([key, item], index) => key === entries[index]?.[0] && item === entries[index]?.[1])
  return same ? value : Object.fromEntries(redacted)
}

/** For who is given none. */
export const nothingKnown: Redactor = {
  active: false,
  text: (text) => text,
  bytes: (bytes) => bytes,
  value: (value) => value,
  stream: () => ({ push: (bytes) => bytes, end: () => new Uint8Array(), found: false }),
}
