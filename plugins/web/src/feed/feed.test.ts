import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readFeed } from './feed.ts'

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')
const URL_OF_FEED = 'https://meadow.example/feed.xml'

describe('RSS 2.0', () => {
  const feed = readFeed(fixture('rss2.xml'), URL_OF_FEED, 100)

  test('reads the channel', () => {
    expect(feed).toMatchObject({ kind: 'rss', title: 'The Meadow & Garden', link: 'https://meadow.example/' })
    expect(feed.items).toHaveLength(4)
  })

  test('reads an item with markup in its title, a relative link and the full text', () => {
    expect(feed.items[0]).toEqual({
      id: 'meadow-0042',
      title: 'Bees at night – part 1',
      link: 'https://meadow.example/articles/bees-at-night',
      author: 'Rosa Feldmann',
      published: '2024-07-13T12:32:05.000Z',
      summary: 'Short & sweet.',
      markdown: 'The *long* text with a [link](https://meadow.example/glossary).\n',
      fileName: '2024-07-13 Bees at night – part 1',
    })
  })

  test('makes do with an item that has next to nothing', () => {
    expect(feed.items[1]).toMatchObject({
      id: 'https://meadow.example/untitled',
      link: 'https://meadow.example/untitled',
      published: null,
      title: 'No title here, only a thought: 1 < 2.',
    })
  })

  test('gives two items of one name two file names, the same at every reading', () => {
    const names = feed.items.slice(2).map((item) => item.fileName)
    expect(new Set(names).size).toBe(2)
    expect(
      readFeed(fixture('rss2.xml'), URL_OF_FEED, 100)
        .items.slice(2)
        .map((item) => item.fileName),
    ).toEqual(names)
  })

  test('takes no more items than asked', () => {
    expect(readFeed(fixture('rss2.xml'), URL_OF_FEED, 2).items).toHaveLength(2)
  })
})

test('RSS 1.0', () => {
  const feed = readFeed(fixture('rss1.rdf'), 'https://old.example/rss', 10)
  expect(feed).toMatchObject({
    kind: 'rdf',
    title: 'The old news',
    items: [
      {
        id: 'https://old.example/1',
        title: 'First post',
        published: '2003-05-06T07:08:09.000Z',
        author: 'Old Hand',
        summary: 'Still here.',
        markdown: 'Still here.\n',
      },
    ],
  })
})

test('Atom, with text, HTML and XHTML', () => {
  const feed = readFeed(fixture('atom.xml'), 'https://atom.example/feed', 10)
  expect(feed).toMatchObject({ kind: 'atom', title: 'Atoms & more', link: 'https://atom.example/' })
  expect(feed.items).toMatchObject([
    {
      id: 'urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a',
      title: 'About atoms',
      link: 'https://atom.example/atoms',
      author: 'Ada',
      published: '2024-07-12T08:00:00.000Z',
      summary: 'One < two',
      markdown: 'Very **small** & many.\n',
    },
    {
      id: 'urn:uuid:2',
      title: 'Written in XHTML',
      link: 'https://atom.example/two',
      author: 'The whole team',
      published: '2024-07-11T10:00:00.000Z',
      markdown: 'Real *markup*.\n',
    },
  ])
})

describe('what is no feed, or a trap', () => {
  test.each([
    ['an empty answer', ''],
    ['plain text', 'hello'],
    ['a web page', '<!doctype html><html><body>hi</body></html>'],
    ['a billion laughs', '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'],
    ['an external entity', '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'],
    ['an entity far from its place', `<rss>${' '.repeat(20_000)}<!ENTITY x "y"></rss>`],
    ['deep nesting', `<rss><channel>${'<a>'.repeat(500)}${'</a>'.repeat(500)}</channel></rss>`],
    ['a name that would change every object', '<rss><channel><__proto__><polluted>1</polluted></__proto__></channel></rss>'],
  ])('%s is refused', (_what, xml) => {
    expect(() => readFeed(xml, URL_OF_FEED, 10)).toThrow(expect.objectContaining({ code: 'feed-invalid' }))
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('a document type without own entities is fine, as is a channel without items', () => {
    const xml =
      '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>x</title></channel></rss>'
    expect(readFeed(xml, URL_OF_FEED, 10)).toMatchObject({ title: 'x', items: [] })
  })
})
