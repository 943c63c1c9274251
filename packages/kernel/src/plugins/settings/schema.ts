import type { JsonSchema } from '@life-os/contract'
import { RE2JS } from 're2js'

/**
 * The part of JSON Schema that settings are made of: an object of texts, numbers, switches, choices, lists and objects of
 * those. `"format": "secret"` marks a text that holds a secret's name. Written by a stranger: patterns cannot backtrack.
 */
const KNOWN = new Set([
  '$schema',
  'type',
  'title',
  'description',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'default',
  'examples',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
])
const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean'])
const DEEPEST = 8
const MOST_FIELDS = 200
const FIELD = /^[A-Za-z][\w-]{0,62}$/
const SECRET_NAME = /^[a-z][a-z0-9-]{0,62}$/

/** What is wrong with a schema for settings, each as a sentence. */
export function schemaFaults(schema: JsonSchema, at = '', depth = 0): string[] {
  const where = at === '' ? 'the schema' : `"${at}"`
  if (depth > DEEPEST) return [`${where} is nested too deep.`]
  if (at === '' && schema['type'] !== 'object') return ['the schema must be of type "object".']
  const faults = Object.keys(schema)
    .filter((word) => !KNOWN.has(word))
    .map((word) => `${where} uses "${word.slice(0, 40)}", which settings do not know.`)
  if (!TYPES.has(String(schema['type'])) && schema['enum'] === undefined && schema['const'] === undefined)
    faults.push(`${where} needs a "type": ${[...TYPES].join(', ')}.`)
  if (schema['pattern'] !== undefined && compile(schema['pattern']) === null) faults.push(`${where} has a pattern that cannot be read.`)
  const fields = Object.entries(asRecord(schema['properties']))
  if (fields.length > MOST_FIELDS) return [...faults, `${where} has more than ${MOST_FIELDS} fields.`]
  for (const [name, field] of fields) {
    if (!FIELD.test(name)) faults.push(`${JSON.stringify(name.slice(0, 40))} is no name for a setting: letters, digits, "-" and "_".`)
    faults.push(...(isRecord(field) ? schemaFaults(field, inside(at, name), depth + 1) : [`"${inside(at, name)}" is no schema.`]))
  }
  if (isRecord(schema['items'])) faults.push(...schemaFaults(schema['items'], `${at}[]`, depth + 1))
  return faults
}

/** What is wrong with values, by field. */
export function valueFaults(schema: JsonSchema, value: unknown, at = ''): { field: string; message: string }[] {
  const fault = (message: string) => [{ field: at, message }]
  if (schema['const'] !== undefined && !isSame(schema['const'], value)) return fault(`must be ${JSON.stringify(schema['const'])}`)
  const choices = schema['enum']
  if (Array.isArray(choices) && !choices.some((choice) => isSame(choice, value)))
    return fault(`must be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`)
  switch (schema['type']) {
    case 'string':
      return typeof value === 'string' ? textFaults(schema, value).map((message) => ({ field: at, message })) : fault('must be text')
    case 'number':
    case 'integer':
      return numberFaults(schema, value).map((message) => ({ field: at, message }))
    case 'boolean':
      return typeof value === 'boolean' ? [] : fault('must be true or false')
    case 'array':
      return Array.isArray(value) ? listFaults(schema, value, at) : fault('must be a list')
    case 'object':
      return isRecord(value) ? objectFaults(schema, value, at) : fault('must be an object')
    default:
      return []
  }
}

/** Values with the defaults of the schema where nothing was set. */
export function withDefaults(schema: JsonSchema, values: Record<string, unknown>): Record<string, unknown> {
  const filled = { ...values }
  for (const [name, field] of Object.entries(asRecord(schema['properties']))) {
    if (!isRecord(field)) continue
    const given = Object.hasOwn(values, name) ? values[name] : field['default']
    if (isRecord(given) && field['type'] === 'object') filled[name] = withDefaults(field, given)
    else if (given !== undefined) filled[name] = given
  }
  return filled
}

function textFaults(schema: JsonSchema, value: string): string[] {
  const pattern = compile(schema['pattern'])
  return [
    ...(value.length < Number(schema['minLength'] ?? 0) ? [`must have at least ${schema['minLength']} letters`] : []),
    ...(value.length > Number(schema['maxLength'] ?? 100_000) ? [`must have at most ${schema['maxLength'] ?? 100_000} letters`] : []),
    ...(pattern && !pattern.matcher(value).find() ? [`must match ${String(schema['pattern'])}`] : []),
    ...(schema['format'] === 'secret' && !SECRET_NAME.test(value) ? ['must be the name of a secret, for example “mail-password”'] : []),
    ...(schema['format'] === 'uri' && URL.parse(value) === null ? ['must be an address'] : []),
  ]
}

function numberFaults(schema: JsonSchema, value: unknown): string[] {
  if (typeof value !== 'number' || !Number.isFinite(value)) return ['must be a number']
  return [
    ...(schema['type'] === 'integer' && !Number.isInteger(value) ? ['must be a whole number'] : []),
    ...(value < Number(schema['minimum'] ?? -Infinity) ? [`must be at least ${schema['minimum']}`] : []),
    ...(value > Number(schema['maximum'] ?? Infinity) ? [`must be at most ${schema['maximum']}`] : []),
  ]
}

function listFaults(schema: JsonSchema, value: readonly unknown[], at: string) {
  const most = Number(schema['maxItems'] ?? 10_000)
  if (value.length < Number(schema['minItems'] ?? 0)) return [{ field: at, message: `must have at least ${schema['minItems']} entries` }]
  if (value.length > most) return [{ field: at, message: `must have at most ${most} entries` }]
  const items = schema['items']
  return isRecord(items) ? value.flatMap((item, index) => valueFaults(items, item, `${at}[${index}]`)) : []
}

function objectFaults(schema: JsonSchema, value: Record<string, unknown>, at: string) {
  const fields = asRecord(schema['properties'])
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
  return [
    ...required.filter((name) => !Object.hasOwn(value, name)).map((name) => ({ field: inside(at, name), message: 'must be given' })),
    ...Object.entries(value).flatMap(([name, part]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (isRecord(field)) return valueFaults(field, part, inside(at, name))
      return isRecord(schema['additionalProperties'])
        ? valueFaults(schema['additionalProperties'], part, inside(at, name))
        : [{ field: inside(at, name), message: 'is not a setting of this plugin' }]
    }),
  ]
}

function compile(pattern: unknown): RE2JS | null {
  if (typeof pattern !== 'string' || pattern.length > 1000) return null
  try {
    return RE2JS.compile(pattern)
  } catch {
    return null
  }
}

const inside = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const asRecord = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
