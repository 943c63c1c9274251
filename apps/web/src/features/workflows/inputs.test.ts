import type { PlanInput } from '@life-os/contract'
import { expect, test } from 'vitest'
import { faultOf, faultsOf, firstValues, sentValues } from './inputs.ts'

const INPUTS: Record<string, PlanInput> = {
  folder: { type: 'path' },
  days: { type: 'number', min: 1, max: 30, integer: true, default: 7 },
  by: { type: 'choice', choices: ['kind', 'date'] },
  deep: { type: 'boolean' },
  skip: { type: 'list', of: { type: 'text' }, optional: true },
  to: { type: 'record', fields: { name: { type: 'text' }, note: { type: 'text', optional: true } } },
}

test('fields begin with what is given, the default, or a fitting nothing', () => {
  expect(firstValues(INPUTS, { folder: '/x' })).toEqual({
    folder: '/x',
    days: 7,
    by: 'kind',
    deep: false,
    skip: [],
    to: { name: '', note: '' },
  })
})

test.each<[PlanInput, unknown, string | undefined]>([
  [{ type: 'path' }, 'Downloads', 'Write the whole path, beginning with / or ~.'],
  [{ type: 'path' }, '/x', undefined],
  [{ type: 'path' }, '', 'Choose a folder.'],
  [{ type: 'number', min: 1 }, '0', 'Write 1 or more.'],
  [{ type: 'number', integer: true }, '1.5', 'Write a whole number.'],
  [{ type: 'number' }, 'x', 'Write a number, for example 10.'],
  [{ type: 'text', pattern: '[a-z]+' }, 'A1', 'This does not fit the pattern [a-z]+.'],
  [{ type: 'text', optional: true }, '', undefined],
  [{ type: 'list', of: { type: 'text' }, max: 1 }, ['a', 'b'], 'At most 1.'],
  [{ type: 'list', of: { type: 'text' } }, [], 'Add at least one.'],
])('%j with %j: %s', (input, value, fault) => {
  expect(faultOf(input, value)).toBe(fault)
})

test('a fault of a record names its field', () => {
  expect(faultsOf(INPUTS, firstValues(INPUTS, { folder: '/x' }))).toEqual({ to: 'Name: Write something here.' })
})

test('numbers are sent as numbers and what is empty not at all', () => {
  expect(sentValues(INPUTS, { folder: '/x', days: '5', by: 'kind', deep: true, skip: ['a', ''], to: { name: 'n', note: '' } })).toEqual({
    folder: '/x',
    days: 5,
    by: 'kind',
    deep: true,
    skip: ['a'],
    to: { name: 'n' },
  })
})
