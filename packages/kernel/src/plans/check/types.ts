/** What is known of a value before a run. `dyn` is anything; `nullable` values may be null, which is never an error by itself. */
export type Type = { nullable?: boolean } & (
  | { kind: 'dyn' | 'null' | 'bool' | 'int' | 'number' | 'text' | 'bytes' | 'time' | 'span' | 'type' }
  | { kind: 'list'; of: Type }
  | { kind: 'map'; of: Type }
  | { kind: 'record'; fields: ReadonlyMap<string, Type>; open: boolean; required: ReadonlySet<string> }
)
export type Schema = Readonly<Record<string, unknown>>

export const DYN: Type = { kind: 'dyn' }
export const TEXT: Type = { kind: 'text' }
export const INT: Type = { kind: 'int' }
export const NUMBER: Type = { kind: 'number' }
export const BOOL: Type = { kind: 'bool' }
export const NULL: Type = { kind: 'null' }
export const listOf = (of: Type): Type => ({ kind: 'list', of })
export const nullable = (type: Type): Type =>
  type.kind === 'dyn' || type.kind === 'null' || type.nullable ? type : { ...type, nullable: true }

/** A closed record; every field is there unless it is named in `optional`. */
export function recordOf(fields: Iterable<readonly [string, Type]>, open = false, required?: ReadonlySet<string>): Type {
  const map = new Map(fields)
  return { kind: 'record', fields: map, open, required: required ?? new Set(map.keys()) }
}

const known = new WeakMap<Schema, Type>()

/** The type of a JSON Schema; what it leaves loose is `dyn`. */
export function typeOfSchema(schema: unknown, root: unknown = schema, open: ReadonlySet<unknown> = new Set()): Type {
  if (!isSchema(schema) || open.has(schema)) return DYN
  const cached = known.get(schema)
  if (cached) return cached
  const type = read(schema, root, new Set(open).add(schema))
  if (open.size === 0) known.set(schema, type)
  return type
}

