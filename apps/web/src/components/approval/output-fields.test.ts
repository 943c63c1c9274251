import { expect, test } from 'vitest'
import { differences } from './drift.ts'
import { outputFields, outputOf } from './output-fields.ts'

const SCHEMA = {
  type: 'object',
  properties: { status: { type: 'integer', description: 'What the server said' }, note: { type: 'string' }, sent: { type: 'boolean' } },
  required: ['status'],
}

test('a flat object becomes fields; anything deeper stays JSON', () => {
  expect(outputFields(SCHEMA)).toEqual([
    { name: 'status', type: 'number', help: 'What the server said', required: true },
    { name: 'note', type: 'text', help: '', required: false },
    { name: 'sent', type: 'boolean', help: '', required: false },
  ])
  expect(outputFields({ type: 'object', properties: { list: { type: 'array' } } })).toBeNull()
  expect(outputFields({ type: 'string' })).toBeNull()
})

test('filled-in fields become the value they stand for', () => {
  const fields = outputFields(SCHEMA) ?? []
  expect(outputOf(fields, { status: '202', note: '' })).toEqual({ value: { status: 202, sent: false } })
  expect(outputOf(fields, { note: 'x' })).toEqual({ fault: 'Fill in status.' })
  expect(outputOf(fields, { status: 'ok' })).toEqual({ fault: 'status: write a number.' })
})

test('drift lists what changed, what came and what went', () => {
  const change = (id: string, to: string) => ({
    id,
    step: 's',
    labels: [],
    change: { kind: 'file-move' as const, from: '/a', to, summary: to, reversal: 'exact' as const },
  })
  const preview = (...changes: ReturnType<typeof change>[]) => ({ changes }) as unknown as Parameters<typeof differences>[0] // differences reads changes alone
  const found = differences(
    preview(change('1', '/x'), change('2', '/y'), change('3', '/z')),
    preview(change('1', '/x'), change('2', '/y (2)'), change('4', '/n')),
  )
  expect(found.map((each) => [each.id, each.before?.change.summary ?? null, each.now?.change.summary ?? null])).toEqual([
    ['2', '/y', '/y (2)'],
    ['4', null, '/n'],
    ['3', '/z', null],
  ])
})
