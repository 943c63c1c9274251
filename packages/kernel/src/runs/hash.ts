import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** SHA-256, in hexadecimal, of a value's canonical JSON (RFC 8785). */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(canonicalize(value) ?? 'null').digest('hex')
}

/** The key of a step's effects: the same for every try of one call, another for a redo. */
export function effectKey(run: string, path: string, itemKey: string | null): string {
  return createHash('sha256').update(JSON.stringify([run, path, itemKey])).digest('hex')
}