export const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Follows a `$ref` inside the document; undefined when it leads nowhere. */
export function resolve(schema: Schema, root: unknown): Schema | undefined {
  let current: unknown = schema
  for (let hops = 0; hops < 20; hops += 1) {
    if (!isSchema(current)) return undefined
    if (typeof current.$ref !== 'string') return current
    current = current.$ref
      .replace(/^#\/?/, '')
      .split('/')
      .filter((part) => part !== '')
      .reduce<unknown>((at, part) => (isSchema(at) ? at[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined), root)
  }
  return undefined
}

function read(schema: Schema, root: unknown, open: ReadonlySet<unknown>): Type {
  if (typeof schema.$ref === 'string') return typeOfSchema(resolve(schema, root), root, open)
  const options = schema.anyOf ?? schema.oneOf
  if (Array.isArray(options)) return join(options.map((option) => typeOfSchema(option, root, open)))
  if (Array.isArray(schema.allOf)) return schema.allOf.length === 1 ? typeOfSchema(schema.allOf[0], root, open) : DYN
  if ('const' in schema) return typeOfLiteral(schema.const)
  if (Array.isArray(schema.enum)) return join(schema.enum.map(typeOfLiteral))
  if (Array.isArray(schema.type)) return join(schema.type.map((type) => read({ ...schema, type }, root, open)))
  switch (schema.type) {
    case 'string':
      return TEXT
    case 'boolean':
      return BOOL
    case 'integer':
      return INT
    case 'number':
      return NUMBER
    case 'null':
      return NULL
    case 'array':
      return listOf(typeOfSchema(schema.items, root, open))
    case 'object':
      return objectType(schema, root, open)
    default:
      return DYN
  }
}

function objectType(schema: Schema, root: unknown, open: ReadonlySet<unknown>): Type {
  const rest = schema.additionalProperties
  if (!isSchema(schema.properties)) return { kind: 'map', of: typeOfSchema(rest, root, open) }
  const fields = Object.entries(schema.properties).map(([key, field]) => [key, typeOfSchema(field, root, open)] as const)
  const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : [])
  return recordOf(fields, rest !== false, required)
}

export function typeOfLiteral(value: unknown): Type {
  if (value === null) return NULL
  if (Array.isArray(value)) return listOf(join(value.map(typeOfLiteral)))
  switch (typeof value) {
    case 'string':
      return TEXT
    case 'boolean':
      return BOOL
    case 'number':
      return Number.isInteger(value) ? INT : NUMBER
    case 'object':
      return recordOf(Object.entries(value as object).map(([key, entry]) => [key, typeOfLiteral(entry)] as const)) // null is out
    default:
      return DYN
  }
}

/** A type that holds all of these; `dyn` when they have too little in common. */
export function join(types: readonly Type[]): Type {
  const mayBeNull = types.some((type) => type.kind === 'null' || type.nullable)
  const values = types.filter((type) => type.kind !== 'null')
  const first = values[0]
  if (!first) return types.length > 0 ? NULL : DYN
  const joined = values.slice(1).reduce(joinTwo, first)
  return mayBeNull ? nullable(joined) : joined
}

function joinTwo(a: Type, b: Type): Type {
  if (isNumeric(a) && isNumeric(b)) return a.kind === b.kind ? a : NUMBER
  if (a.kind === 'list' && b.kind === 'list') return listOf(join([a.of, b.of]))
  if (a.kind === 'map' && b.kind === 'map') return { kind: 'map', of: join([a.of, b.of]) }
  if (a.kind === 'record' && b.kind === 'record')
    return sameShape(a, b)
      ? recordOf(
          [...a.fields].map(([key, type]) => [key, join([type, b.fields.get(key) ?? DYN])] as const),
          a.open,
          a.required,
        )
      : DYN
  return a.kind === b.kind ? a : DYN
}

const sameShape = (a: Type & { kind: 'record' }, b: Type & { kind: 'record' }): boolean =>
  a.open === b.open && a.fields.size === b.fields.size && [...a.fields.keys()].every((key) => b.fields.has(key))

export const isNumeric = (type: Type): boolean => type.kind === 'int' || type.kind === 'number'

/** A type in words: `a list of text`. */
export function describe(type: Type): string {
  switch (type.kind) {
    case 'dyn':
      return 'anything'
    case 'null':
      return 'null'
    case 'bool':
      return 'true or false'
    case 'int':
      return 'a whole number'
    case 'number':
      return 'a number'
    case 'text':
      return 'text'
    case 'bytes':
      return 'bytes'
    case 'time':
      return 'a time'
    case 'span':
      return 'a span of time'
    case 'type':
      return 'a type'
    case 'list':
      return type.of.kind === 'dyn' ? 'a list' : `a list of ${describe(type.of).replace(/^an? /, '')}`
    case 'map':
      return 'a record'
    case 'record':
      return `a record with ${[...type.fields.keys()].slice(0, 6).join(', ') || 'no fields'}`
  }
}

/** Why a value of one type can never stand where another is expected; undefined when it can, or when that shows only in a run. */
export function mismatch(from: Type, to: Type): string | undefined {
  if (from.kind === 'dyn' || to.kind === 'dyn' || from.kind === 'null')
    return from.kind === 'null' && to.kind !== 'dyn' && !to.nullable ? `null is given where ${describe(to)} is expected` : undefined
  if (isNumeric(from) && isNumeric(to)) return undefined
  if (to.kind === 'text' && (from.kind === 'time' || from.kind === 'span')) return undefined
  if (from.kind === 'list' && to.kind === 'list') return mismatch(from.of, to.of)
  if (to.kind === 'map' && (from.kind === 'map' || from.kind === 'record')) return undefined
  if (to.kind === 'record' && from.kind === 'map') return undefined
  if (to.kind === 'record' && from.kind === 'record') return recordMismatch(from, to)
  return from.kind === to.kind ? undefined : `${describe(from)} is given where ${describe(to)} is expected`
}

function recordMismatch(from: Type & { kind: 'record' }, to: Type & { kind: 'record' }): string | undefined {
  for (const key of to.required) if (!from.open && !from.fields.has(key)) return `the record lacks \`${key}\``
  for (const [key, type] of from.fields) {
    const wanted = to.fields.get(key)
    const fault = wanted && mismatch(type, wanted)
    if (fault) return `\`${key}\`: ${fault}`
  }
  return undefined
}
