import { z } from 'zod'
import type { JsonSchema } from '@life-os/contract'

const FAULTS_MOST = 10

/**
 * What of a value does not fit a JSON Schema, each fault with its place, at most ten; empty when it fits, or when the schema
 * says more than is understood here (whoever takes the value checks again). Regular expressions are left out: strangers write
 * schemas, and a pattern can think for ever.
 */
export function faultsOf(schema: JsonSchema, value: unknown): string[] {
  const checker = checkerOf(schema)
  const result = checker?.safeParse(value)
  if (!result || result.success) return []
  return result.error.issues.slice(0, FAULTS_MOST).map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
}

const checkers = new WeakMap<JsonSchema, z.ZodType | null>()

function checkerOf(schema: JsonSchema): z.ZodType | null {
  const known = checkers.get(schema)
  if (known !== undefined) return known
  let made: z.ZodType | null = null
  try {
    made = z.fromJSONSchema(withoutPatterns(schema, 0) as Parameters<typeof z.fromJSONSchema>[0]) // it throws for what is none
  } catch {
    made = null
  }
  checkers.set(schema, made)
  return made
}

const DROPPED = new Set(['pattern', 'patternProperties', 'propertyNames'])
/** Keys whose value is a map of schemas by names, which are no keywords. */
const MAPS = new Set(['properties', '$defs', 'definitions'])
/** Keys whose value is data. */
const DATA = new Set(['enum', 'const', 'default', 'examples'])
const DEEPEST = 64

function withoutPatterns(schema: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw new Error('the schema is too deep')
  if (Array.isArray(schema)) return schema.map((one) => withoutPatterns(one, depth + 1))
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = Object.entries(schema).filter(([key]) => !DROPPED.has(key))
  return Object.fromEntries(kept.map(([key, value]: [string, unknown]) => [key, inside(key, value, depth)]))
}

function inside(key: string, value: unknown, depth: number): unknown {
  if (DATA.has(key)) return value
  if (!MAPS.has(key) || typeof value !== 'object' || value === null) return withoutPatterns(value, depth + 1)
  return Object.fromEntries(Object.entries(value).map(([name, one]: [string, unknown]) => [name, withoutPatterns(one, depth + 1)]))
}
