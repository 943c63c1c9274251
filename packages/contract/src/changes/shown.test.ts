import { expect, test } from 'vitest'
import { diffLines, unshownWords } from './shown.ts'

const write = { kind: 'file-write', path: '/a', hash: 'h', summary: 'Write /a', reversal: 'exact' } as const
const HEAD = 'Index: /a\n===\n--- /a\n+++ /a\n'

test('a diff’s lines are those that say something, whatever they look like', () => {
  expect(diffLines(`${HEAD}@@ -1,2 +1,2 @@\n--- a\n+++ b\n@@ -9,1 +9,1 @@\n same\n+\n\\ No newline at end of file\n`)).toEqual([
    '--- a',
    '+++ b',
    '⋯',
    ' same',
    '+',
  ])
})

test.each([
  [{ diff: `${HEAD}@@ -0,0 +1,1 @@\n+a\n` }, '2 B', null],
  [{ diff: HEAD }, '0 B', 'An empty file.'],
  [{ diff: HEAD, before: 'b' }, '5 B', 'It differs only in values that are not shown.'],
  [{ hash: undefined }, null, 'The content is known only after apply.'],
  [{ unshown: 'binary', type: 'image/png' }, '3 KB', 'No text, so there is nothing to read: image/png, 3 KB.'],
  [{ unshown: 'binary', type: 'text/plain' }, '3 KB', 'A text that is not in UTF-8, which is not shown: text/plain, 3 KB.'],
  [{ unshown: 'large', type: 'text/csv' }, '3 MB', 'Too large to be shown here: text/csv, 3 MB.'],
  [{ unshown: 'enough' }, '3 MB', 'Not shown, because this preview holds as much text as it can: 3 MB.'],
  [{}, null, 'What is written is not shown here.'],
] as const)('says why nothing is shown: %j', (more, size, words) => {
  const { hash, ...rest } = { ...write, ...more }
  expect(unshownWords({ ...rest, ...(hash !== undefined && { hash }) }, size)).toBe(words)
})
