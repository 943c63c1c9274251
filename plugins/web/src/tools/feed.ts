import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { readFeed } from '../feed/feed.ts'
import { decodeText } from '../page/encoding.ts'
import { request } from '../page/request.ts'
import { Url, limits } from '../schemas.ts'

export const feed = defineTool({
  id: 'web.feed',
  title: 'Read a feed',
  description: 'Reads an RSS (2.0, 1.0) or Atom feed: its items with id, title, link, date and text, newest as the feed orders them.',
  input: z.object({
    url: Url.describe('The address of the feed'),
    limit: z.int().min(1).max(10_000).default(500).describe('At most this many items'),
    ...limits,
  }),
  output: z.object({
    url: z.string().describe('The address after redirects'),
    kind: z.enum(['rss', 'rdf', 'atom']).describe('RSS 2.0, RSS 1.0 or Atom'),
    title: z.string().describe('Name of the feed'),
    link: z.string().describe('Its web page, or empty'),
    key: z.string().describe('Eight characters that stand for this feed, the same at every reading'),
    items: z.array(
      z.object({
        id: z.string().describe('Stays the same for one item'),
        title: z.string(),
        link: z.string().describe('Its web page, or empty'),
        author: z.string().describe('Or empty'),
        published: z.string().nullable().describe('ISO 8601, or null'),
        summary: z.string().describe('Plain text, or empty'),
        markdown: z.string().describe('The full text where the feed has it, else the summary, as Markdown'),
        fileName: z.string().describe('A file name for it, unique in the feed, without an extension: `2024-07-13 Title`'),
      }),
    ),
  }),
  effect: 'read',
  lane: 'io',
  needs: { net: ['url'] },
  run: async ({ url, limit, maxBytes, timeout }, host) => {
    const accept = 'application/rss+xml,application/atom+xml,application/rdf+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.1'
    const page = await request(host, { url, accept, maxBytes, timeout })
    return { url: page.url, ...readFeed(decodeText(page.bytes, page.contentType).text, page.url, limit, url) }
  },
  examples: [{ title: 'What is new', input: { url: 'https://example.org/feed.xml', limit: 2 } }],
})
