import type { Node } from './xml.ts'
import { asList, asNode, attributeOf, invalid, markupOf, textOf } from './xml.ts'

type Text = { html: string } | { text: string } | string
export interface RawItem {
  id: string
  title: Text
  link: string
  author: string
  published: string
  summary: Text
  content: Text
}
export interface RawFeed {
  kind: 'rss' | 'rdf' | 'atom'
  title: Text
  link: string
  items: RawItem[]
}

/** Tells the format by its root element: `rss` (RSS 2.0 and 0.9x), `rdf:RDF` (RSS 1.0), `feed` (Atom, RFC 4287). */
export function readFormat(document: Node): RawFeed {
  if ('rss' in document) return readRss(asNode(document['rss']))
  if ('rdf:RDF' in document) return readRdf(asNode(document['rdf:RDF']))
  if ('feed' in document) return readAtom(asNode(document['feed']))
  throw invalid('has no RSS or Atom element at its root')
}

function readRss(root: Node): RawFeed {
  const channel = asNode(asList(root['channel'])[0])
  return {
    kind: 'rss',
    title: textOf(channel, 'title'),
    link: textOf(channel, 'link'),
    items: asList(channel['item']).map((item) => rssItem(asNode(item))),
  }
}

function readRdf(root: Node): RawFeed {
  const channel = asNode(asList(root['channel'])[0])
  const items = asList(root['item']).map((value) => {
    const item = asNode(value)
    return { ...rssItem(item), id: attributeOf(item, 'rdf:about') || textOf(item, 'link') }
  })
  return { kind: 'rdf', title: textOf(channel, 'title'), link: textOf(channel, 'link'), items }
}

function rssItem(item: Node): RawItem {
  const guid = textOf(item, 'guid')
  const isLink = guid !== '' && attributeOf(asList(item['guid'])[0], 'isPermaLink') !== 'false' && /^https?:/.test(guid)
  return {
    id: guid || textOf(item, 'link'),
    title: textOf(item, 'title', 'dc:title'),
    link: textOf(item, 'link') || (isLink ? guid : '') || attributeOf(asList(item['enclosure'])[0], 'url'),
    author: textOf(item, 'dc:creator', 'author'),
    published: textOf(item, 'pubDate', 'dc:date'),
    summary: textOf(item, 'description'),
    content: textOf(item, 'content:encoded'),
  }
}

function readAtom(root: Node): RawFeed {
  return {
    kind: 'atom',
    title: markupOf(asList(root['title'])[0]),
    link: linkOf(root),
    items: asList(root['entry']).map((entry) => atomEntry(asNode(entry), root)),
  }
}

function atomEntry(entry: Node, feed: Node): RawItem {
  const author = asNode(asList(entry['author'])[0] ?? asList(feed['author'])[0])
  const content = asList(entry['content'])[0]
  return {
    id: textOf(entry, 'id'),
    title: markupOf(asList(entry['title'])[0]),
    link: linkOf(entry) || attributeOf(content, 'src'),
    author: textOf(author, 'name'),
    published: textOf(entry, 'published', 'updated'),
    summary: entry['summary'] === undefined ? '' : markupOf(asList(entry['summary'])[0]),
    content: content === undefined || attributeOf(content, 'src') !== '' ? '' : markupOf(content),
  }
}

/** The `alternate` link, which is also what a link without `rel` means. */
function linkOf(node: Node): string {
  const links = asList(node['link'])
  const alternate = links.find((link) => ['', 'alternate'].includes(attributeOf(link, 'rel')))
  return attributeOf(alternate ?? links[0], 'href')
}
