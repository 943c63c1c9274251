import type { AnswerPart } from '@life-os/contract'
import { describe, expect, test } from 'vitest'
import { groupParts } from './group-parts.ts'
import type { ToolPart } from './group-parts.ts'

const call = (step: string, patch: Partial<ToolPart> = {}): ToolPart => ({
  type: 'tool',
  step,
  tool: 'files.list',
  title: 'List',
  state: 'done',
  input: {},
  output: null,
  error: null,
  approval: null,
  time: 3,
  tokens: 0,
  micros: 0,
  ...patch,
})
const calls = (count: number): ToolPart[] => Array.from({ length: count }, (_, index) => call(`c${index}`))
const text: AnswerPart = { type: 'text', step: 't', text: 'So.', open: false }
const shape = (parts: readonly AnswerPart[]): string =>
  groupParts(parts)
    .map((shown) => (shown.type === 'group' ? `group of ${shown.parts.length}` : shown.part.type))
    .join(', ')

describe('the parts of an answer', () => {
  test('four calls in a row stay, five fold into one line', () => {
    expect(shape([...calls(4), text])).toBe('tool, tool, tool, tool, text')
    expect(shape([text, ...calls(5), text])).toBe('text, group of 5, text')
  })
  test('a call that runs, failed or asks is in sight and parts the row', () => {
    for (const loud of [call('x', { state: 'running' }), call('x', { state: 'failed' }), call('x', { approval: 'a' })])
      expect(shape([...calls(5), loud, ...calls(2)])).toBe('group of 5, tool, tool, tool')
  })
  test('keys stay what they are while parts are added', () => {
    const before = groupParts([text, ...calls(2)]).map(({ key }) => key)
    expect(groupParts([text, ...calls(3), text]).map(({ key }) => key)).toEqual(expect.arrayContaining(before))
  })
})
