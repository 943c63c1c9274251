import { frameFault } from './fault.ts'
import { DEPTH_LIMIT } from './limits.ts'

/** Where in a value raw bytes stood (they are null in its JSON), and how many. */
export interface Mark {
  path: (string | number)[]
  size: number
}
export interface Packed {
  json: string | undefined
  marks: Mark[]
  parts: Uint8Array[]
  size: number
}

/** Splits a value into JSON and its raw bytes. Trailing `undefined`s of an array are left out, others become null as in JSON. */
export function pack(value: unknown): Packed {
  const marks: Mark[] = []
  const parts: Uint8Array[] = []
  let size = 0

  function lift(part: unknown, path: (string | number)[]): unknown {
    if (typeof part !== 'object' || part === null) return part
    if (part instanceof Uint8Array) {
      marks.push({ path: [...path], size: part.length })
      parts.push(part)
      size += part.length
      return null
    }
    if (path.length >= DEPTH_LIMIT) throw frameFault(`a value nests deeper than ${DEPTH_LIMIT} levels`)
    if (typeof (part as { toJSON?: unknown }).toJSON === 'function') return part // a Date, a URL: they know their JSON
    return Array.isArray(part) ? liftArray(part, path) : liftObject(part as Record<string, unknown>, path) // plain from here on
  }

  function liftArray(list: unknown[], path: (string | number)[]): unknown[] {
    let copy: unknown[] | undefined
    for (let index = 0; index < list.length; index++) {
      path.push(index)
      const lifted = lift(list[index], path)
      path.pop()
      if (lifted !== list[index]) (copy ??= [...list])[index] = lifted
    }
    return copy ?? list
  }

  function liftObject(object: Record<string, unknown>, path: (string | number)[]): Record<string, unknown> {
    let copy: Record<string, unknown> | undefined
    for (const key of Object.keys(object)) {
      path.push(key)
      const lifted = lift(object[key], path)
      path.pop()
      if (lifted !== object[key]) (copy ??= { ...object })[key] = lifted
    }
    return copy ?? object
  }

  const json = JSON.stringify(lift(value, []))
  return { json, marks, parts, size }
}

/** Makes parsed JSON safe to handle: removes own `__proto__` keys, refuses what nests too deep. Changes it in place. */
export function cleanse(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null) return
  if (depth >= DEPTH_LIMIT + 8) throw frameFault(`a value nests deeper than ${DEPTH_LIMIT} levels`)
  if (Array.isArray(value)) {
    for (const part of value) cleanse(part, depth + 1)
    return
  }
  const object = value as Record<string, unknown> // parsed JSON: a plain object
  for (const key of Object.keys(object)) {
    if (key === '__proto__') delete object[key]
    else cleanse(object[key], depth + 1)
  }
}

/** Puts raw bytes back to where {@link pack} took them from. Every mark must name a null that is really there. */
export function unpack(value: unknown, marks: readonly Mark[], bytes: Uint8Array): unknown {
  const root = { value }
  let at = 0
  for (const mark of marks) {
    const part = bytes.subarray(at, at + mark.size)
    at += mark.size
    place(root, ['value', ...mark.path], marks.length === 1 ? part : new Uint8Array(part))
  }
  if (at !== bytes.length) throw frameFault('a message carries more or fewer bytes than it says')
  return root.value
}

function place(root: object, path: readonly (string | number)[], part: Uint8Array): void {
  let holder = root as Record<string | number, unknown> // each level is checked for the own key before it is entered
  for (const [index, key] of path.entries()) {
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key))
      throw frameFault('bytes are marked at a place that is not there')
    if (index < path.length - 1) holder = holder[key] as Record<string | number, unknown> // checked at the next turn
    else if (holder[key] !== null) throw frameFault('bytes are marked at a place that holds something else')
    else holder[key] = part
  }
}
