import { chmodSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createToolLab, fill, manifestOf } from '../../../../tools/lab/index.ts'
import type { ToolLab } from '../../../../tools/lab/index.ts'
import text from '../index.ts'

let lab: ToolLab
beforeEach(async () => {
  lab = await createToolLab(text, 'text')
})
afterEach(async () => {
  await lab[Symbol.asyncDispose]()
})
const at = (...names: string[]): string => path.join(lab.folder, ...names)

describe('replace-in-file', () => {
  const input = () => ({ path: at('a.txt'), find: 'two', replace: '2' })

  test('shows the difference, makes it, and is taken back', async () => {
    fill(lab.folder, { 'a.txt': 'one\r\ntwo\r\ntwo three\r\n' })
    chmodSync(at('a.txt'), 0o640)
    const before = manifestOf(lab.folder)
    const preview = await lab.preview('text.replace-in-file', input())
    expect(manifestOf(lab.folder)).toEqual(before)
    expect(preview.changes).toMatchObject([{ kind: 'file-write', path: at('a.txt'), diff: expect.stringContaining('-two three') }])
    expect(await lab.run('text.replace-in-file', input())).toEqual({ path: at('a.txt'), count: 2, skipped: null })
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('one\r\n2\r\n2 three\r\n')
    expect(statSync(at('a.txt')).mode & 0o777).toBe(0o640)
    expect(lab.effects.map((effect) => effect.change)).toEqual(preview.changes)
    expect(await lab.undo()).toEqual([])
    expect(manifestOf(lab.folder)).toEqual(before)
  })

  test('leaves files alone that hold no match or are no text, and keeps a byte order mark', async () => {
    fill(lab.folder, {
      'a.txt': 'nothing',
      'b.bin': Buffer.from([0x74, 0x77, 0x6f, 0, 1]),
      'c.txt': Buffer.from('two grün', 'latin1'),
      'bom.txt': '\uFEFFtwo',
    })
    const before = manifestOf(lab.folder)
    expect(await lab.run('text.replace-in-file', input())).toMatchObject({ count: 0, skipped: null })
    for (const name of ['b.bin', 'c.txt'])
      expect(await lab.run('text.replace-in-file', { ...input(), path: at(name) })).toMatchObject({ count: 0, skipped: 'binary' })
    expect(manifestOf(lab.folder)).toEqual(before)
    await lab.run('text.replace-in-file', { ...input(), path: at('bom.txt') })
    expect(readFileSync(at('bom.txt'), 'utf8')).toBe('\uFEFF2')
  })

  test.each([
    ['a missing file', { path: '/nowhere/x', find: 'a', replace: 'b' }, 'file-missing'],
    ['a relative path', { path: 'x', find: 'a', replace: 'b' }, 'input-invalid'],
    ['nothing to find', { path: '/x', find: '', replace: 'b' }, 'input-invalid'],
  ])('says what is wrong with %s', async (_what, wrong, code) => {
    await expect(lab.run('text.replace-in-file', wrong)).rejects.toMatchObject({ code })
  })
})

describe('search', () => {
  test('finds lines and columns in a file, counts all and shows as many as asked', async () => {
    fill(lab.folder, { 'a.txt': 'x\n  x x\n' })
    expect(await lab.run('text.search', { path: at('a.txt'), find: 'x', limit: 2 })).toEqual({
      count: 3,
      matches: [
        { line: 1, column: 1, match: 'x', text: 'x' },
        { line: 2, column: 3, match: 'x', text: '  x x' },
      ],
    })
  })

  test.each([[{ find: 'x' }], [{ find: 'x', text: 'x', path: '/x' }]])('needs exactly one source: %j', async (input) => {
    await expect(lab.run('text.search', input)).rejects.toMatchObject({ code: 'input-invalid' })
  })
})

describe('compare', () => {
  test('gives a unified diff of two files', async () => {
    fill(lab.folder, { 'a.txt': 'one\ntwo\n', 'b.txt': 'one\nthree\n' })
    const answer = await lab.run<{ same: boolean; diff: string; added: number; removed: number }>('text.compare', {
      left: { path: at('a.txt') },
      right: { path: at('b.txt'), name: 'new' },
    })
    expect(answer).toMatchObject({ same: false, added: 1, removed: 1 })
    expect(answer.diff).toContain('+++ new\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n')
  })

  test('refuses two texts that have nothing in common', async () => {
    const lines = (word: string): string => Array.from({ length: 6000 }, (_, index) => `${word} ${index}`).join('\n')
    await expect(lab.run('text.compare', { left: { text: lines('a') }, right: { text: lines('b') } })).rejects.toMatchObject({
      code: 'texts-too-different',
    })
  })

  test('can leave spaces out', async () => {
    expect(await lab.run('text.compare', { left: { text: 'a \n' }, right: { text: 'a\n' }, ignoreWhitespace: true })).toMatchObject({
      same: true,
      diff: '',
    })
  })
})

describe('split and join', () => {
  test.each([
    [{ text: 'a\r\nb\n\nc\n' }, ['a', 'b', '', 'c']],
    [{ text: '' }, []],
    [{ text: 'a\nb\n\n\nc', at: 'paragraphs' }, ['a\nb', 'c']],
    [{ text: 'a; ;b', at: 'separator', separator: ';', trim: true, dropEmpty: true }, ['a', 'b']],
    [{ text: 'hello big world', at: 'size', size: 8 }, ['hello ', 'big ', 'world']],
    [{ text: 'aaaaaaa', at: 'size', size: 3 }, ['aaa', 'aaa', 'a']],
    [{ text: '😀😀😀', at: 'size', size: 3 }, ['😀', '😀', '😀']],
    [{ text: '😀😀', at: 'size', size: 1 }, ['😀', '😀']],
  ])('%j', async (input, parts) => {
    expect(await lab.run('text.split', input)).toEqual({ parts, count: parts.length })
  })

  test('join puts parts together again', async () => {
    expect(await lab.run('text.join', { parts: ['a', 'b'], separator: '-', end: '!' })).toEqual({ text: 'a-b!' })
  })
})

