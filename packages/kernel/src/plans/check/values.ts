import { pattern } from '../expressions/patterns.ts'
import { describe, isSchema, mismatch, resolve, typeOfLiteral, typeOfSchema, type Schema, type Type } from './types.ts'
import { didYouMean, some } from './words.ts'

export interface ValueFault {
  code: 'input-missing' | 'input-unknown' | 'type-mismatch'
  message: string
  path: readonly (string | number)[]
}

/** The type of a text that holds expressions, by its identity in the template; undefined for a literal. */
export type TypeOf = (path: readonly (string | number)[], text: string) => Type | undefined

interface Walk {
  root: unknown
  typeOf: TypeOf
  subject: string
}

/** Where an input template can never fit a JSON Schema. Expressions are judged by their type, literals by all the schema says. */
export function valueFaults(
  value: unknown,
  schema: unknown,
  subject: string,
  typeOf: TypeOf,
  path: readonly (string | number)[] = [],
): ValueFault[] {
  return faultsOf(value, schema, { root: schema, typeOf, subject }, path)
}

function faultsOf(value: unknown, schema: unknown, walk: Walk, path: readonly (string | number)[]): ValueFault[] {
  if (schema === false) return [wrong(path, 'nothing may stand here: remove it')]
  const rule = isSchema(schema) ? resolve(schema, walk.root) : undefined
  if (!rule) return []
  const type = typeof value === 'string' ? walk.typeOf(path, value) : undefined
  if (type) {
    const reason = mismatch(type, typeOfSchema(rule, walk.root))
    return reason ? [wrong(path, reason)] : []
  }
  const options = rule.anyOf ?? rule.oneOf
  if (Array.isArray(options)) return bestOf(options.map((option) => faultsOf(value, option, walk, path)))
  const all = Array.isArray(rule.allOf) ? rule.allOf.flatMap((part) => faultsOf(value, part, walk, path)) : []
  return [...all, ...shapeFaults(value, rule, walk, path)]
}

/** Of several allowed shapes the one that came closest tells what to mend. */
function bestOf(attempts: readonly ValueFault[][]): ValueFault[] {
  return (
    attempts.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length).find((faults) => faults.length === 0) ??
    attempts.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ??
    []
  )
}
const depth = (faults: readonly ValueFault[]): number => Math.max(0, ...faults.map((fault) => fault.path.length))

function shapeFaults(value: unknown, rule: Schema, walk: Walk, path: readonly (string | number)[]): ValueFault[] {
  const wanted = typeOfSchema({ ...rule, $defs: undefined }, walk.root)
  if ('const' in rule && value !== rule.const) return [wrong(path, `it must be ${JSON.stringify(rule.const)}`)]
  if (Array.isArray(rule.enum) && !rule.enum.includes(value))
    return [
      wrong(
        path,
        `it must be one of ${some(rule.enum.map((item) => JSON.stringify(item)))}${typeof value === 'string' ? didYouMean(value, rule.enum.map(String)) : ''}`,
      ),
    ]
  if (Array.isArray(value)) return listFaults(value, rule, walk, path, wanted)
  if (isSchema(value)) return recordFaults(value, rule, walk, path, wanted)
  const reason = literalMismatch(value, wanted)
  return reason ? [wrong(path, reason)] : limitFaults(value, rule, path)
}

function literalMismatch(value: unknown, wanted: Type): string | undefined {
  if (wanted.kind === 'int' && typeof value === 'number' && !Number.isInteger(value))
    return `${value} is given where a whole number is expected`
  return mismatch(typeOfLiteral(value), wanted)
}

