import { expect, test } from 'vitest'
import { faultsIn, formFields, labelOf, sentFields, shownValues } from './form-fields.ts'

const SCHEMA = {
  type: 'object',
  required: ['city', 'days', 'token', 'places'],
  properties: {
    city: { type: 'string', description: 'Where you live.' },
    days: { type: 'integer', minimum: 1, maximum: 14 },
    units: { type: 'string', enum: ['metric', 'imperial'], default: 'metric' },
    token: { type: 'string', format: 'secret', title: 'API token' },
    quiet: { type: 'boolean' },
    places: { type: 'array', items: { type: 'string' } },
    folder: { type: 'string' },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    proxy: { type: 'object', properties: { host: { type: 'string' }, port: { type: 'integer' } }, required: ['host'] },
    extra: { type: 'object' },
  },
}
const fields = formFields(SCHEMA)

test('every property becomes the field that fits it', () => {
  expect(Object.fromEntries(fields.map((field) => [field.name, field.kind]))).toEqual({
    city: 'text',
    days: 'number',
    units: 'choice',
    token: 'secret',
    quiet: 'boolean',
    places: 'lines',
    folder: 'path',
    note: 'text',
    proxy: 'record',
    extra: 'json',
  })
  expect(fields.find((field) => field.name === 'token')?.label).toBe('API token')
  expect(labelOf('keepDays_of-week')).toBe('Keep days of week')
})

test('a form that is shown and sent without a touch is what was stored', () => {
  const stored = {
    city: 'Wien',
    days: 3,
    units: 'imperial',
    token: 'weather',
    quiet: true,
    places: ['a', 'b'],
    proxy: { host: 'x', port: 80 },
    extra: { a: [1] },
  }
  expect(sentFields(fields, shownValues(fields, stored))).toEqual(stored)
})

test('what is empty and optional is not sent, and a default stands in the field', () => {
  const shown = shownValues(fields, {})
  expect(shown['units']).toBe('metric')
  expect(sentFields(fields, { ...shown, city: 'Graz', days: '2', places: ['', ' '] })).toEqual({
    city: 'Graz',
    days: 2,
    units: 'metric',
    quiet: false,
    places: [],
  })
})

test('each fault says how to mend it', () => {
  const filled = { city: '', days: '99', folder: 'Downloads', proxy: { host: '', port: 'x' }, extra: '{', token: '' }
  expect(faultsIn(fields, filled)).toEqual({
    city: 'Write something here.',
    days: 'Write 14 or less.',
    token: 'Choose a secret, or make one.',
    folder: 'Write the whole path, beginning with / or ~.',
    proxy: 'Host: Write something here.',
    extra: 'This is not JSON yet.',
  })
  expect(faultsIn(fields, { city: 'x', days: '2.5', token: 'a' })).toMatchObject({ days: 'Write a whole number.' })
})

test('choices are called by their titles, and several of them are ticks', () => {
  const pets = { enum: ['cat', 'dog'], enumNames: ['Cats', 'Dogs'] }
  const asked = formFields({
    type: 'object',
    required: ['several'],
    properties: { one: { type: 'string', ...pets }, several: { type: 'array', items: { type: 'string', ...pets }, default: ['dog'] } },
  })
  expect(asked.map(({ kind, titles }) => [kind, titles])).toEqual([
    ['choice', ['Cats', 'Dogs']],
    ['several', ['Cats', 'Dogs']],
  ])
  expect(sentFields(asked, shownValues(asked, {}))).toEqual({ several: ['dog'] })
})
