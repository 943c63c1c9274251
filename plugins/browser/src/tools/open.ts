import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { allowing, given } from '../allowing.ts'
import { Download, Url, page } from '../schemas.ts'

export const open = defineTool({
  id: 'browser.open',
  title: 'Open a page',
  description:
    'Opens an address in a browser and gives the page, where it led and the text a person would read there. Use web.readable where no browser is needed. Scripts run; nothing is sent.',
  input: z.object({
    url: Url.describe('The address'),
    session: z.string().optional().describe('A signed-in session that browser.save-session kept'),
    timeout: z.int().min(1000).max(120_000).optional().describe('Give up after this many milliseconds'),
    maxChars: z.int().min(100).max(200_000).default(8000).describe('At most so much text'),
  }),
  output: z.object({
    ...page,
    text: z.string().describe('The text of the page'),
    cut: z.boolean(),
    downloads: z.array(Download).describe('The file, when the address was one'),
  }),
  effect: 'read',
  lane: 'browser',
  needs: { browser: ['url'], 'secret.use': ['session'] },
  run: async ({ url, maxChars, ...options }, host) => {
    const opened = await allowing(host, () => host.browser.open(url, given(options)))
    if (opened.downloads.length > 0) return { ...opened, text: '', cut: false }
    const { text, cut } = await host.browser.snapshot(opened.page, { maxChars })
    return { ...opened, text, cut }
  },
  examples: [{ title: 'A page', input: { url: 'https://example.org/books.html' }, output: { title: 'Books', status: 200, cut: false } }],
})
