import type { Change, PreviewChange } from '@life-os/contract'
import { expect, test } from 'vitest'
import { groupRows, listItems } from './groups.ts'
import { commonRoot, filterRows, pictureOf, rowsOf, within } from './rows.ts'
import { rangeOf, setTicked, tallyOf, ticksOf } from './selection.ts'
import { doneSentence, summaryParts } from './sentence.ts'
import { treeLines, treesOf } from './trees.ts'

const move = (from: string, to: string, more: Partial<Extract<Change, { kind: 'file-move' }>> = {}): Change => ({
  kind: 'file-move',
  from,
  to,
  summary: `Move ${from}`,
  reversal: 'exact',
  ...more,
})
const make = (path: string): Change => ({ kind: 'folder-make', path, summary: `Make ${path}`, reversal: 'exact' })
const remove = (path: string, reversal: 'exact' | 'none' = 'exact'): Change => ({
  kind: 'file-remove',
  path,
  summary: `Remove ${path}`,
  reversal,
})
const listed = (...changes: Change[]): PreviewChange[] =>
  changes.map((change, index) => ({ id: `s[${index}]#0`, step: `s[${index}]`, change, labels: [] }))
const HOME = '/home/ada/Downloads'
const SORTED = rowsOf(
  listed(
    make(`${HOME}/Documents`),
    move(`${HOME}/invoice-03.pdf`, `${HOME}/Documents/invoice-03.pdf`, { bytes: 1000 }),
    move(`${HOME}/old/invoice-03.pdf`, `${HOME}/Documents/invoice-03 (2).pdf`, { bytes: 500, clash: `${HOME}/Documents/invoice-03.pdf` }),
    move(`${HOME}/a.jpg`, `${HOME}/Pictures/a.jpg`),
    move(`${HOME}/b.jpg`, `${HOME}/Pictures/b.jpg`),
    move(`${HOME}/c.jpg`, `${HOME}/Pictures/c.jpg`),
  ),
)
const none: ReadonlySet<string> = new Set()

test('rows are grouped by the folder they go to, new folders last', () => {
  const groups = groupRows(SORTED, 'folder', commonRoot(SORTED))
  expect(groups.map((group) => [group.title, group.rows.length, group.bytes, group.clashes])).toEqual([
    ['Documents', 2, 1500, 1],
    ['Pictures', 3, 0, 0],
    ['New folders', 1, 0, 0],
  ])
})

test('rows are grouped by kind of change and of file in plan order', () => {
  expect(groupRows(SORTED, 'change', '/').map((group) => group.title)).toEqual(['New folders', 'Moves and renames'])
  expect(groupRows(SORTED, 'type', '/').map((group) => group.title)).toEqual(['Folders', 'Documents', 'Pictures'])
  expect(groupRows(SORTED, 'none', '/')).toHaveLength(1)
})

test('what failed comes first', () => {
  const rows = SORTED.map((row, index) => (index === 4 ? { ...row, state: 'failed' as const } : row))
  for (const by of ['folder', 'change', 'type'] as const)
    expect(groupRows(rows, by, HOME)[0]).toMatchObject({ title: 'Failed', rows: { length: 1 } })
})

test('a group of at least three pictures has a strip; a closed group only its header', () => {
  const groups = groupRows(SORTED, 'folder', commonRoot(SORTED))
  const items = listItems(groups, new Set([groups[0]?.key ?? '']), { strips: true, headers: true })
  expect(items.map((item) => item.type)).toEqual(['group', 'group', 'strip', 'row', 'row', 'row', 'group', 'row'])
})

test('search wants every word, in name or place; the clash filter keeps renamed ones', () => {
  expect(filterRows(SORTED, { search: 'invoice old', clashes: false })).toHaveLength(1)
  expect(filterRows(SORTED, { search: '', clashes: true }).map((row) => row.id)).toEqual(['s[2]#0'])
  expect(filterRows(SORTED, { search: '', clashes: false })).toBe(SORTED)
})

test('places are told from their common root', () => {
  expect(commonRoot(SORTED)).toBe(HOME)
  expect(commonRoot([])).toBe('/')
  expect(within(HOME, `${HOME}/Documents`)).toBe('Documents')
  expect(within(HOME, HOME)).toBe('.')
  expect(within(HOME, '/home/ada/Downloads2/x')).toBe('/home/ada/Downloads2/x')
})

