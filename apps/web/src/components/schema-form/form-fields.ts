export type FieldKind = 'text' | 'long' | 'number' | 'boolean' | 'choice' | 'several' | 'lines' | 'secret' | 'path' | 'record' | 'json'

/** One field of a form, read from one property of a JSON Schema. */
export interface FormField {
  name: string
  label: string
  help: string
  kind: FieldKind
  required: boolean
  choices: readonly string[]
  /** What each choice is called. */
  titles: readonly string[]
  integer: boolean
  min: number | undefined
  max: number | undefined
  pattern: string | undefined
  /** Given by the schema's `default`; undefined when it names none. */
  first: unknown
  fields: readonly FormField[]
}
/** What stands in the fields: numbers and JSON as their text, so that nothing typed is lost. */
export type Filled = Readonly<Record<string, unknown>>

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {} // checked to be an object
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

/** `keepDays` and `keep-days` become “Keep days”. */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
  return (words[0] ?? '').toUpperCase() + words.slice(1)
}

const texts = (value: unknown): string[] | null =>
  Array.isArray(value) && value.every((each): each is string => typeof each === 'string') ? value : null
const marksSecret = (schema: Record<string, unknown>): boolean => schema['format'] === 'secret'
const PATH_NAMES = /^(path|folder|file|from|to|source|target|cwd|directory)$/i
const LONG = 200

function kindOf(name: string, schema: Record<string, unknown>): FieldKind {
  const { type, items, maxLength, format } = schema
  if (marksSecret(schema)) return 'secret'
  if (texts(schema['enum'])) return 'choice'
  if (type === 'boolean') return 'boolean'
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'array' && texts(record(items)['enum'])) return 'several'
  if (type === 'array') return record(items)['type'] === 'string' ? 'lines' : 'json'
  if (type === 'object') return Object.keys(record(schema['properties'])).length > 0 ? 'record' : 'json'
  if (type !== 'string') return 'json'
  if (format === 'path' || PATH_NAMES.test(name)) return 'path'
  return format === 'multiline' || (typeof maxLength === 'number' && maxLength > LONG) || /^(text|content|body|script|code)$/.test(name)
    ? 'long'
    : 'text'
}

/** The fields of an object schema in its order; nested objects are records of fields, what no field can hold is JSON. */
export function formFields(schema: Record<string, unknown>): FormField[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(record(schema['properties'])).map(([name, property]) => {
    const own = simplified(record(property))
    const kind = kindOf(name, own)
    const chosen = kind === 'several' ? record(own['items']) : kind === 'choice' ? own : {}
    const choices = texts(chosen['enum']) ?? []
    const titles = texts(chosen['enumNames']) ?? []
    return {
      name,
      label: text(own['title']) || labelOf(name),
      help: text(own['description']),
      kind,
      required: required.includes(name) && own['default'] === undefined,
      choices,
      titles: choices.map((choice, index) => titles[index] ?? choice),
      integer: own['type'] === 'integer',
      min: number(own['minimum']),
      max: limit(number(own['maximum'])),
      pattern: text(own['pattern']) || undefined,
      first: own['default'],
      fields: kind === 'record' ? formFields(own) : [],
    }
  })
}
/** Whole numbers carry JavaScript's own limits, which say nothing to a person. */
const limit = (value: number | undefined): number | undefined => (value === Number.MAX_SAFE_INTEGER ? undefined : value)

/** `anyOf` with null is the other one; a person leaves it empty. */
function simplified(schema: Record<string, unknown>): Record<string, unknown> {
  const either = Array.isArray(schema['anyOf']) ? schema['anyOf'].map(record).filter((each) => each['type'] !== 'null') : []
  return either.length === 1 ? { ...either[0], ...schema, anyOf: undefined } : schema
}

