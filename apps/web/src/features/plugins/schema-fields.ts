export interface SchemaField {
  name: string
  type: string
  required: boolean
  description: string
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {} // checked to be an object

/** A type in a few letters: `text`, `number`, `list of text`, `a | b`. */
export function typeWords(schema: unknown): string {
  const { type, enum: choices, anyOf, oneOf, items, const: constant } = record(schema)
  if (Array.isArray(choices)) return choices.map(String).join(' | ')
  if (constant !== undefined) return JSON.stringify(constant)
  const either = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : null
  if (either) return [...new Set(either.map(typeWords))].join(' | ')
  if (Array.isArray(type)) return type.map((each) => NAMES[String(each)] ?? String(each)).join(' | ')
  if (type === 'array') return `list of ${typeWords(items)}`
  return NAMES[String(type)] ?? (type === undefined ? 'anything' : String(type))
}
const NAMES: Record<string, string> = { string: 'text', integer: 'whole number', object: 'record', null: 'nothing', boolean: 'yes or no' }

/** The fields of an object schema, in its order. */
export function fieldsOf(schema: Record<string, unknown>): SchemaField[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(record(schema['properties'])).map(([name, field]) => ({
    name,
    type: typeWords(field),
    required: required.includes(name),
    description: String(record(field)['description'] ?? ''),
  }))
}
