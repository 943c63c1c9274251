import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { wellFormed } from '../schemas/index.ts'

/** SHA-256, in hexadecimal, of a value's canonical JSON (RFC 8785). */
export function canonicalHash(value: unknown): string {
  return hash('sha256', canonicalize(wellFormed(value)) ?? 'null')
}

/** The key of a step's effects: the same for every try of one call, another for a redo. */
export function effectKey(run: string, path: string, itemKey: string | null): string {
  return hash('sha256', JSON.stringify([run, path, itemKey]))
}
