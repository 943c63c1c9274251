import { isAbsolute } from 'node:path'
import { LifeOsError, type PlanInput } from '@life-os/contract'
import { didYouMean, some } from '../check/words.ts'
import { pattern } from '../expressions/patterns.ts'

interface InputFault {
  code: string
  message: string
  path: readonly (string | number)[]
}
type Taken = { value: unknown; faults: readonly InputFault[] }

/** See {@link Plans.parseInputs} in types.ts. Texts, as a command line gives them, become what the type asks for. An optional input that is left out is null. */
export function parseInputs(declared: Record<string, PlanInput>, given: Record<string, unknown>): Record<string, unknown> {
  const { value, faults } = takeFields(declared, given, [])
  if (faults.length === 0) return value as Record<string, unknown> // takeFields builds a record
  const lines = faults.map((fault) => `${fault.path.join('.')}: ${fault.message}`)
  throw new LifeOsError('input-invalid', `The inputs cannot be used. ${lines.join('; ')}.`, {
    applied: 'no',
    details: { faults: faults.map((fault) => ({ ...fault, path: fault.path.join('.') })) },
  })
}

/** What is wrong with a declaration itself: a default that its own type refuses, a pattern that cannot be read. */
export function declarationFaults(input: PlanInput, path: readonly (string | number)[] = []): InputFault[] {
  const faults: InputFault[] = []
  if (input.type === 'text' && input.pattern !== undefined) {
    try {
      pattern(input.pattern)
    } catch (error) {
      faults.push({ code: 'type-mismatch', message: (error as Error).message, path: [...path, 'pattern'] }) // pattern() throws Errors only
    }
  }
  if (input.type === 'number' && input.min !== undefined && input.max !== undefined && input.min > input.max)
    faults.push({ code: 'type-mismatch', message: `the least (${input.min}) is above the most (${input.max})`, path: [...path, 'min'] })
  if (input.type === 'list') faults.push(...declarationFaults(input.of, [...path, 'of']))
  if (input.type === 'record')
    for (const [name, field] of Object.entries(input.fields)) faults.push(...declarationFaults(field, [...path, 'fields', name]))
  if (faults.length > 0 || input.default === undefined || input.default === null) return faults
  return [...faults, ...take(input, input.default, [...path, 'default']).faults]
}

/** What is wrong with a value that is given for an input. */
export const valueFaultsOf = (input: PlanInput, value: unknown): readonly InputFault[] => take(input, value, []).faults

function takeFields(declared: Record<string, PlanInput>, given: Record<string, unknown>, path: readonly (string | number)[]): Taken {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name))
  const faults: InputFault[] = unknown.map((name) => ({
    code: 'input-unknown',
    message: `there is no such input${didYouMean(name, Object.keys(declared)) || ` (inputs are ${some(Object.keys(declared))})`}`,
    path: [...path, name],
  }))
  const entries = Object.entries(declared).map(([name, input]) => {
    const taken = takeOne(input, Object.hasOwn(given, name) ? given[name] : undefined, [...path, name])
    faults.push(...taken.faults)
    return [name, taken.value] as const
  })
  return { value: Object.fromEntries(entries), faults }
}

function takeOne(input: PlanInput, given: unknown, path: readonly (string | number)[]): Taken {
  if (given !== undefined && given !== null) return take(input, given, path)
  if (input.default !== undefined) return input.default === null ? { value: null, faults: [] } : take(input, input.default, path)
  if (input.optional) return { value: null, faults: [] }
  return refuse(path, `it is missing: give ${expected(input)}`, 'input-missing')
}

const refuse = (path: readonly (string | number)[], message: string, code = 'input-invalid'): Taken => ({
  value: null,
  faults: [{ code, message, path }],
})
const accept = (value: unknown): Taken => ({ value, faults: [] })

