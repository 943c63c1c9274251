import { frameFault } from './fault.ts'
import { MESSAGE_LIMIT } from './limits.ts'
import type { Mark } from './value.ts'

/** The small part of a message: what it is and to what it belongs, flat fields only. Its value travels beside it. */
export type Head = { t: string } & Record<string, unknown>

export interface Opening {
  kind: 'opening'
  head: Head
  marks: Mark[]
  number: number
  json: number
  total: number
}
export type Header =
  | { kind: 'message'; head: Head; marks: Mark[]; value: unknown }
  | Opening
  | { kind: 'part'; number: number }
  | { kind: 'credit'; count: number }

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown, most = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most

/**
 * Reads a frame's header: `h` head, `v` value, `b` marks of raw bytes, `m` number of a long message (with the length of its
 * JSON and of everything in its opening), `c` credit. Throws `frame-invalid`.
 */
export function readHeader(text: string): Header {
  const header: unknown = JSON.parse(text)
  if (!isRecord(header)) throw frameFault('a header is not an object')
  if ('c' in header) return { kind: 'credit', count: count(header['c']) }
  if (!('h' in header)) return { kind: 'part', number: count(header['m']) }
  const head = readHead(header['h'])
  const marks = readMarks(header['b'])
  const long = header['m']
  if (long === undefined) return { kind: 'message', head, marks, value: header['v'] }
  if (!Array.isArray(long) || long.length !== 3) throw frameFault('a long message is announced without its lengths')
  const [number, json, total] = long as unknown[]
  return { kind: 'opening', head, marks, number: count(number), json: count(json, MESSAGE_LIMIT), total: count(total, MESSAGE_LIMIT) }
}

function count(value: unknown, most?: number): number {
  if (!isCount(value, most)) throw frameFault('a header holds a number that is out of bounds')
  return value
}

function readHead(value: unknown): Head {
  if (!isRecord(value) || typeof value['t'] !== 'string') throw frameFault('a message does not say what it is')
  for (const key of Object.keys(value)) {
    const part = value[key]
    if (key === '__proto__' || (typeof part === 'object' && part !== null)) throw frameFault('a message holds an odd field')
  }
  return value as Head // `t` is a string, checked above
}

function readMarks(value: unknown): Mark[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > 100_000) throw frameFault('a message marks its bytes wrongly')
  return value.map((mark: unknown) => {
    if (!Array.isArray(mark) || !Array.isArray(mark[0]) || !isCount(mark[1], MESSAGE_LIMIT))
      throw frameFault('a message marks its bytes wrongly')
    const path: unknown[] = mark[0]
    if (!path.every((key) => typeof key === 'string' || isCount(key))) throw frameFault('a message marks its bytes wrongly')
    return { path: path as (string | number)[], size: mark[1] } // each checked one line above
  })
}
