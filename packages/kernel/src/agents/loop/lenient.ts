import type { JsonSchema } from '@life-os/contract'
import { faultsOf } from '../../schemas/index.ts'

/**
 * The input as the model meant it: small models write `null` for what they leave out, and JSON as text. Only what does not fit
 * as it is is mended, and only where it fits then.
 */
export function lenient(schema: JsonSchema, input: unknown): unknown {
  if (faultsOf(schema, input).length === 0) return input
  const candidates = [parsed(input), withoutNulls(schema, parsed(input))]
  return candidates.find((candidate) => candidate !== input && faultsOf(schema, candidate).length === 0) ?? input
}

function parsed(input: unknown): unknown {
  if (typeof input !== 'string') return input ?? {}
  try {
    return JSON.parse(input) as unknown
  } catch {
    return input
  }
}

function withoutNulls(schema: JsonSchema, input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
  return Object.fromEntries(Object.entries(input).filter(([key, value]) => value !== null || required.includes(key)))
}