function take(input: PlanInput, given: unknown, path: readonly (string | number)[]): Taken {
  const wrong = (): Taken => refuse(path, `${show(given)} is not ${expected(input)}`)
  switch (input.type) {
    case 'text':
      return typeof given === 'string' ? takeText(input, given, path) : wrong()
    case 'number':
      return takeNumber(input, given, path)
    case 'boolean':
      return takeBoolean(given) ?? wrong()
    case 'choice':
      return typeof given === 'string' && input.choices.includes(given)
        ? accept(given)
        : refuse(
            path,
            `${show(given)} is none of the choices: ${some(input.choices)}${typeof given === 'string' ? didYouMean(given, input.choices) : ''}`,
          )
    case 'path':
    case 'file':
      return typeof given === 'string' ? takePath(given, path) : wrong()
    case 'date':
      return typeof given === 'string' && isDate(given) ? accept(given) : wrong()
    case 'secret':
      return isSecretName(given) ? accept(given) : refuse(path, `it is not ${expected(input)}`) // what was typed may be the value itself
    case 'list':
      return takeList(input, given, path) ?? wrong()
    case 'record':
      return takeRecord(input, given, path) ?? wrong()
    default:
      return wrong()
  }
}

const isSecretName = (given: unknown): boolean => typeof given === 'string' && /^[a-z][a-z0-9-]{0,62}$/.test(given)

function takeText(input: PlanInput & { type: 'text' }, given: string, path: readonly (string | number)[]): Taken {
  if (input.pattern === undefined || pattern(input.pattern).matcher(given).find()) return accept(given)
  return refuse(path, `${show(given)} does not fit the pattern ${input.pattern}`)
}

function takeNumber(input: PlanInput & { type: 'number' }, given: unknown, path: readonly (string | number)[]): Taken {
  const value = typeof given === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(given) ? Number(given) : given
  if (typeof value !== 'number' || !Number.isFinite(value)) return refuse(path, `${show(given)} is not ${expected(input)}`)
  if (input.integer && !Number.isSafeInteger(value)) return refuse(path, `${show(given)} is not a whole number`)
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return refuse(path, `${show(given)} has more digits than can be kept exactly`)
  if (value < (input.min ?? -Infinity)) return refuse(path, `${value} is below ${input.min}, the least allowed`)
  if (value > (input.max ?? Infinity)) return refuse(path, `${value} is above ${input.max}, the most allowed`)
  return accept(value)
}

function takeBoolean(given: unknown): Taken | undefined {
  if (typeof given === 'boolean') return accept(given)
  if (typeof given !== 'string') return undefined
  if (/^(true|yes|on|1)$/i.test(given)) return accept(true)
  return /^(false|no|off|0)$/i.test(given) ? accept(false) : undefined
}

function takePath(given: string, path: readonly (string | number)[]): Taken {
  if (given.includes('\0')) return refuse(path, 'a path holds no NUL character')
  return isAbsolute(given)
    ? accept(given)
    : refuse(path, `${show(given)} is not a full path: start it at the root, such as /home/ada/Downloads`)
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) // 2026-02-30 would move to March
}

function takeList(input: PlanInput & { type: 'list' }, given: unknown, path: readonly (string | number)[]): Taken | undefined {
  const items = typeof given === 'string' ? listIn(given) : given
  if (!Array.isArray(items)) return undefined
  if (items.length > (input.max ?? Infinity)) return refuse(path, `it has ${items.length} elements where at most ${input.max} are allowed`)
  const taken = items.map((item: unknown, index) => takeOne(input.of, item, [...path, index]))
  return { value: taken.map((item) => item.value), faults: taken.flatMap((item) => item.faults) }
}

/** A list in text: JSON, or values with commas between them. */
function listIn(text: string): unknown {
  if (text.trim() === '') return []
  if (text.trimStart().startsWith('[')) return jsonIn(text)
  return text.split(',').map((item) => item.trim())
}

function takeRecord(input: PlanInput & { type: 'record' }, given: unknown, path: readonly (string | number)[]): Taken | undefined {
  const record = typeof given === 'string' ? jsonIn(given) : given
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined
  return takeFields(input.fields, record as Record<string, unknown>, path) // neither null nor a list
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function expected(input: PlanInput): string {
  switch (input.type) {
    case 'text':
      return 'text'
    case 'number':
      return input.integer ? 'a whole number' : 'a number'
    case 'boolean':
      return 'true or false'
    case 'choice':
      return `one of ${some(input.choices)}`
    case 'path':
      return 'the full path of a file or folder'
    case 'file':
      return 'the full path of a file'
    case 'date':
      return 'a date such as 2026-03-01'
    case 'secret':
      return "a secret's name, as Settings shows it"
    case 'list':
      return 'a list'
    case 'record':
      return `a record with ${some(Object.keys(input.fields))}`
    default:
      return 'a value'
  }
}

const show = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80)
