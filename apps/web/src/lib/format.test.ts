import { expect, test } from 'vitest'
import { bytes, count, date, duration, folderOf, homePath, moment, money, nameOf } from './format.ts'
import { fileKind } from './file-kind.ts'
import { matchesPress } from './keyboard.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 KB'],
  [74_103, '74.1 KB'],
  [1_234_567_890, '1.2 GB'],
  [999_960, '1 MB'],
])('%s bytes read %s', (value, words) => {
  expect(bytes(value)).toBe(words)
})

test.each([
  [0.4, '0 ms'],
  [120, '120 ms'],
  [3100, '3.1 s'],
  [59_990, '1 min'],
  [125_000, '2 min 5 s'],
  [3_840_000, '1 h 4 min'],
  [259_200_000, '3 days'],
])('%s ms read %s', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

test.each([
  [0, '0 $'],
  [4000, '< 0.01 $'],
  [30_000, '0.03 $'],
])('%s micro-units read %s', (micros, words) => {
  expect(money(micros)).toBe(words)
})

test('one and many', () => {
  expect([count(1, 'file'), count(1204, 'file'), count(2, 'clash', 'clashes')]).toEqual(['1 file', '1,204 files', '2 clashes'])
})

test('moments near and far', () => {
  const now = new Date(2026, 10, 21, 14, 30).getTime()
  expect(moment(now - 5000, now)).toBe('just now')
  expect(moment(now - 240_000, now)).toBe('4 min ago')
  expect(moment(new Date(2026, 10, 21, 9, 5).getTime(), now)).toBe('09:05')
  expect(moment(new Date(2026, 10, 20, 9, 5).getTime(), now)).toBe('yesterday 09:05')
  expect(moment(new Date(2026, 10, 3, 9, 5).getTime(), now)).toBe('3 Nov 09:05')
  expect(date(new Date(2026, 11, 21).getTime(), now)).toBe('21 December')
  expect(date(new Date(2027, 0, 2).getTime(), now)).toBe('2 January 2027')
})

test('paths', () => {
  expect(homePath('/home/ada/Downloads')).toBe('~/Downloads')
  expect(homePath('/home/ada')).toBe('~')
  expect(homePath('/homes/ada')).toBe('/homes/ada')
  expect([nameOf('/a/b.txt'), folderOf('/a/b.txt'), folderOf('/a')]).toEqual(['b.txt', '/a', '/'])
  expect([fileKind('IMG.JPG'), fileKind('.gitignore'), fileKind('a.tar.gz'), fileKind('notes')]).toEqual([
    'picture',
    'other',
    'archive',
    'other',
  ])
})

const press = (key: string, more: Partial<{ metaKey: boolean; ctrlKey: boolean; shiftKey: boolean; altKey: boolean }> = {}) => ({
  key,
  metaKey: false,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
})
test('shortcuts fit the press they name, and no other', () => {
  expect(matchesPress('a', press('a'))).toBe(true)
  expect(matchesPress('a', press('A', { shiftKey: true }))).toBe(false)
  expect(matchesPress('a', press('a', { ctrlKey: true }))).toBe(false)
  expect(matchesPress('mod+k', press('k', { ctrlKey: true }))).toBe(true)
  expect(matchesPress('mod+enter', press('Enter', { ctrlKey: true }))).toBe(true)
  expect(matchesPress('?', press('?', { shiftKey: true }))).toBe(true)
})
