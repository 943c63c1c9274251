import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { decodeText } from '../page/encoding.ts'
import { fileNameOf } from '../page/names.ts'
import { readPage } from '../page/readable.ts'
import type { Readable } from '../page/readable.ts'
import { request } from '../page/request.ts'
import { Url, limits } from '../schemas.ts'

export const readable = defineTool({
  id: 'web.readable',
  title: 'Read a page',
  description:
    'Fetches a page and gives what a person would read of it as Markdown: without menus and advertising, with title, author and the list of its pictures.',
  input: z.object({ url: Url.describe('The page'), ...limits }),
  output: z.object({
    url: z.string().describe('The address after redirects'),
    title: z.string().describe('Title of the page'),
    fileName: z.string().describe('The title as a file name, without an extension'),
    byline: z.string().describe('Who wrote it, or empty'),
    siteName: z.string().describe('Name of the site, or empty'),
    published: z.string().nullable().describe('When it was published, ISO 8601, or null'),
    language: z.string().describe('Language tag, or empty'),
    excerpt: z.string().describe('Summary, or empty'),
    markdown: z.string().describe('The text; picture and link addresses are absolute'),
    words: z.int().describe('Words of the text'),
    article: z.boolean().describe('False when no main text was found and the whole page was taken'),
    pictures: z
      .array(
        z.object({
          url: z.string(),
          name: z.string().describe('A file name for it, unique in this page, such as `01-cat.jpg`'),
          alt: z.string().describe('Its description, or empty'),
        }),
      )
      .describe('Pictures of the text in order'),
  }),
  effect: 'read',
  lane: 'io',
  needs: { net: ['url'] },
  run: async ({ url, maxBytes, timeout }, host) => {
    const page = await request(host, { url, accept: 'text/html,application/xhtml+xml;q=0.9,text/*;q=0.5', maxBytes, timeout })
    if (!/^(text\/|application\/(xhtml\+)?xml)/.test(page.mime)) {
      throw new LifeOsError('page-not-readable', `${page.url} is ${page.mime} and not a page. Use web.download to save it.`)
    }
    const { text } = decodeText(page.bytes, page.contentType)
    const isHtml = page.mime !== 'text/plain' && page.mime !== 'text/markdown'
    return { url: page.url, ...(isHtml ? readPage(text, page.url) : plain(text, page.url)) }
  },
  examples: [{ title: 'An article', input: { url: 'https://example.org/article.html' } }],
})

/** A page that is plain text or Markdown already. */
function plain(text: string, url: string): Readable {
  const title = decodeURIComponent(new URL(url).pathname.split('/').at(-1) || new URL(url).hostname)
  const words = text.split(/\s+/).filter(Boolean).length
  const fileName = fileNameOf(title.replace(/\.(txt|md)$/i, ''), 'page')
  return {
    title,
    fileName,
    byline: '',
    siteName: '',
    published: null,
    language: '',
    excerpt: '',
    markdown: text,
    words,
    article: true,
    pictures: [],
  }
}
