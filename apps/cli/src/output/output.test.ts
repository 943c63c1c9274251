import { expect, test } from 'vitest'
import { LifeOsError } from '@life-os/contract'
import type { Change, Preview, PreviewChange, Run } from '@life-os/contract'
import { harmless, harmlessJson, paintFor, printable } from './colour.ts'
import { exitOfError, exitOfRun } from './exit.ts'
import { table } from './table.ts'
import { previewTree, summaryLine } from './tree.ts'
import { bytes, duration, plural } from './units.ts'

const plain = paintFor(false)
const totals = { changes: 0, files: 0, folders: 0, bytes: 0, clashes: 0, requests: 0, commands: 0, final: 0, unknown: 0, conflicts: 0 }
const exact = { summary: 'a change', reversal: 'exact' } as const

function previewOf(changes: Change[]): Preview {
  const shown: PreviewChange[] = changes.map((change, index) => ({ id: `s#${index}`, step: 's', change, labels: [] }))
  const summary = {
    totals: { ...totals, changes: changes.length },
    hash: 'h',
    warnings: [],
    needs: [],
    steps: { known: 1, unknown: 0, failed: 0, reads: 0 },
    budget: { enough: true },
    labels: [],
  }
  return { run: 'r', summary, changes: shown, steps: [] }
}

test('changes stand under the folder they act in, each kind with its sign', () => {
  const lines = previewTree(
    previewOf([
      { kind: 'folder-make', path: '/home/ada/in/Documents', ...exact },
      { kind: 'file-move', from: '/home/ada/in/a.pdf', to: '/home/ada/in/Documents/a.pdf', ...exact },
      { kind: 'file-move', from: '/home/ada/in/b.pdf', to: '/home/ada/in/Documents/b (2).pdf', clash: 'b.pdf', ...exact },
      { kind: 'file-copy', from: '/home/ada/x/c.txt', to: '/home/ada/in/c.txt', ...exact },
      { kind: 'file-write', path: '/home/ada/in/new.txt', bytes: 1200, ...exact },
      { kind: 'file-write', path: '/home/ada/in/old.txt', before: 'h', ...exact },
      { kind: 'file-remove', path: '/home/ada/in/gone.txt', ...exact },
      { kind: 'request-send', method: 'POST', url: 'https://example.org/form?a=1', summary: 'send', reversal: 'none' },
    ]),
    { paint: plain, home: '/home/ada' },
  )
  expect(lines).toEqual([
    '~/in  (5)',
    '├ + Documents/',
    '├ + c.txt  copy from ~/x',
    '├ + new.txt  1.2 KB',
    '├ ~ old.txt',
    '└ - gone.txt  to the trash',
    '~/in/Documents  (2)',
    '├ → a.pdf  from ~/in',
    '└ → b (2).pdf  from ~/in/b.pdf  ⚠ clash, renamed',
    'https://example.org  (1)',
    '└ ⇢ POST https://example.org/form?a=1   FINAL: cannot be undone ',
    '8 changes · nothing final',
  ])
})

test('what is written is shown line by line, within bounds, and what is not says why', () => {
  const head = 'Index: /in/a.txt\n===\n--- /in/a.txt\n+++ /in/a.txt\n'
  const many = `${head}@@ -0,0 +1,30 @@\n${'+x\n'.repeat(30)}`
  const preview = previewOf([
    { kind: 'file-write', path: '/in/a.txt', hash: 'h', bytes: 14, diff: `${head}@@ -0,0 +1,2 @@\n+one\n+two\u001b[2J\n`, ...exact },
    { kind: 'file-write', path: '/in/b.txt', hash: 'h', before: 'g', diff: `${head}@@ -1,2 +1,2 @@\n same\n-old\n+new\n`, ...exact },
    { kind: 'file-write', path: '/in/c.png', hash: 'h', bytes: 1200, unshown: 'binary', type: 'image/png', ...exact },
    { kind: 'file-write', path: '/in/d.txt', hash: 'h', diff: many, ...exact },
  ])
  expect(previewTree(preview, { paint: plain })).toEqual([
    '/in  (4)',
    '├ + a.txt  14 B',
    '│   +one',
    String.raw`│   +two\u{1b}[2J`,
    '├ ~ b.txt',
    '│    same',
    '│   -old',
    '│   +new',
    '├ + c.png  1.2 KB',
    '│   No text, so there is nothing to read: image/png, 1.2 KB.',
    '└ + d.txt',
    ...Array.from({ length: 12 }, () => '    +x'),
    '    … 18 more lines (--all shows them)',
    '4 changes · nothing final',
  ])
  expect(previewTree(preview, { paint: plain, most: Number.POSITIVE_INFINITY }).filter((line) => line === '    +x')).toHaveLength(30)
})