describe('CSV and JSON', () => {
  test('reads quotes, semicolons, line breaks in cells and a byte order mark', async () => {
    fill(lab.folder, { 'a.csv': '\uFEFFname;note;name\r\n"Ada ""A.""";"two\nlines";x\r\n' })
    expect(await lab.run('text.csv-to-json', { path: at('a.csv') })).toEqual({
      columns: ['name', 'note', 'name 2'],
      rows: [{ name: 'Ada "A."', note: 'two\nlines', 'name 2': 'x' }],
      count: 1,
      delimiter: ';',
      warnings: [],
    })
  })

  test('reports rows that do not fit and keeps what looks like a number but is a code', async () => {
    const answer = await lab.run<{ rows: unknown[]; warnings: { row: number }[] }>('text.csv-to-json', {
      text: 'a,b\n1,007\n2\n3,4,5\n',
      types: true,
    })
    expect(answer.rows).toEqual([
      { a: 1, b: '007' },
      { a: 2, b: null },
      { a: 3, b: 4 },
    ])
    expect(answer.warnings.map((warning) => warning.row)).toEqual([2, 3])
  })

  test('reads without names, an empty text, and refuses more rows than allowed', async () => {
    expect(await lab.run('text.csv-to-json', { text: '1,2\n', header: false })).toMatchObject({
      columns: ['column1', 'column2'],
      rows: [{ column1: '1', column2: '2' }],
    })
    expect(await lab.run('text.csv-to-json', { text: '' })).toMatchObject({ columns: [], rows: [], count: 0 })
    await expect(lab.run('text.csv-to-json', { text: 'a\n1\n2\n3\n', limit: 2 })).rejects.toMatchObject({ code: 'table-too-long' })
  })

  test('a table survives the way to JSON and back', async () => {
    const table = 'name,amount\r\n"Rent, flat",-1450\r\nFood,\r\n'
    const read = await lab.run<{ rows: unknown[] }>('text.csv-to-json', { text: table })
    expect(await lab.run('text.json-to-csv', { rows: read.rows, guardFormulas: false })).toMatchObject({ text: table, count: 2 })
  })

  test('disarms formulas, and writes lists inside a cell as JSON', async () => {
    const answer = await lab.run<{ text: string }>('text.json-to-csv', { text: '[{"a":"=HYPERLINK(1)","b":[1,2]},{"c":true}]' })
    expect(answer.text).toBe('a,b,c\r\n"\'=HYPERLINK(1)","[1,2]",\r\n,,true\r\n')
  })

  test.each([
    ['{', 'json-invalid'],
    ['{"a":1}', 'json-not-a-table'],
    ['[1,2]', 'json-not-a-table'],
  ])('says what is wrong with %s', async (source, code) => {
    await expect(lab.run('text.json-to-csv', { text: source })).rejects.toMatchObject({ code })
  })
})

describe('template', () => {
  const fillIn = (template: string, values: unknown, missing = 'fail') =>
    lab.run<{ text: string; missing: string[] }>('text.template', { template, values, missing })

  test.each([
    ['{{a}} {{ b.c }} {{b.d}}', { a: 1, b: { c: 'x', d: null } }, '1 x '],
    ['{{#on}}yes{{/on}}{{^on}}no{{/on}}', { on: false }, 'no'],
    ['{{#list}}{{.}},{{/list}}{{^list}}none{{/list}}', { list: ['a', 'b'] }, 'a,b,'],
    ['{{#people}}{{name}} of {{town}}; {{/people}}', { town: 'Z', people: [{ name: 'A' }, { name: 'B', town: 'Y' }] }, 'A of Z; B of Y; '],
    ['no tags, { single } and {{', {}, 'no tags, { single } and {{'],
    ['{{a}}', { a: '{{b}}' }, '{{b}}'],
  ])('%s', async (template, values, expected) => {
    expect(await fillIn(template, values)).toEqual({ text: expected, missing: [] })
  })

  test('names what is missing, or leaves it empty or as it is', async () => {
    await expect(fillIn('{{a}} {{constructor}}', {})).rejects.toMatchObject({
      code: 'template-incomplete',
      message: expect.stringContaining('a, constructor'),
    })
    expect(await fillIn('{{a}}!', {}, 'empty')).toEqual({ text: '!', missing: ['a'] })
    expect(await fillIn('{{a}}!', {}, 'keep')).toEqual({ text: '{{a}}!', missing: ['a'] })
  })

  test.each(['{{#a}}', '{{/a}}', '{{#a}}{{#b}}{{/a}}{{/b}}'])('refuses %s', async (template) => {
    await expect(fillIn(template, {})).rejects.toMatchObject({ code: 'template-invalid' })
  })
})

test('extract reads a file and only what was asked', async () => {
  fill(lab.folder, { 'a.txt': 'Pay EUR 12 by 2024-07-13 to ada@example.org' })
  expect(await lab.run('text.extract', { path: at('a.txt'), kinds: ['dates'] })).toEqual({
    dates: [{ text: '2024-07-13', date: '2024-07-13', index: 14 }],
    amounts: [],
    emails: [],
  })
})
