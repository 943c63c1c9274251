import { createHash } from 'node:crypto'
import { parseFragment } from '../page/document.ts'
import { toMarkdown } from '../page/markdown.ts'
import { fileNameOf } from '../page/names.ts'
import { isoDate } from '../page/readable.ts'
import type { RawFeed, RawItem } from './formats.ts'
import { readFormat } from './formats.ts'
import { parseXml } from './xml.ts'

export interface FeedItem {
  id: string
  title: string
  link: string
  author: string
  published: string | null
  summary: string
  markdown: string
  fileName: string
}
export interface Feed {
  kind: 'rss' | 'rdf' | 'atom'
  title: string
  link: string
  key: string
  items: FeedItem[]
}

/**
 * Reads RSS 2.0 (and 0.9x), RSS 1.0 or Atom 1.0. `url` is where the feed came from: relative links are
 * resolved against it. `asked` is the address before redirects, by which the feed is known.
 */
export function readFeed(xml: string, url: string, limit: number, asked = url): Feed {
  const raw: RawFeed = readFormat(parseXml(xml))
  const items = raw.items.slice(0, limit).map((item) => toItem(item, url))
  return {
    kind: raw.kind,
    title: plainText(raw.title, url) || new URL(url).hostname,
    link: absolute(raw.link, url),
    key: digest(asked).slice(0, 8),
    items: settleNames(items),
  }
}

function toItem(item: RawItem, url: string): FeedItem {
  const link = absolute(item.link, url)
  const summary = plainText(item.summary || item.content, url)
  const title = plainText(item.title, url) || summary.slice(0, 80) || 'Untitled'
  const published = isoDate(item.published)
  const id = oneLine(item.id) || link || digest(`${title}\n${published}\n${summary}`)
  const name = fileNameOf(published ? `${published.slice(0, 10)} ${title}` : title, 'item')
  return {
    id,
    title,
    link,
    author: oneLine(item.author),
    published,
    summary,
    markdown: markdownOf(item.content || item.summary, link || url),
    fileName: name,
  }
}

/** Names are unique in one feed and the same at every reading: of two equal ones each takes a part of its id's hash. */
function settleNames(items: FeedItem[]): FeedItem[] {
  const counts = Map.groupBy(items, (item) => item.fileName.toLowerCase())
  return items.map((item) =>
    (counts.get(item.fileName.toLowerCase())?.length ?? 0) > 1
      ? { ...item, fileName: `${item.fileName} ${digest(item.id).slice(0, 6)}` }
      : item,
  )
}

type Text = { html: string } | { text: string } | string

function markdownOf(content: Text, url: string): string {
  if (content === '') return ''
  const html = typeof content === 'string' ? content : 'html' in content ? content.html : null
  return html === null ? `${(content as { text: string }).text}\n` : toMarkdown(parseFragment(html, url).body) // without html it is the text form
}

/** Feeds put markup into titles and summaries; here it becomes one line of text. */
function plainText(content: Text, url: string): string {
  if (typeof content === 'object' && 'text' in content) return oneLine(content.text)
  const html = typeof content === 'string' ? content : content.html
  return oneLine(/[<&]/.test(html) ? (parseFragment(html, url).body.textContent ?? '') : html)
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

function absolute(link: string, base: string): string {
  const url = link === '' ? null : URL.parse(link, base)
  return url && /^https?:$/.test(url.protocol) ? url.href : ''
}
