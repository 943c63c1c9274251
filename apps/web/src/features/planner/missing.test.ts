import type { MissingInput } from '@life-os/contract'
import { expect, test } from 'vitest'
import { filledIn } from './missing.ts'

const missing: MissingInput[] = [
  { name: 'folder', question: 'Which folder?', input: { type: 'path' } },
  { name: 'days', question: 'How many days?', input: { type: 'number' } },
  { name: 'kind', question: 'Which kind?', input: { type: 'choice', choices: ['all', 'new'] } },
  { name: 'names', question: 'Which names?', input: { type: 'list', of: { type: 'text' } } },
]

test('what was typed joins what was understood', () => {
  expect(filledIn({ inputs: { deep: true }, missing }, { folder: ' ~/Downloads ', days: '3', kind: 'new', names: 'a\n\n b ' })).toEqual({
    inputs: { deep: true, folder: '~/Downloads', days: 3, kind: 'new', names: ['a', 'b'] },
  })
})
test('what is missing or wrong is said at its field', () => {
  expect(filledIn({ inputs: {}, missing }, { folder: 'Downloads', days: 'many', kind: 'old' })).toEqual({
    faults: {
      folder: 'Write a whole path, such as ~/Downloads.',
      days: 'Write a number.',
      kind: 'One of: all, new.',
      names: 'This is needed.',
    },
  })
})