/** What a field shows for a value. */
export function shownValue(field: FormField, value: unknown): unknown {
  const given = value ?? field.first
  switch (field.kind) {
    case 'boolean':
      return given === true
    case 'several':
    case 'lines':
      return Array.isArray(given) ? given.map(String) : []
    case 'record':
      return shownValues(field.fields, record(given))
    case 'json':
      return given === undefined ? '' : JSON.stringify(given, null, 2)
    case 'choice':
      return given === undefined ? (field.required ? (field.choices[0] ?? '') : '') : String(given)
    default:
      return given === undefined || given === null ? '' : String(given)
  }
}
export const shownValues = (fields: readonly FormField[], values: Readonly<Record<string, unknown>>): Filled =>
  Object.fromEntries(fields.map((field) => [field.name, shownValue(field, values[field.name])]))

/** What is wrong with a field and how to mend it; undefined when it is good. */
export function fieldFault(field: FormField, value: unknown): string | undefined {
  if (field.kind === 'record')
    return field.fields.map((each) => named(each, fieldFault(each, record(value)[each.name]))).find((fault) => fault !== undefined)
  const empty = value === '' || value === undefined || value === null || (Array.isArray(value) && value.length === 0)
  if (empty) return field.required && field.kind !== 'boolean' && field.kind !== 'lines' ? MISSING[field.kind] : undefined
  if (field.kind === 'number') return numberFault(field, value)
  if (field.kind === 'json') return jsonOf(String(value)) === undefined ? 'This is not JSON yet.' : undefined
  if (field.kind === 'path' && !/^(\/|~|[a-z]:[\\/])/i.test(String(value))) return 'Write the whole path, beginning with / or ~.'
  if (field.pattern !== undefined && typeof value === 'string' && !fits(field.pattern, value))
    return `This does not fit the pattern ${field.pattern}.`
  return undefined
}
const named = (field: FormField, fault: string | undefined): string | undefined => fault && `${field.label}: ${fault}`
const MISSING: Record<FieldKind, string> = {
  text: 'Write something here.',
  long: 'Write something here.',
  number: 'Write a number.',
  boolean: '',
  choice: 'Choose one.',
  several: 'Choose at least one.',
  lines: '',
  secret: 'Choose a secret, or make one.',
  path: 'Choose a place.',
  record: 'Fill this in.',
  json: 'Write it as JSON.',
}
function numberFault(field: FormField, value: unknown): string | undefined {
  const given = Number(value)
  if (Number.isNaN(given)) return 'Write a number, for example 10.'
  if (field.integer && !Number.isInteger(given)) return 'Write a whole number.'
  if (field.min !== undefined && given < field.min) return `Write ${field.min} or more.`
  if (field.max !== undefined && given > field.max) return `Write ${field.max} or less.`
  return undefined
}
function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true // a pattern only the server understands is the server's to check
  }
}
function jsonOf(value: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(value) as unknown } // checked by the server
  } catch {
    return undefined
  }
}

export const faultsIn = (fields: readonly FormField[], filled: Filled): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const fault = fieldFault(field, filled[field.name])
      return fault === undefined ? [] : [[field.name, fault]]
    }),
  )

function sentField(field: FormField, value: unknown): unknown {
  if (field.kind === 'record') return sentFields(field.fields, record(value))
  if (field.kind === 'boolean') return value === true
  if (value === '' || value === undefined || value === null) return undefined
  if (field.kind === 'number') return Number(value)
  if (field.kind === 'json') return jsonOf(String(value))?.value
  if (field.kind === 'several') return Array.isArray(value) && (value.length > 0 || field.required) ? value : undefined
  if (field.kind === 'lines' && Array.isArray(value)) {
    const lines = value.map(String).filter((line) => line.trim() !== '')
    return lines.length > 0 || field.required ? lines : undefined
  }
  return value
}
/** What is sent: numbers as numbers, and optional fields that are empty not at all. */
export const sentFields = (fields: readonly FormField[], filled: Filled): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = sentField(field, filled[field.name])
      return value === undefined || (field.kind === 'record' && !field.required && Object.keys(record(value)).length === 0)
        ? []
        : [[field.name, value]]
    }),
  )
