export interface OutputField {
  name: string
  type: 'text' | 'number' | 'boolean'
  help: string
  required: boolean
}

const TYPES: Record<string, OutputField['type']> = { string: 'text', number: 'number', integer: 'number', boolean: 'boolean' }
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {} // checked to be an object

/** The fields of a flat object schema; null when only JSON can say what it asks for. */
export function outputFields(schema: Record<string, unknown>): OutputField[] | null {
  if (schema['type'] !== 'object') return null
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const fields: OutputField[] = []
  for (const [name, property] of Object.entries(record(schema['properties']))) {
    const { type, description } = record(property)
    const known = typeof type === 'string' ? TYPES[type] : undefined
    if (!known) return null
    fields.push({ name, type: known, help: typeof description === 'string' ? description : '', required: required.includes(name) })
  }
  return fields.length > 0 ? fields : null
}

/** The value that the filled-in fields stand for; a sentence when one is missing or not a number. */
export function outputOf(
  fields: readonly OutputField[],
  filled: Readonly<Record<string, string | boolean>>,
): { value: Record<string, unknown> } | { fault: string } {
  const value: Record<string, unknown> = {}
  for (const field of fields) {
    const given = filled[field.name] ?? (field.type === 'boolean' ? false : '')
    if (given === '') {
      if (field.required) return { fault: `Fill in ${field.name}.` }
      continue
    }
    if (field.type === 'number' && Number.isNaN(Number(given))) return { fault: `${field.name}: write a number.` }
    value[field.name] = field.type === 'number' ? Number(given) : given
  }
  return { value }
}
