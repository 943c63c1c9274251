import type { PlanInput } from '@life-os/contract'
import { BOOL, DYN, INT, listOf, NUMBER, nullable, recordOf, TEXT, type Type } from './types.ts'

/** The type of a declared input; one that may be left out is null then. */
export function typeOfInput(input: PlanInput): Type {
  const type = bare(input)
  return input.optional && input.default === undefined ? nullable(type) : type
}

export const typeOfInputs = (inputs: Readonly<Record<string, PlanInput>>): Type =>
  recordOf(Object.entries(inputs).map(([name, input]) => [name, typeOfInput(input)] as const))

function bare(input: PlanInput): Type {
  switch (input.type) {
    case 'text':
    case 'choice':
    case 'path':
    case 'file':
    case 'date':
    case 'secret':
      return TEXT
    case 'number':
      return input.integer ? INT : NUMBER
    case 'boolean':
      return BOOL
    case 'list':
      return listOf(typeOfInput(input.of))
    case 'record':
      return recordOf(Object.entries(input.fields).map(([name, field]) => [name, typeOfInput(field)] as const))
    default:
      return DYN
  }
}

/** The JSON Schema that a sub-plan's caller is checked against. */
export function schemaOfInputs(inputs: Readonly<Record<string, PlanInput>>): Record<string, unknown> {
  const entries = Object.entries(inputs)
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(entries.map(([name, input]) => [name, schemaOfInput(input)])),
    required: entries.filter(([, input]) => !input.optional && input.default === undefined).map(([name]) => name),
  }
}

function schemaOfInput(input: PlanInput): Record<string, unknown> {
  const schema = bareSchema(input)
  return input.optional ? { anyOf: [schema, { type: 'null' }] } : schema
}

function bareSchema(input: PlanInput): Record<string, unknown> {
  switch (input.type) {
    case 'text':
      return { type: 'string', ...(input.pattern !== undefined && { pattern: input.pattern }) }
    case 'number':
      return {
        type: input.integer ? 'integer' : 'number',
        ...(input.min !== undefined && { minimum: input.min }),
        ...(input.max !== undefined && { maximum: input.max }),
      }
    case 'boolean':
      return { type: 'boolean' }
    case 'choice':
      return { enum: input.choices }
    case 'list':
      return { type: 'array', items: schemaOfInput(input.of), ...(input.max !== undefined && { maxItems: input.max }) }
    case 'record':
      return schemaOfInputs(input.fields)
    default:
      return { type: 'string' }
  }
}
