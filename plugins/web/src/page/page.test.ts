import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeText } from './encoding.ts'
import { fileNameOf, pictureName } from './names.ts'
import { readPage } from './readable.ts'

const bytes = (text: string, encoding: BufferEncoding = 'utf8'): Uint8Array => Buffer.from(text, encoding)

describe('decodeText', () => {
  test.each([
    ['the header', bytes('grün', 'latin1'), 'text/html; charset=ISO-8859-1', 'grün', 'windows-1252'],
    ['a quoted header', bytes('grün'), 'text/html; Charset="UTF-8"', 'grün', 'utf-8'],
    [
      'a meta element',
      Buffer.concat([bytes('<html><meta charset=shift_jis>'), Buffer.from([0x93, 0xfa, 0x96, 0x7b])]),
      'text/html',
      '<html><meta charset=shift_jis>日本',
      'shift_jis',
    ],
    [
      'an http-equiv',
      bytes('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', 'latin1'),
      null,
      '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
      'windows-1251',
    ],
    [
      'an XML declaration',
      bytes('<?xml version="1.0" encoding="ISO-8859-15"?><a>\u00a4</a>', 'latin1'),
      null,
      '<?xml version="1.0" encoding="ISO-8859-15"?><a>€</a>',
      'iso-8859-15',
    ],
    ['a byte order mark before all else', bytes('\uFEFFgrün', 'utf16le'), 'text/html; charset=utf-8', 'grün', 'utf-16le'],
    ['nothing: valid UTF-8', bytes('grün'), null, 'grün', 'utf-8'],
    ['nothing: not UTF-8', bytes('gr\u00fcn', 'latin1'), null, 'grün', 'windows-1252'],
    ['nonsense', bytes('grün'), 'text/html; charset=klingon', 'grün', 'utf-8'],
    ['a meta that cannot be true', bytes('<meta charset="utf-16">grün'), null, '<meta charset="utf-16">grün', 'utf-8'],
  ])('goes by %s', (_what, content, header, text, encoding) => {
    expect(decodeText(content, header)).toEqual({ text, encoding })
  })
})

describe('readPage', () => {
  const page = readPage(readFileSync(new URL('../../fixtures/article.html', import.meta.url), 'utf8'), 'https://meadow.example/a/bees.html')

  test('finds title, author, site and date', () => {
    expect(page).toMatchObject({
      title: expect.stringContaining('How bees find their way home'),
      byline: expect.stringContaining('Rosa Feldmann'),
      siteName: 'The Meadow',
      published: '2024-07-13T08:00:00.000Z',
      language: 'en',
      article: true,
    })
    expect(page.words).toBeGreaterThan(150)
  })

  test('leaves menus, advertising and scripts out', () => {
    expect(page.markdown).not.toMatch(/Buy honey|Imprint|never run|javascript:|Shop/)
  })

  test('writes headings, links, code and tables as Markdown', () => {
    expect(page.markdown).toContain('## The sun as a compass')
    expect(page.markdown).toContain('[polarised light](https://meadow.example/glossary.html#polarised)')
    expect(page.markdown).toContain('const way = distance * 2')
    expect(page.markdown).toContain('| Flight | Distance |\n| --- | --- |\n| first | 300 m \\| short |')
  })

  test('lists each picture once, lazily loaded and of many sizes too', () => {
    expect(page.pictures).toEqual([
      { url: 'https://meadow.example/articles/pictures/bee%20on%20clover.jpg', name: '01-bee-on-clover.jpg', alt: 'A bee on [red] clover' },
      { url: 'https://meadow.example/pictures/map.png', name: '02-map.png', alt: 'Map' },
      { url: 'https://meadow.example/articles/large.webp', name: '03-large.webp', alt: 'Hive' },
    ])
    expect(page.markdown).toContain('![A bee on \\[red\\] clover](https://meadow.example/articles/pictures/bee%20on%20clover.jpg)')
  })

  test('takes the whole page where there is no article', () => {
    expect(readPage('<p>Just this.</p>', 'https://x.example/')).toMatchObject({
      title: 'x.example',
      fileName: 'x.example',
      markdown: 'Just this.\n',
    })
    expect(readPage('', 'https://x.example/')).toMatchObject({ title: 'x.example', pictures: [] })
  })

  test.each([
    ['deep', '<div>'.repeat(60_000)],
    ['wide', '<p>a</p>'.repeat(150_000)],
  ])('refuses a page made to keep a reader busy: %s', (_what, html) => {
    expect(() => readPage(html, 'https://x.example/')).toThrow(expect.objectContaining({ code: 'page-too-complex' }))
  })

  test('writes lists as people do', () => {
    const html = '<ul><li>one</li><li>two<ol start="3"><li>three</li><li><p>four</p><p>more</p></li></ol></li></ul>'
    expect(readPage(html, 'https://x.example/').markdown).toBe('- one\n- two\n  3. three\n  4. four\n     \n     more\n')
  })

  test('reads sloppy pages that close nothing', () => {
    const html = `<html><body><ul>${'<li>one<br>two'.repeat(500)}</ul>`
    expect(readPage(html, 'https://x.example/').markdown).toContain('- one')
  })
})

describe('file names', () => {
  test.each([
    ['A/B: "C" <D>?', 'A B C D'],
    ['...', 'page'],
    ['con', 'page'],
    ['  spaced \n out  ', 'spaced out'],
    ['../../etc/passwd', 'etc passwd'],
  ])('%j becomes %j', (title, name) => {
    expect(fileNameOf(title, 'page')).toBe(name)
  })

  test('are always legal and short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
        const name = fileNameOf(title, 'page')
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120)
        expect(name).toMatch(/^[^\p{Cc}/\\:*?"<>|]+$/u)
        expect(name).not.toMatch(/^[\s.]|[\s.]$/)
      }),
    )
  })

  test.each([
    ['https://x.example/a/Cat%20photo.JPG?w=3', '01-Cat-photo.jpg'],
    ['https://x.example/image?id=7', '01-image.jpg'],
    ['https://x.example/', '01-picture.jpg'],
    ['https://x.example/%E0%A4%A.png', '01-%E0%A4%A.png'],
    ['https://x.example/..%2F..%2Fx.png', '01-x.png'],
  ])('%s is saved as %s', (url, name) => {
    expect(pictureName(url, 0)).toBe(name)
  })
})
