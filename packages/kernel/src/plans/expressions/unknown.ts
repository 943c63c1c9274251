import { UNKNOWN } from '../types.ts'

/** Thrown by an accessor of an unknown value, so that CEL's three-valued logic works: `true || unknown` is true. */
export class UnknownRead extends Error {
  constructor() {
    super('the value is known only after apply')
    this.name = 'UnknownRead'
  }
}

/** Whether a value is, or anywhere inside holds, {@link UNKNOWN}. */
export function isUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true
  if (typeof value !== 'object' || value === null) return false
  const stack: object[] = [value]
  for (let next = stack.pop(); next; next = stack.pop()) {
    for (const item of Array.isArray(next) ? next : Object.values(next)) {
      if (item === UNKNOWN) return true
      if (typeof item === 'object' && item !== null) stack.push(item)
    }
  }
  return false
}
