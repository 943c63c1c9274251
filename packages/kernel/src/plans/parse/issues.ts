import { STEP_KINDS, STEP_SCHEMAS, Plan, type PlanFault } from '@life-os/contract'
import type { z } from 'zod'
import { didYouMean, some } from '../check/words.ts'
import type { Place } from './source.ts'

type Issue = z.core.$ZodIssue

/** A Zod issue as faults a person can act on. */
export function faultsOf(issue: Issue, data: unknown, positions: ReadonlyMap<string, Place>): PlanFault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  const fault = (code: string, message: string, at = path, key = false): PlanFault => ({
    code,
    message,
    path: at.join('.'),
    ...placeOf(at, positions, key),
  })
  const value = valueAt(data, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => fault('field-unknown', unknownField(key, path, data), [...path, key], true))
    case 'custom':
      return [fault(faultCode(issue) ?? 'field-invalid', sentence(issue.message))]
    case 'invalid_type':
      return [
        value === undefined
          ? missing(path, issue.expected, data, fault)
          : fault('field-invalid', `${name(path)} must be ${word(issue.expected)}, not ${kindOf(value)}.`),
      ]
    case 'invalid_union':
      return [union(issue, path, value, fault)]
    case 'invalid_key':
      return [
        fault('field-invalid', `\`${String(path.at(-1))}\` cannot be a name here: use a letter, then letters, digits or _.`, path, true),
      ]
    case 'invalid_value':
      return [
        value === undefined
          ? missing(path, 'value', data, fault)
          : fault(
              'field-invalid',
              `${name(path)} must be one of ${some(issue.values.map(String))}${didYouMean(String(value), issue.values.map(String))}.`.replace(
                '?.',
                '?',
              ),
            ),
      ]
    case 'invalid_format':
      return [fault('field-invalid', `${name(path)} must be ${issue.message}, not '${String(value).slice(0, 60)}'.`)]
    case 'too_small':
      return [fault('field-invalid', `${name(path)} ${size('too small', issue.origin, Number(issue.minimum))}.`)]
    case 'too_big':
      return [fault('field-invalid', `${name(path)} ${size('too big', issue.origin, Number(issue.maximum))}.`)]
    default:
      return [fault('field-invalid', `${name(path)}: ${sentence(issue.message)}`)]
  }
}

type MakeFault = (code: string, message: string, at?: (string | number)[]) => PlanFault

function missing(path: (string | number)[], expected: string, data: unknown, fault: MakeFault): PlanFault {
  const parent = valueAt(data, path.slice(0, -1))
  if (path.at(-1) === 'max' && isRecord(parent) && 'while' in parent)
    return fault('while-without-max', 'A `while` needs `max`, the most times it may turn: add it.', path)
  if (path.length === 0) return fault('plan-invalid', 'A plan is a map with id, name and steps.')
  return fault('field-missing', `${name(path)} is missing: add ${expected === 'value' ? 'it' : word(expected)}.`, path)
}

/** What the places where several shapes are allowed take. */
const SHAPES: Readonly<Record<string, string>> = {
  when: 'an expression, ${{ … }}, or true or false',
  'on-error': 'fail, continue, ask, undo, or `fallback:` with steps',
  wait: '`for:` a duration, `until:` a time, or `event:` a topic with an optional `timeout:`',
}

function union(issue: Issue & { code: 'invalid_union' }, path: (string | number)[], value: unknown, fault: MakeFault): PlanFault {
  const last = String(path.at(-1))
  if (SHAPES[last]) return fault('field-invalid', `${name(path)} takes ${SHAPES[last]}.`)
  if (last === 'type' && path[0] === 'inputs')
    return value === undefined
      ? fault('field-missing', `${name(path)} is missing: say one of ${INPUT_TYPES.join(', ')}.`)
      : fault(
          'field-invalid',
          `${name(path)} must be one of ${INPUT_TYPES.join(', ')}${didYouMean(String(value), INPUT_TYPES)}.`.replace('?.', '?'),
        )
  return fault('field-invalid', `${name(path)} is of none of the allowed shapes: ${sentence(issue.message)}`)
}

const INPUT_TYPES = ['text', 'number', 'boolean', 'choice', 'path', 'file', 'date', 'secret', 'list', 'record']

function unknownField(key: string, path: readonly (string | number)[], data: unknown): string {
  const owner = valueAt(data, path)
  const kind = isRecord(owner) ? STEP_KINDS.find((candidate) => candidate in owner) : undefined
  const fields = path.length === 0 ? fieldsOf(Plan) : isStep(path) && kind ? fieldsOf(STEP_SCHEMAS[kind]) : []
  const what = path.length === 0 ? 'a plan' : isStep(path) && kind ? `a \`${kind}\` step` : name(path)
  const meant = didYouMean(key, fields)
  return `\`${key}\` is no field of ${what}${meant || (fields.length > 0 ? ` (it has ${fields.join(', ')}).` : ': remove it.')}`
}

/** A list's element is a step wherever the contract has steps: below `steps`, `group`, `else` or `fallback`. */
const isStep = (path: readonly (string | number)[]): boolean =>
  typeof path.at(-1) === 'number' && ['steps', 'group', 'else', 'fallback'].includes(String(path.at(-2)))

function fieldsOf(schema: z.ZodType): string[] {
  const { shape } = schema as unknown as { shape?: Record<string, unknown> } // plans and steps are object schemas
  return Object.keys(shape ?? {})
}

function size(problem: 'too small' | 'too big', origin: string, limit: number): string {
  if (origin === 'array')
    return problem === 'too small' ? (limit === 1 ? 'is empty: add at least one' : `needs at least ${limit}`) : `takes at most ${limit}`
  if (origin === 'string')
    return problem === 'too small'
      ? limit === 1
        ? 'is empty: write something'
        : `needs at least ${limit} characters`
      : `takes at most ${limit} characters`
  return problem === 'too small' ? `must be at least ${limit}` : `must be at most ${limit}`
}

const faultCode = (issue: Issue & { code: 'custom' }): string | undefined =>
  typeof issue.params?.fault === 'string' ? issue.params.fault : undefined
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const name = (path: readonly (string | number)[]): string =>
  path.length === 0
    ? 'The plan'
    : typeof path.at(-1) === 'number'
      ? `\`${String(path.at(-2))}\` number ${Number(path.at(-1)) + 1}`
      : `\`${String(path.at(-1))}\``
const sentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.?!]$/.test(message) ? '' : '.'}`
const word = (expected: string): string =>
  ({
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    record: 'a map',
  })[expected] ?? `a ${expected}`
const kindOf = (value: unknown): string =>
  value === null
    ? 'nothing'
    : Array.isArray(value)
      ? 'a list'
      : isRecord(value)
        ? 'a map'
        : typeof value === 'string'
          ? 'text'
          : typeof value === 'number'
            ? 'a number'
            : String(value)

export function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  let current = data
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined
    current = (current as Record<string | number, unknown>)[part] // an own key of an object
  }
  return current
}

/** The place of a value, else of the nearest thing around it. */
function placeOf(path: readonly (string | number)[], positions: ReadonlyMap<string, Place>, key: boolean): Partial<Place> {
  const own = key ? positions.get(`${path.join('.')}#key`) : undefined
  if (own) return own
  for (let length = path.length; length >= 0; length -= 1) {
    const found = positions.get(path.slice(0, length).join('.'))
    if (found) return found
  }
  return {}
}
