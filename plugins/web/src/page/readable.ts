import { Readability } from '@mozilla/readability'
import type { Element, Page } from './document.ts'
import { parseFragment, parsePage } from './document.ts'
import { destination, toMarkdown } from './markdown.ts'
import { fileNameOf, pictureName } from './names.ts'

export interface Picture {
  url: string
  name: string
  alt: string
}
export interface Readable {
  title: string
  fileName: string
  byline: string
  siteName: string
  published: string | null
  language: string
  excerpt: string
  markdown: string
  words: number
  article: boolean
  pictures: Picture[]
}

/** What a person would read of a page, without menus and advertising. When no article is found it is the whole body. */
export function readPage(html: string, url: string): Readable {
  const page = parsePage(html, url)
  const [heading, language] = [page.querySelector('title')?.textContent, page.documentElement.getAttribute('lang') ?? '']
  const article = extract(page) // takes the page apart
  const body = article?.content ? parseFragment(article.content, url).body : parsePage(html, url).body
  const title = clean(article?.title) || clean(heading) || new URL(url).hostname
  const markdown = toMarkdown(body)
  return {
    title,
    fileName: fileNameOf(title, 'page'),
    byline: clean(article?.byline),
    siteName: clean(article?.siteName),
    published: isoDate(article?.publishedTime),
    language: clean(article?.lang) || language,
    excerpt: clean(article?.excerpt),
    markdown,
    words: markdown.split(/\s+/).filter((word) => /[\p{Letter}\p{Number}]/u.test(word)).length,
    article: article !== null,
    pictures: picturesOf(body),
  }
}

function extract(page: Page): ReturnType<Readability['parse']> {
  return new Readability(page as unknown as ConstructorParameters<typeof Readability>[0]).parse() // linkedom's document in the place of the browser's
}

function picturesOf(body: Element): Picture[] {
  const alternatives = new Map<string, string>()
  for (const image of body.querySelectorAll('img[src]')) {
    const url = destination(image.getAttribute('src') ?? '')
    if (/^https?:/i.test(url) && !alternatives.has(url)) alternatives.set(url, clean(image.getAttribute('alt')))
  }
  return [...alternatives].map(([url, alt], index) => ({ url, alt, name: pictureName(url, index) }))
}

const clean = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim()

export function isoDate(text: string | null | undefined): string | null {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}
