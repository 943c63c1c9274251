import { BOOL, INT, mismatch, NULL, NUMBER, TEXT, type Type } from './types.ts'

/** Whether two values can never be equal, whatever a run brings. */
export const incomparable = (a: Type, b: Type): boolean => {
  const plain = (type: Type): Type => ({ ...type, nullable: true })
  if (a.kind === 'record' || b.kind === 'record' || a.kind === 'list' || b.kind === 'list')
    return a.kind !== 'dyn' && b.kind !== 'dyn' && a.kind !== b.kind && !(isRecord(a) && isRecord(b))
  return mismatch(plain(a), plain(b)) !== undefined && mismatch(plain(b), plain(a)) !== undefined
}
const isRecord = (type: Type): boolean => type.kind === 'record' || type.kind === 'map'

/** Whether a value of a type can be an argument; whole numbers and numbers are told apart only in a run. */
export const fits = (given: Type, wanted: Type): boolean =>
  given.kind === 'null' ? wanted.kind === 'dyn' || wanted.kind === 'null' : mismatch(given, wanted) === undefined

/** The type of a value that stands in an expression. */
export function literal(value: unknown): Type {
  if (value === null) return NULL
  switch (typeof value) {
    case 'string':
      return TEXT
    case 'bigint':
      return INT
    case 'number':
      return NUMBER
    case 'boolean':
      return BOOL
    default:
      return value instanceof Uint8Array ? { kind: 'bytes' } : INT // what is left is an unsigned integer
  }
}
