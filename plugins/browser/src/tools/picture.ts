import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { given, pageOf } from '../allowing.ts'
import { PageHandle, Target } from '../schemas.ts'

export const screenshot = defineTool({
  id: 'browser.screenshot',
  title: 'Take a picture of a page',
  description: 'Takes a picture of an open page, of all of it, or of one element. Passwords and secrets are covered.',
  input: z.object({
    page: PageHandle,
    full: z.boolean().default(false).describe('All of the page, not only what fits'),
    target: Target.optional(),
  }),
  output: z.object({ blob: z.string(), width: z.int(), height: z.int() }),
  effect: 'read',
  lane: 'browser',
  needs: { browser: ['page'] },
  run: async ({ page, full, target }, host) =>
    host.browser.screenshot(await pageOf(host, page), { full, ...(target && { target: given(target) }) }),
  examples: [{ title: 'What fits on the screen', input: { page: 'https://example.org/order.html' }, output: { width: 1280, height: 900 } }],
})

export const pdf = defineTool({
  id: 'browser.pdf',
  title: 'Save a page as PDF',
  description: 'Saves an open page as a PDF file in a folder, named by the title of the page unless told otherwise. Never overwrites.',
  input: z.object({
    page: PageHandle,
    folder: z
      .string()
      .regex(/^(\/|[A-Za-z]:[\\/])/, 'an absolute path')
      .describe('Where to save it'),
    name: z
      .string()
      .regex(/^[^/\\]{1,200}$/)
      .optional()
      .describe('Name of the file; default the title'),
  }),
  output: z.object({ path: z.string(), size: z.int().describe('Bytes') }),
  effect: 'write',
  lane: 'browser',
  needs: { browser: ['page'], 'fs.write': ['folder'] },
  run: async ({ page: wished, folder, name }, host) => {
    const page = await pageOf(host, wished)
    const { title } = await host.browser.snapshot(page, { maxChars: 100 })
    const { blob, size } = await host.browser.pdf(page)
    const saved = await host.fs.writeBlob(`${folder.replace(/[/\\]+$/, '')}/${fileName(name ?? title)}`, blob)
    return { path: saved.path, size }
  },
  examples: [
    {
      title: 'A page as PDF',
      input: { page: 'https://example.org/books.html', folder: '/home/ada/Documents' },
      output: { path: '/home/ada/Documents/Books.pdf' },
    },
  ],
})

/** A title as a file name. */
export function fileName(title: string): string {
  const plain = title
    .replace(/[/\\:*?"<>|\u0000-\u001f]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '')
    .slice(0, 120)
  return /\.pdf$/i.test(plain) ? plain : `${plain || 'page'}.pdf`
}
