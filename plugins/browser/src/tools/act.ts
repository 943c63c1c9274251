import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { allowing, given, pageOf } from '../allowing.ts'
import { Field, PageHandle, Target, Url, done } from '../schemas.ts'
import { plainField } from './fill.ts'

const Expect = z.enum(['navigation', 'download', 'nothing']).default('navigation').describe('What is waited for')
const accept = z.boolean().default(false).describe('Say yes when the page asks whether it is meant')

export const click = defineTool({
  id: 'browser.click',
  title: 'Press a button or link',
  description:
    'Clicks an element of an open page, or presses a key on it. It may send what is filled in: you see the form and a picture first.',
  input: z.object({
    page: PageHandle,
    target: Target,
    key: z.string().max(40).optional().describe('A key instead of a click, such as Enter'),
    expect: Expect,
    accept,
  }),
  output: z.object(done),
  effect: 'external',
  risk: 'medium',
  lane: 'browser',
  needs: { browser: ['page'] },
  run: ({ page, target, key, expect, accept: yes }, host) =>
    allowing(host, async () =>
      host.browser.act(await pageOf(host, page), {
        kind: key === undefined ? 'click' : 'press',
        target: given(target),
        ...(key !== undefined && { key }),
        expect,
        accept: yes,
      }),
    ),
  examples: [
    {
      title: 'Follow a link',
      input: { page: 'https://example.org/books.html', target: { role: 'link', name: 'Walden' } },
      output: { title: 'Order', downloads: [] },
    },
  ],
})

export const submit = defineTool({
  id: 'browser.submit',
  title: 'Fill in a form and send it',
  description: 'Opens an address, fills in its form, shows it as it would be sent, and sends it once you said yes.',
  input: z.object({
    url: Url.describe('The page with the form'),
    session: z.string().optional().describe('A signed-in session that browser.save-session kept'),
    fields: z.array(Field).max(200),
    button: Target.describe('What sends it'),
    expect: Expect,
    accept,
  }),
  output: z.object(done),
  effect: 'external',
  risk: 'medium',
  lane: 'browser',
  needs: { browser: ['url'], 'secret.use': ['session', 'fields.secret'] },
  run: async ({ url, session, fields, button, expect, accept: yes }, host) => {
    const { page } = await allowing(host, () => host.browser.open(url, given({ session })))
    if (fields.length > 0) await host.browser.fill(page, fields.map(plainField))
    return allowing(host, () => host.browser.act(page, { kind: 'click', target: given(button), expect, accept: yes }))
  },
  examples: [
    {
      title: 'An order',
      input: {
        url: 'https://example.org/order.html',
        fields: [{ target: { label: 'Your name' }, value: 'Ada' }],
        button: { role: 'button', name: 'Look it up' },
      },
      output: { title: 'Books' },
    },
  ],
})

export const download = defineTool({
  id: 'browser.download',
  title: 'Download from a page',
  description: 'Clicks what starts a download on an open page and keeps the file. For a plain address use web.download.',
  input: z.object({ page: PageHandle, target: Target }),
  output: z.object({ blob: z.string(), name: z.string().describe('As the site names it'), size: z.int().describe('Bytes') }),
  effect: 'external',
  risk: 'medium',
  lane: 'browser',
  needs: { browser: ['page'] },
  run: async ({ page, target }, host) => {
    const { downloads } = await host.browser.act(await pageOf(host, page), { kind: 'click', target: given(target), expect: 'download' })
    const [file] = downloads
    if (file) return file
    throw new LifeOsError('download-missing', 'No file came within a minute after the click. Read the page to see what it says.', {
      class: 'operational',
      applied: 'unknown',
    })
  },
  examples: [
    {
      title: 'A price list',
      input: { page: 'https://example.org/books.html', target: { role: 'link', name: 'Price list' } },
      output: { name: 'prices.csv' },
    },
  ],
})

export const saveSession = defineTool({
  id: 'browser.save-session',
  title: 'Keep a signed-in session',
  description:
    'Keeps the cookies and storage of an open page as a secret of this name, so that browser.open can use them later. Nobody sees them.',
  input: z.object({ page: PageHandle, session: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'small letters, digits and hyphens') }),
  output: z.object({ session: z.string() }),
  effect: 'external',
  risk: 'medium',
  lane: 'browser',
  needs: { browser: ['page'], 'secret.use': ['session'] },
  run: async ({ page, session }, host) => {
    await host.browser.saveSession(await pageOf(host, page), session)
    return { session }
  },
  examples: [
    {
      title: 'Stay signed in',
      input: { page: 'https://example.org/order.html', session: 'example-session' },
      output: { session: 'example-session' },
    },
  ],
})
