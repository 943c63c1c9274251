import { expect, test } from 'vitest'
import { diffCounts, parseDiff, wordMarks } from './unified.ts'

const marked = (segments: { text: string; marked: boolean }[]) =>
  segments.map((segment) => (segment.marked ? `[${segment.text}]` : segment.text)).join('')

test('marks the words that differ', () => {
  const marks = wordMarks('the quick brown fox', 'the slow brown fox')
  expect([marked(marks.before), marked(marks.after)]).toEqual(['the [quick] brown fox', 'the [slow] brown fox'])
})

test('lines with little in common are not marked word by word', () => {
  expect(marked(wordMarks('alpha beta gamma', 'x = y * 12 + z').before)).toBe('alpha beta gamma')
})

const DIFF = [
  '--- a/note.md',
  '+++ b/note.md',
  '@@ -1,20 +1,20 @@',
  ...Array.from({ length: 12 }, (_, index) => ` line ${index + 1}`),
  '-colour is grey',
  '+colour is gray',
  ...Array.from({ length: 7 }, (_, index) => ` line ${index + 14}`),
  '\\ No newline at end of file',
].join('\n')

test('numbers lines, pairs changes and folds what is far from them', () => {
  const lines = parseDiff(DIFF)
  expect(lines[0]).toMatchObject({ type: 'fold', lines: { length: 9 } })
  expect(lines.slice(1, 4).map((line) => line.type)).toEqual(['same', 'same', 'same'])
  expect(lines[4]).toMatchObject({
    type: 'remove',
    old: 13,
    new: null,
    segments: [
      { text: 'colour is ', marked: false },
      { text: 'grey', marked: true },
    ],
  })
  expect(lines[5]).toMatchObject({ type: 'add', old: null, new: 13 })
  expect(lines.at(-1)).toMatchObject({ type: 'fold', lines: { length: 4 } })
})

test('short context is not folded, and a gap stands between hunks', () => {
  const lines = parseDiff('--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n@@ -40,2 +40,2 @@ section\n d\n-e\n')
  expect(lines.map((line) => line.type)).toEqual(['same', 'remove', 'add', 'gap', 'same', 'remove'])
  expect(lines[3]).toMatchObject({ text: 'section' })
  expect(lines[4]).toMatchObject({ old: 40, new: 40 })
})

test('counts added and removed lines without the header', () => {
  expect(diffCounts(DIFF)).toEqual({ added: 1, removed: 1 })
})
