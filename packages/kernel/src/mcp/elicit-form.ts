import type { JsonSchema } from '@life-os/contract'
import type { ElicitRequestFormParams } from '@modelcontextprotocol/client'
import { lines, oneLine } from './words.ts'

/** What a form of a stranger may be at most. */
const MOST = { fields: 20, choices: 50, text: 2000, message: 2000, title: 120, help: 500 } as const
const NAME = /^[A-Za-z_][\w.-]{0,63}$/
const FORMATS = new Set(['email', 'uri', 'date', 'date-time'])

/** Names that a secret goes by, in a field's name or title. */
const SECRET_NAME =
  /pass(word|wd|phrase|code|key)|\bpwd\b|\bpin\b|\bcvv2?\b|\bcvc\b|\botp\b|secret|credential|token|api[ _-]?key|(private|access|secret|recovery|encryption)[ _-]?key|seed[ _-]?phrase|mnemonic|(card|account)[ _-]?number|\biban\b|\bssn\b/i
/** The plainer of them, in whole sentences, which say such words in passing too. */
const SECRET_WORDS =
  /\bpass(word|phrase|code)s?\b|\bapi[ _-]?keys?\b|\b(private|access|recovery|secret)[ _-]?(key|token)s?\b|\bcredentials?\b|\bseed phrase\b|\bcredit card\b|\bcvv\b/i

type Asked = ElicitRequestFormParams
type Field = Asked['requestedSchema']['properties'][string]
export type Form = { message: string; schema: JsonSchema } | { refused: string }

/** A server's question as a form of our own making: what is known of it and fits is kept, and nothing else of its schema. */
export function formOf({ message, requestedSchema }: Asked): Form {
  const fields = Object.entries(requestedSchema.properties)
  if (fields.length > MOST.fields) return { refused: `it asks for ${fields.length} things at once, and ${MOST.fields} are the most` }
  if (message.length > MOST.message) return { refused: `its question is longer than ${MOST.message} characters` }
  const properties: [string, JsonSchema][] = []
  for (const [name, field] of fields) {
    if (!NAME.test(name)) return { refused: 'a field of its form has no name that can be shown' }
    if (isSecret(name, field, message))
      return {
        refused: `it asks for a secret (${oneLine(field.title ?? name, 60)}). No server is told one in a form: give it as a secret of the server’s settings`,
      }
    const shown = fieldOf(field)
    if (!shown) return { refused: `its field ${name} is of a kind that cannot be shown` }
    properties.push([name, shown])
  }
  const required = (requestedSchema.required ?? []).filter((name) => properties.some(([known]) => known === name))
  return {
    message: lines(message, MOST.message),
    schema: { type: 'object', properties: Object.fromEntries(properties), required, additionalProperties: false },
  }
}

const spaced = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/[_.-]+/g, ' ')

/** Only what is typed can be a secret: a choice of the server's own is none. */
function isSecret(name: string, field: Field, message: string): boolean {
  if (field.type === 'boolean' || field.type === 'array' || 'enum' in field || 'oneOf' in field) return false
  return (
    [name, spaced(name), field.title ?? ''].some((words) => SECRET_NAME.test(words.normalize('NFKC'))) ||
    [field.description ?? '', message].some((words) => SECRET_WORDS.test(words.normalize('NFKC')))
  )
}

function fieldOf(field: Field): JsonSchema | null {
  const words = {
    ...(field.title !== undefined && { title: oneLine(field.title, MOST.title) }),
    ...(field.description !== undefined && { description: lines(field.description, MOST.help) }),
  }
  const first = (fits: (value: unknown) => boolean) => ('default' in field && fits(field.default) ? { default: field.default } : {})
  switch (field.type) {
    case 'boolean':
      return { ...words, type: 'boolean', ...first((value) => typeof value === 'boolean') }
    case 'number':
    case 'integer': {
      const { minimum, maximum } = field
      const limits = { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) }
      return { ...words, type: field.type, ...limits, ...first((value) => typeof value === 'number') }
    }
    case 'array': {
      const choices = choicesOf(field.items)
      if (!choices) return null
      const { minItems, maxItems } = field
      const limits = { ...(minItems !== undefined && { minItems }), ...(maxItems !== undefined && { maxItems }) }
      const known = (value: unknown) => Array.isArray(value) && value.every((each) => choices.enum.includes(String(each)))
      return { ...words, type: 'array', items: { type: 'string', ...choices }, uniqueItems: true, ...limits, ...first(known) }
    }
    case 'string':
      return textOf(field, words, first)
  }
}

type First = (fits: (value: unknown) => boolean) => object

function textOf(field: Extract<Field, { type: 'string' }>, words: object, first: First): JsonSchema | null {
  if ('enum' in field || 'oneOf' in field) {
    const choices = choicesOf(field)
    return choices && { ...words, type: 'string', ...choices, ...first((value) => choices.enum.includes(String(value))) }
  }
  const { minLength = 0, maxLength = MOST.text, format } = field
  const limits = { minLength: Math.min(minLength, MOST.text), maxLength: Math.min(maxLength, MOST.text) }
  const known = format !== undefined && FORMATS.has(format) ? { format } : {}
  return { ...words, type: 'string', ...limits, ...known, ...first((value) => typeof value === 'string' && value.length <= MOST.text) }
}

/** `enum` with the words for each in `enumNames`; null: too many, too long or none. */
function choicesOf(items: object): { enum: string[]; enumNames?: string[] } | null {
  const titled = 'oneOf' in items ? items.oneOf : 'anyOf' in items ? items.anyOf : null
  const given = titled === null ? ('enum' in items ? items.enum : null) : titled
  if (!Array.isArray(given) || given.length === 0 || given.length > MOST.choices) return null
  const pairs = given.map((each: string | { const: string; title: string }) =>
    typeof each === 'string' ? { const: each, title: each } : each,
  ) // the library checked both
  const named = 'enumNames' in items && Array.isArray(items.enumNames) ? items.enumNames.map(String) : []
  if (pairs.some((pair) => pair.const.length > MOST.title)) return null
  const names = pairs.map((pair, index) => oneLine(named[index] ?? pair.title, MOST.title) || pair.const)
  return { enum: pairs.map((pair) => pair.const), ...(names.some((name, index) => name !== pairs[index]?.const) && { enumNames: names }) }
}
