import type { PlanInput } from '@life-os/contract'

export type Values = Record<string, unknown>
export type Faults = Record<string, string>

/** The value a field starts with. */
export function firstValue(input: PlanInput): unknown {
  if (input.default !== undefined) return input.default
  if (input.type === 'boolean') return false
  if (input.type === 'choice') return input.optional ? '' : input.choices[0]
  if (input.type === 'list') return []
  if (input.type === 'record') return Object.fromEntries(Object.entries(input.fields).map(([name, field]) => [name, firstValue(field)]))
  return ''
}
export const firstValues = (inputs: Record<string, PlanInput>, given: Values): Values =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, given[name] ?? firstValue(input)]))

/** How a field is called: its title, or its name in words. */
export const titleOf = (name: string, input: PlanInput): string =>
  input.title ?? (name[0] ?? '').toUpperCase() + name.slice(1).replace(/[_-]/g, ' ')

/** What is wrong with a value and how to mend it; undefined when it is good. */
export function faultOf(input: PlanInput, value: unknown): string | undefined {
  const empty = value === '' || value === null || value === undefined
  if (empty) return input.optional || input.default !== undefined ? undefined : MISSING[input.type]
  if (input.type === 'number') {
    const number = Number(value)
    if (Number.isNaN(number)) return 'Write a number, for example 10.'
    if (input.integer && !Number.isInteger(number)) return 'Write a whole number.'
    if (input.min !== undefined && number < input.min) return `Write ${input.min} or more.`
    if (input.max !== undefined && number > input.max) return `Write ${input.max} or less.`
  }
  if (input.type === 'text' && input.pattern !== undefined && typeof value === 'string' && !matches(input.pattern, value))
    return `This does not fit the pattern ${input.pattern}.`
  if ((input.type === 'path' || input.type === 'file') && typeof value === 'string' && !/^(\/|~|[a-z]:[\\/])/i.test(value))
    return 'Write the whole path, beginning with / or ~.'
  if (input.type === 'list' && Array.isArray(value)) {
    if (input.max !== undefined && value.length > input.max) return `At most ${input.max}.`
    if (value.length === 0 && !input.optional && input.default === undefined) return MISSING.list
    return value
      .filter((each) => each !== '')
      .map((each) => faultOf(input.of, each))
      .find((fault) => fault !== undefined)
  }
  if (input.type === 'record' && typeof value === 'object') {
    const record = value as Values // the line above
    for (const [name, field] of Object.entries(input.fields)) {
      const fault = faultOf(field, record[name])
      if (fault !== undefined) return `${titleOf(name, field)}: ${fault}`
    }
  }
  return undefined
}
const MISSING: Record<PlanInput['type'], string> = {
  text: 'Write something here.',
  number: 'Write a number.',
  boolean: '',
  path: 'Choose a folder.',
  file: 'Choose a file.',
  date: 'Choose a date.',
  secret: 'Name a secret.',
  choice: 'Choose one.',
  list: 'Add at least one.',
  record: 'Fill this in.',
}
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value)
  } catch {
    return true // a pattern only the server understands is the server's to check
  }
}

export function faultsOf(inputs: Record<string, PlanInput>, values: Values): Faults {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, input]) => {
      const fault = faultOf(input, values[name])
      return fault === undefined ? [] : [[name, fault]]
    }),
  )
}

/** What is sent: numbers as numbers, and optional fields that are empty not at all. */
export function sentValue(input: PlanInput, value: unknown): unknown {
  if (value === '' || value === undefined || value === null) return undefined
  if (input.type === 'number') return Number(value)
  if (input.type === 'list' && Array.isArray(value))
    return value.map((each) => sentValue(input.of, each)).filter((each) => each !== undefined)
  if (input.type === 'record' && typeof value === 'object') return sentValues(input.fields, value as Values) // an object by the check before
  return value
}
export function sentValues(inputs: Record<string, PlanInput>, values: Values): Values {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, input]) => {
      const value = sentValue(input, values[name])
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
