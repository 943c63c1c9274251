import { UNKNOWN } from '../types.ts'
import { UnknownRead } from './unknown.ts'

/** What an evaluation notices while it reads its scope. */
export interface Reader {
  sawUnknown: boolean
}

/** A record as CEL sees it: a Map whose entries enter CEL when they are read, so that big outputs cost nothing until used. */
export class RecordView extends Map<string, unknown> {
  readonly #raw: Readonly<Record<string, unknown>>
  readonly #reader: Reader
  readonly #unwrap: ((entry: unknown) => unknown) | undefined

  constructor(raw: Readonly<Record<string, unknown>>, reader: Reader, unwrap?: (entry: unknown) => unknown) {
    super()
    this.#raw = raw
    this.#reader = reader
    this.#unwrap = unwrap
  }

  /** The very record that is shown; entries that were wrapped come out bare. */
  bare(): unknown {
    const unwrap = this.#unwrap
    return unwrap ? Object.fromEntries(Object.entries(this.#raw).map(([key, entry]) => [key, unwrap(entry)])) : this.#raw
  }
  override get size(): number {
    return Object.keys(this.#raw).length
  }
  override has(key: string): boolean {
    return Object.hasOwn(this.#raw, key)
  }
  override get(key: string): unknown {
    return this.has(key) ? enter(this.#unwrap ? this.#unwrap(this.#raw[key]) : this.#raw[key], this.#reader) : undefined
  }
  override *entries(): MapIterator<[string, unknown]> {
    for (const key of Object.keys(this.#raw)) yield [key, this.get(key)]
  }
  override *values(): MapIterator<unknown> {
    for (const key of Object.keys(this.#raw)) yield this.get(key)
  }
  override *keys(): MapIterator<string> {
    yield* Object.keys(this.#raw)
  }
  override [Symbol.iterator](): MapIterator<[string, unknown]> {
    return this.entries()
  }
}
// CEL tells a map by `value.constructor === Map`; a subclass has to answer like its parent.
Object.defineProperty(RecordView.prototype, 'constructor', { value: Map })

const RAW_LIST = Symbol('raw list')

/** A list as CEL sees it: elements enter when they are read. */
function listView(raw: readonly unknown[], reader: Reader): readonly unknown[] {
  return new Proxy(raw, {
    get(target, property) {
      if (property === RAW_LIST) return target
      const value: unknown = Reflect.get(target, property)
      return typeof property === 'string' && /^\d/.test(property) ? enter(value, reader) : value
    },
  })
}

/** A value on its way into CEL: safe integers become BigInt, records and lists become views, an unknown throws. */
export function enter(value: unknown, reader: Reader): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? BigInt(value) : value
    case 'string':
    case 'boolean':
    case 'bigint':
      return value
    case 'undefined':
      return null
    case 'object':
      if (value === null) return null
      if (Array.isArray(value)) return listView(value, reader)
      return new RecordView(value as Record<string, unknown>, reader) // scope values are JSON: what is neither null nor a list is a record
    default:
      if (value !== UNKNOWN) throw new Error('a value that is not JSON cannot be read by an expression')
      reader.sawUnknown = true
      throw new UnknownRead()
  }
}

/** A value on its way out of CEL: JSON again; integers must be safe. Views leave as the very values they show. */
export function leave(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'bigint':
      return safeNumber(value)
    case 'number':
      if (Number.isFinite(value)) return value
      throw new Error(`the result ${value} is no number that can be kept`)
    case 'object':
      return value === null ? null : leaveObject(value)
    default:
      throw new Error(`the result is of a kind that cannot be kept (${typeof value})`)
  }
}

function leaveObject(value: object): unknown {
  if (value instanceof RecordView) return value.bare()
  if (Array.isArray(value)) {
    const raw = (value as { [RAW_LIST]?: unknown })[RAW_LIST] // only list views answer to this symbol
    return raw ?? value.map(leave)
  }
  if (value instanceof Date) return value.toISOString()
  const kind = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null // prototypes are untyped
  if (kind === null || kind === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, leave(entry)]))
  if (kind.constructor?.name === 'UnsignedInt') return safeNumber(BigInt(String(value)))
  if (kind.constructor?.name === 'Duration') return String(value)
  throw new Error('the result is of a kind that cannot be kept: turn it into a text or a number')
}

function safeNumber(value: bigint): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new Error(`the integer ${value} is beyond ±9007199254740991 and would lose digits: use string(…) to keep it as text`)
}