test('a preview says why anything in it is labelled', () => {
  const preview = previewOf([{ kind: 'file-write', path: '/home/ada/in/new.txt', ...exact }])
  preview.summary.labels = [
    { label: 'private', from: '/home/ada/Taxes' },
    ...['a', 'b', 'c', 'd'].map((name) => ({ label: 'untrusted' as const, from: `https://${name}.example` })),
  ]
  preview.changes = preview.changes.map((change) => ({ ...change, labels: ['private', 'untrusted'] }))
  expect(previewTree(preview, { paint: plain, home: '/home/ada' })).toEqual([
    '~/in  (1)',
    '└ + new.txt  private, untrusted',
    'private (from ~/Taxes)',
    'untrusted (from https://a.example, https://b.example, https://c.example and 1 more)',
    '1 change · nothing final',
  ])
})

test('a long folder is cut short and says so', () => {
  const many = Array.from({ length: 30 }, (_, index): Change => ({ kind: 'folder-make', path: `/a/${index}`, ...exact }))
  expect(previewTree(previewOf(many), { paint: plain, most: 5 })).toEqual(expect.arrayContaining(['└ … and 25 more (--all shows them)']))
  expect(previewTree(previewOf(many), { paint: plain, most: 50 })).toHaveLength(32)
})

test('a name can neither move the cursor nor turn a line around', () => {
  expect(printable('a\u001B[2Jb\nc\u202Etxt.exe\u2066\u0085')).toBe('a\\u{1b}[2Jb\\u{a}c\\u{202e}txt.exe\\u{2066}\\u{85}')
  expect(printable('Grüße 😀.txt')).toBe('Grüße 😀.txt')
})

test('final effects are in the summary in words, in colour or not', () => {
  expect(summaryLine({ ...totals, changes: 3, files: 2, requests: 1, final: 1, clashes: 1, bytes: 5e6 }, plain)).toBe(
    '3 changes · 2 files · 1 clash renamed · 1 request · 5.0 MB · 1 FINAL',
  )
  expect(summaryLine(totals, plain)).toBe('Nothing would change.')
  expect(summaryLine({ ...totals, changes: 1, final: 1 }, paintFor(true))).toContain('\u001B[31m1 FINAL\u001B[0m')
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [1_234_567, '1.2 MB'],
  [456_000_000, '456 MB'],
  [5e15, '5000 TB'],
])('%d bytes', (count, text) => expect(bytes(count)).toBe(text))
test.each([
  [5, '5 ms'],
  [3100, '3.1 s'],
  [125_000, '2 min 5 s'],
  [7_500_000, '2 h 5 min'],
])('%d ms', (time, text) => expect(duration(time)).toBe(text))
test('plural and table', () => {
  expect([plural(1, 'file'), plural(2000, 'file'), plural(2, 'clash', 'clashes')]).toEqual(['1 file', '2,000 files', '2 clashes'])
  expect(
    table([
      ['a', paintFor(true)('red', 'bb'), 'c'],
      ['aaa', 'b', 'c'],
    ])[1],
  ).toBe('aaa  b   c')
})

test.each([
  ['plan-invalid', 2],
  ['plan-missing', 2],
  ['input-invalid', 2],
  ['run-unknown', 2],
  ['gate-refused', 3],
  ['change-not-approved', 3],
  ['scope-missing', 3],
  ['emergency-stop', 5],
  ['unexpected', 1],
  ['store-corrupt', 1],
  ['home-owned', 1],
])('the error %s ends with %d', (code, exit) => expect(exitOfError(new LifeOsError(code, 'x'))).toBe(exit))

test.each<[Run['state'], string | null, number]>([
  ['done', null, 0],
  ['failed', 'file-missing', 1],
  ['failed', 'gate-refused', 3],
  ['waiting', null, 4],
  ['paused', null, 5],
  ['stopped', null, 5],
  ['cancelled', null, 5],
])('a run that is %s (%s) ends with %d', (state, code, exit) => {
  const run = { state, error: code && { code, class: 'user', message: 'x' } } as Run // only these two are looked at
  expect(exitOfRun(run)).toBe(exit)
})

test('whatever a line holds, nothing but our own colours and line breaks reaches the terminal', () => {
  const paint = paintFor(true)
  const ours = `${paint('bold', 'a')}\t${paint('red', paint('inverse', 'b'))}\nc`
  expect(harmless(ours)).toBe(ours)
  expect(harmless('x\u001B[2Jy\u001B]0;owned\u0007\u001B[8mz\r\u009B31m\u202E')).toBe(
    'x\\u{1b}[2Jy\\u{1b}]0;owned\\u{7}\\u{1b}[8mz\\u{d}\\u{9b}31m\\u{202e}',
  )
  const value = { name: 'a\u009B31m\u202E\u001B[2J\u2028' }
  const json = harmlessJson(JSON.stringify(value))
  expect(json).toMatch(/^[\x20-\x7e]+$/)
  expect(JSON.parse(json)).toEqual(value)
})