test('a removed place that holds others is a folder', () => {
  const rows = rowsOf(listed(move(`${HOME}/Documents/a.pdf`, `${HOME}/a.pdf`), remove(`${HOME}/Documents`), remove(`${HOME}/b`)))
  expect(rows.map((row) => row.file)).toEqual(['document', 'folder', 'other'])
  expect(tallyOf(rows, none)).toMatchObject({ removed: 1, foldersGone: 1, files: 2 })
})

test('ticks of a group are all, some or none; Shift takes the stretch between', () => {
  const ids = SORTED.map((row) => row.id)
  const some = setTicked(none, ids.slice(0, 2), false)
  expect([ticksOf(SORTED, none), ticksOf(SORTED, some), ticksOf(SORTED, new Set(ids))]).toEqual(['all', 'some', 'none'])
  expect(setTicked(some, ids, true).size).toBe(0)
  expect(rangeOf(ids, ids[4] ?? '', ids[2] ?? '')).toEqual(ids.slice(2, 5))
  expect(rangeOf(ids, 'gone', ids[2] ?? '')).toEqual([ids[2]])
})

test('the summary follows the ticks', () => {
  const words = (excluded: ReadonlySet<string>) => summaryParts(tallyOf(SORTED, excluded), false).map((part) => part.text)
  expect(words(none)).toEqual(['5 files → 2 folders', '1 clash renamed', 'nothing final', '1.5 KB stays on this disk'])
  expect(words(new Set(['s[2]#0', 's[1]#0']))).toEqual(['3 files → 1 folder', 'nothing final'])
  expect(words(new Set(SORTED.map((row) => row.id)))).toEqual(['Nothing to change', 'nothing final'])
})

test('a final effect is said before it is approved', () => {
  expect(summaryParts(tallyOf(rowsOf(listed(remove('/a/b', 'none'))), none), false)).toContainEqual({
    text: '1 change cannot be undone',
    tone: 'final',
  })
})

test('what was done is one sentence', () => {
  expect(doneSentence(tallyOf(SORTED, none), 3100, false)).toBe('5 files moved in 3.1 s')
  expect(doneSentence(tallyOf(SORTED, none), null, true)).toBe('5 files put back')
  expect(doneSentence(tallyOf([], none), 20, false)).toBe('Done in 20 ms. Nothing was changed.')
})

test('the trees show both sides; what is unticked stays where it is on both', () => {
  const { before, after } = treesOf(SORTED, new Set(['s[1]#0']), HOME)
  expect([before.files, after.files]).toEqual([5, 5])
  expect(after.children.map((child) => [child.name, child.mark, child.files])).toEqual([
    ['Documents', 'add', 1],
    ['Pictures', null, 3],
    ['invoice-03.pdf', null, 1],
  ])
  expect(before.marked).toBe(4)
})

test('a folder shows its first files until it is asked for all', () => {
  const { after } = treesOf(
    rowsOf(listed(...Array.from({ length: 20 }, (_, index) => move(`/x/${index}.txt`, `/x/D/${index}.txt`)))),
    none,
    '/x',
  )
  const short = treeLines(after, none, none)
  expect(short.at(-1)).toMatchObject({ type: 'more', hidden: 15, path: '/x/D' })
  expect(treeLines(after, none, new Set(['/x/D']))).toHaveLength(22)
  expect(treeLines(after, new Set(['/x/D']), none)).toHaveLength(2)
})

test('10,000 changes are grouped and drawn as trees in a blink', () => {
  const rows = rowsOf(listed(...Array.from({ length: 10_000 }, (_, index) => move(`/x/${index}.pdf`, `/x/D${index % 9}/${index}.pdf`))))
  expect(groupRows(rows, 'folder', commonRoot(rows))).toHaveLength(9)
  expect(treesOf(rows, none, '/x').after.files).toBe(10_000)
})

test('a picture is looked for where it lies now', () => {
  expect(pictureOf({ from: '/a', to: '/b' }, 'proposed')).toBe('/a')
  expect(pictureOf({ from: '/a', to: '/b' }, 'done')).toBe('/b')
  expect(pictureOf({ from: '/a', to: '/b' }, 'undone')).toBe('/a')
})

test('what is done on pages is counted as that, and not as requests', () => {
  const act: Change = {
    kind: 'page-act',
    url: 'https://shop.example/cart',
    title: 'Cart',
    action: 'click',
    target: 'Order',
    fields: [],
    summary: 'Click Order',
    reversal: 'none',
  }
  const tally = tallyOf(rowsOf(listed(act, act)), none)
  expect(tally).toMatchObject({ requests: 0, acts: 2, files: 0 })
  expect(summaryParts(tally, false)[0]?.text).toBe('2 actions on pages')
  expect(doneSentence(tally, null, false)).toBe('2 actions on pages done')
})