function listFaults(value: readonly unknown[], rule: Schema, walk: Walk, path: readonly (string | number)[], wanted: Type): ValueFault[] {
  if (wanted.kind !== 'list' && wanted.kind !== 'dyn') return [wrong(path, `a list is given where ${describe(wanted)} is expected`)]
  const faults: ValueFault[] = []
  if (typeof rule.minItems === 'number' && value.length < rule.minItems)
    faults.push(wrong(path, `it needs at least ${rule.minItems} elements`))
  if (typeof rule.maxItems === 'number' && value.length > rule.maxItems)
    faults.push(wrong(path, `it takes at most ${rule.maxItems} elements`))
  const first = Array.isArray(rule.prefixItems) ? rule.prefixItems : []
  return [...faults, ...value.flatMap((item, index) => faultsOf(item, first[index] ?? rule.items, walk, [...path, index]))]
}

function recordFaults(value: Schema, rule: Schema, walk: Walk, path: readonly (string | number)[], wanted: Type): ValueFault[] {
  if (wanted.kind !== 'record' && wanted.kind !== 'map' && wanted.kind !== 'dyn')
    return [wrong(path, `a record is given where ${describe(wanted)} is expected`)]
  const fields = isSchema(rule.properties) ? rule.properties : {}
  const required = Array.isArray(rule.required) ? rule.required.map(String) : []
  const missing = required
    .filter((key) => !Object.hasOwn(value, key))
    .map((key): ValueFault => ({ code: 'input-missing', message: `${walk.subject} needs \`${key}\`: add it`, path }))
  const given = Object.entries(value).flatMap(([key, item]): ValueFault[] => {
    const at = [...path, key]
    if (Object.hasOwn(fields, key)) return faultsOf(item, fields[key], walk, at)
    if (closed(rule, path))
      return [
        {
          code: 'input-unknown',
          message: `${walk.subject} takes no \`${key}\`${didYouMean(key, Object.keys(fields)) || ` (it takes ${some(Object.keys(fields))})`}`,
          path: at,
        },
      ]
    return faultsOf(item, rule.additionalProperties, walk, at)
  })
  return [...missing, ...given]
}

/** A tool that lists its inputs and says nothing of others drops those others unseen, so at the top they count as mistakes. */
const closed = (rule: Schema, path: readonly (string | number)[]): boolean =>
  rule.additionalProperties === false ||
  (path.length === 0 && rule.additionalProperties === undefined && isSchema(rule.properties) && rule.patternProperties === undefined)

function limitFaults(value: unknown, rule: Schema, path: readonly (string | number)[]): ValueFault[] {
  const limit = (name: string): number | undefined => (typeof rule[name] === 'number' ? rule[name] : undefined)
  const faults: string[] = []
  if (typeof value === 'number') {
    if (value < (limit('minimum') ?? -Infinity)) faults.push(`it must be at least ${limit('minimum')}`)
    if (value > (limit('maximum') ?? Infinity)) faults.push(`it must be at most ${limit('maximum')}`)
    if (value <= (limit('exclusiveMinimum') ?? -Infinity)) faults.push(`it must be above ${limit('exclusiveMinimum')}`)
    if (value >= (limit('exclusiveMaximum') ?? Infinity)) faults.push(`it must be below ${limit('exclusiveMaximum')}`)
  }
  if (typeof value === 'string') {
    if (value.length < (limit('minLength') ?? 0)) faults.push(`it needs at least ${limit('minLength')} characters`)
    if (value.length > (limit('maxLength') ?? Infinity)) faults.push(`it takes at most ${limit('maxLength')} characters`)
    if (typeof rule.pattern === 'string' && !fitsPattern(value, rule.pattern))
      faults.push(`'${value.slice(0, 60)}' does not fit the pattern ${rule.pattern}`)
  }
  return faults.map((message) => wrong(path, message))
}

/** A pattern that RE2 cannot read is left to the tool, which parses its input itself. */
function fitsPattern(value: string, source: string): boolean {
  try {
    return pattern(source).matcher(value).find()
  } catch {
    return true
  }
}

const wrong = (path: readonly (string | number)[], message: string): ValueFault => ({ code: 'type-mismatch', message, path })
