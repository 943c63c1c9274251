import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDocument } from './index.ts'
import { passagesOf } from './passages.ts'
import type { Block } from './types.ts'

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../fixtures/read/${name}`, import.meta.url)))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('passages', () => {
  const block = fc.record<Block>({
    text: fc.string({ unit: 'grapheme', maxLength: 300 }),
    page: fc.option(fc.integer({ min: 1, max: 3 })),
    heading: fc.option(fc.constantFrom('A', 'A › B')),
  })
  test('stand where they say in the whole text, in order, and lose no word', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), fc.integer({ min: 8, max: 80 }), (blocks, size) => {
        const passages = passagesOf(blocks, size)
        const text = passages.map((passage) => passage.text).join('\n\n')
        for (const passage of passages) {
          expect(text.slice(passage.start, passage.end)).toBe(passage.text)
          expect(passage.text.length).toBeLessThanOrEqual(size)
          expect(passage.text.isWellFormed()).toBe(true)
        }
        const words = (whole: string): string => whole.replace(/\s+/g, '')
        expect(words(text)).toBe(words(blocks.map((one) => one.text).join('')))
      }),
    )
  })

  test('never join two pages or two headings', () => {
    const passages = passagesOf([
      { text: 'one', page: 1, heading: 'A' },
      { text: 'two', page: 1, heading: 'A' },
      { text: 'three', page: 2, heading: 'A' },
      { text: 'four', page: 2, heading: 'B' },
    ])
    expect(passages.map(({ text, page, heading }) => [text, page, heading])).toEqual([
      ['one\ntwo', 1, 'A'],
      ['three', 2, 'A'],
      ['four', 2, 'B'],
    ])
  })
})

describe('a document of each kind', () => {
  test('a PDF that a browser printed, page by page; an empty page is named', async () => {
    const read = await readDocument(fixture('two-invoices.pdf'), 'two-invoices.pdf')
    expect(read).toMatchObject({ kind: 'pdf', title: 'Two invoices', pages: 3 })
    expect(read.blocks.filter(({ text }) => text.includes('49.90 EUR')).map(({ page }) => page)).toEqual([1])
    expect(read.blocks.filter(({ text }) => text.includes('120.00 EUR')).map(({ page }) => page)).toEqual([2])
    expect(read.notes).toEqual(['Without text, so probably pictures: page 3.'])
  })

  test('a Word document, by its headings, with its table', async () => {
    const read = await readDocument(fixture('lease.docx'), 'lease.docx')
    expect(read).toMatchObject({ kind: 'docx', title: 'Lease' })
    expect(read.blocks).toContainEqual({ text: 'The rent is 640 EUR a month.', page: null, heading: 'Lease › Rent' })
    expect(read.blocks.map(({ text }) => text)).toContain('1,280 EUR')
  })

  test('HTML: what a reader sees, and no script', async () => {
    const page =
      '<html><head><title>Rules</title></head><body><nav>Home</nav><h1>Ties</h1><p>A tie is <b>shared</b>.</p><script>alert(1)</script></body></html>'
    const read = await readDocument(bytes(page), 'rules.html')
    expect(read).toMatchObject({ kind: 'html', title: 'Rules' })
    expect(read.blocks).toContainEqual({ text: 'A tie is shared.', page: null, heading: 'Ties' })
    expect(JSON.stringify(read)).not.toContain('alert')
  })

  test('HTML that writes no body', async () => {
    const read = await readDocument(bytes('<html><p>Total 4</p></html>'), 'a.html')
    expect(read.blocks.map(({ text }) => text)).toEqual(['Total 4'])
  })

  test('Markdown: both kinds of headings, none inside code', async () => {
    const read = await readDocument(bytes('---\na: 1\n---\nTop\n===\n\nx\n\n```\n# no heading\n```\n\n## Below ##\n\ny\n'), 'a.md')
    expect(read.title).toBe('Top')
    expect(read.blocks.filter(({ text }) => text !== '').map(({ text, heading }) => [text, heading])).toEqual([
      ['Top', 'Top'],
      ['x', 'Top'],
      ['```\n# no heading\n```', 'Top'],
      ['Below', 'Top › Below'],
      ['y', 'Top › Below'],
    ])
  })

  test('CSV: each cell with the name of its column', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => `d${index},${index}`).join('\n')
    const read = await readDocument(bytes(`day,amount\n${rows}\n`), 'a.csv')
    expect(read.blocks.map(({ heading }) => heading)).toEqual(['Rows 2 to 11', 'Rows 12 to 13'])
    expect(read.blocks[0]?.text.split('\n')[3]).toBe('day: d3; amount: 3')
  })

  test.each([
    ['UTF-8', bytes('Käse'), 'Käse'],
    ['UTF-16 with its mark', new Uint8Array([0xff, 0xfe, 0x4b, 0, 0xe4, 0]), 'Kä'],
    ['Windows-1252', new Uint8Array([0x4b, 0xe4]), 'Kä'],
  ])('text in %s', async (_name, given, text) => {
    expect((await readDocument(given, 'a.txt')).blocks.map((block) => block.text)).toEqual([text])
  })
})

describe('what cannot be read is said', () => {
  test.each([
    ['a program', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0]), 'a.bin', 'document-unknown'],
    ['a ZIP archive', bytes('PK\x03\x04rest'), 'a.zip', 'document-unknown'],
    ['half a PDF', fixture('two-invoices.pdf').subarray(0, 300), 'a.pdf', 'document-broken'],
    ['half a Word document', fixture('lease.docx').subarray(0, 200), 'a.docx', 'document-broken'],
    ['a text called PDF', bytes('hello'), 'a.pdf', 'document-broken'],
    ['a page nested without end', bytes(`<html>${'<div>'.repeat(5000)}`), 'a.html', 'document-too-complex'],
  ])('%s', async (_name, given, name, code) => {
    await expect(readDocument(given, name)).rejects.toMatchObject({ code })
  })
})
