import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { pageOf } from '../allowing.ts'
import { PageHandle, page } from '../schemas.ts'

export const read = defineTool({
  id: 'browser.read',
  title: 'Read an open page',
  description: 'Gives the text of an open page and the tree of its elements, each with the `ref` by which other tools find it.',
  input: z.object({ page: PageHandle, maxChars: z.int().min(100).max(1_000_000).default(20_000).describe('Cut text and tree there') }),
  output: z.object({ ...page, tree: z.string().describe('Role, name and ref of each element'), text: z.string(), cut: z.boolean() }),
  effect: 'read',
  lane: 'browser',
  needs: { browser: ['page'] },
  run: async ({ page, maxChars }, host) => host.browser.snapshot(await pageOf(host, page), { maxChars }),
  examples: [{ title: 'The words of a page', input: { page: 'https://example.org/order.html' }, output: { title: 'Order', cut: false } }],
})

export const extract = defineTool({
  id: 'browser.extract',
  title: 'Take records from a page',
  description: 'Takes values out of an open page by a shape: one record for each element of `each`, or one for the whole page.',
  input: z.object({
    page: PageHandle,
    each: z.string().optional().describe('CSS of the repeated element'),
    fields: z
      .record(
        z.string(),
        z.object({ css: z.string().describe('CSS below the repeated element; empty: itself'), attribute: z.string().optional() }),
      )
      .describe('For each name where its value stands: the text, or an attribute such as href'),
  }),
  output: z.object({ records: z.array(z.record(z.string(), z.string().nullable())) }),
  effect: 'read',
  lane: 'browser',
  needs: { browser: ['page'] },
  run: async ({ page, each, fields }, host) => {
    const plain = Object.fromEntries(
      Object.entries(fields).map(([name, { css, attribute }]) => [name, { css, ...(attribute !== undefined && { attribute }) }]),
    )
    return { records: await host.browser.extract(await pageOf(host, page), { ...(each !== undefined && { each }), fields: plain }) }
  },
  examples: [
    {
      title: 'A list of books',
      input: { page: 'https://example.org/books.html', each: 'li', fields: { title: { css: 'a' }, price: { css: 'b' } } },
      output: {
        records: [
          { title: 'Walden', price: '12.00' },
          { title: 'Middlemarch', price: '15.50' },
        ],
      },
    },
  ],
})

export const close = defineTool({
  id: 'browser.close',
  title: 'Close a page',
  description: 'Closes an open page. Pages close by themselves when their run ends.',
  input: z.object({ page: PageHandle }),
  output: z.object({}),
  effect: 'read',
  lane: 'browser',
  needs: { browser: ['page'] },
  run: async ({ page }, host) => {
    await host.browser.close(await pageOf(host, page))
    return {}
  },
  examples: [{ title: 'An open page', input: { page: 'https://example.org/order.html' }, output: {} }],
})
