import type { JsonSchema } from '@life-os/contract'

/**
 * The first place where `after` refuses what `before` took, as the end of a sentence; null when it takes all of it. Careful:
 * what it does not understand and what differs counts as narrower. `open`: properties that `after` does not know are fine.
 */
export function narrowing(before: JsonSchema, after: JsonSchema, open = false, at = ''): string | null {
  const where = at === '' ? 'the whole' : `"${at}"`
  const types = typesOf(after)
  const lost = typesOf(before)?.filter(
    (type) => types !== null && !types.includes(type) && !(type === 'integer' && types.includes('number')),
  )
  if (types !== null && (lost === undefined || lost.length > 0)) return `${where} no longer takes ${lost?.join(', ') ?? 'any value'}`
  return (
    fewerChoices(before, after, where) ??
    tighterBounds(before, after, where) ??
    fewerProperties(before, after, open, at) ??
    (isSchema(after['items']) ? narrowing(asSchema(before['items']), after['items'], open, at === '' ? 'items' : `${at}.items`) : null) ??
    otherRules(before, after, where)
  )
}

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']
/** Compared as they are; any change may refuse something. */
const RULES = ['pattern', 'format', 'anyOf', 'oneOf', 'allOf', 'not', '$ref', '$defs', 'propertyNames', 'uniqueItems', 'multipleOf']

function fewerChoices(before: JsonSchema, after: JsonSchema, where: string): string | null {
  const now = choices(after)
  if (now === null) return null
  const gone = choices(before)?.filter((choice) => !now.includes(choice))
  if (gone === undefined) return `${where} takes only certain values now`
  return gone.length === 0 ? null : `${where} no longer takes ${gone.join(', ')}`
}

function tighterBounds(before: JsonSchema, after: JsonSchema, where: string): string | null {
  const low = LOWER.find((rule) => Number(after[rule] ?? -Infinity) > Number(before[rule] ?? -Infinity))
  const high = UPPER.find((rule) => Number(after[rule] ?? Infinity) < Number(before[rule] ?? Infinity))
  const rule = low ?? high
  return rule === undefined ? null : `${where} has a tighter ${rule}`
}

function fewerProperties(before: JsonSchema, after: JsonSchema, open: boolean, at: string): string | null {
  const had = asSchema(before['properties'])
  const has = asSchema(after['properties'])
  const asked = listOf(before['required'])
  for (const name of listOf(after['required'])) if (!asked.includes(name)) return `"${inside(at, name)}" must be given now`
  for (const name of Object.keys(had)) {
    if (!Object.hasOwn(has, name)) {
      if (open) continue
      return `"${inside(at, name)}" is gone`
    }
    const narrower = narrowing(asSchema(had[name]), asSchema(has[name]), open, inside(at, name))
    if (narrower !== null) return narrower
  }
  return null
}

function otherRules(before: JsonSchema, after: JsonSchema, where: string): string | null {
  const rule = RULES.find((name) => after[name] !== undefined && JSON.stringify(after[name]) !== JSON.stringify(before[name]))
  return rule === undefined ? null : `${where} has another ${rule}`
}

const inside = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`)
const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value)
const asSchema = (value: unknown): JsonSchema => (isSchema(value) ? value : {})
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

function typesOf({ type }: JsonSchema): string[] | null {
  if (typeof type === 'string') return [type]
  return Array.isArray(type) ? type.map(String) : null
}

function choices(schema: JsonSchema): string[] | null {
  if (Array.isArray(schema['enum'])) return schema['enum'].map((choice) => JSON.stringify(choice))
  return schema['const'] === undefined ? null : [JSON.stringify(schema['const'])]
}
