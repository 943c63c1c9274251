import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import type { HostV1 } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { given, pageOf } from '../allowing.ts'
import { Blob, Field, PageHandle, Target, done } from '../schemas.ts'

const quiet = 'Sends nothing: the page has no network until the form is sent or the page closed.'

export const type = defineTool({
  id: 'browser.type',
  title: 'Fill in a field',
  description: `Types text, or a secret by its name, into one field of an open page. ${quiet}`,
  input: z.object({
    page: PageHandle,
    target: Target,
    value: z.string().optional(),
    secret: z.string().optional().describe('Name of a secret instead of a text'),
  }),
  output: z.object(done),
  effect: 'read',
  lane: 'browser',
  needs: { browser: ['page'], 'secret.use': ['secret'] },
  run: async ({ page, target, value, secret }, host) =>
    host.browser.fill(await pageOf(host, page), [
      { target: given(target), ...(secret === undefined ? { value: value ?? '' } : { secret }) },
    ]),
  examples: [
    {
      title: 'A name',
      input: { page: 'https://example.org/order.html', target: { label: 'Your name' }, value: 'Ada' },
      output: { title: 'Order' },
    },
  ],
})

export const select = defineTool({
  id: 'browser.select',
  title: 'Choose in a field',
  description: `Chooses an option of a list, or ticks or clears a box. ${quiet}`,
  input: z.object({
    page: PageHandle,
    target: Target,
    option: z.string().optional().describe('The option as it is shown'),
    checked: z.boolean().optional(),
  }),
  output: z.object(done),
  effect: 'read',
  lane: 'browser',
  needs: { browser: ['page'] },
  run: async ({ page, target, option, checked }, host) =>
    host.browser.fill(await pageOf(host, page), [
      { target: given(target), ...(option === undefined ? { checked: checked ?? true } : { option }) },
    ]),
  examples: [
    {
      title: 'An option of a list',
      input: { page: 'https://example.org/order.html', target: { label: 'Size' }, option: 'Large' },
      output: { title: 'Order' },
    },
  ],
})

export const upload = defineTool({
  id: 'browser.upload',
  title: 'Choose files for a field',
  description: `Puts files into a file field of an open page. ${quiet}`,
  input: z.object({
    page: PageHandle,
    target: Target,
    files: z
      .array(
        z.object({
          path: z
            .string()
            .regex(/^(\/|[A-Za-z]:[\\/])/, 'an absolute path')
            .optional()
            .describe('A file of this machine'),
          blob: Blob.optional().describe('Or a stored file'),
          name: z.string().max(255).optional().describe('What the site is told; default the name of the file'),
        }),
      )
      .min(1)
      .max(20),
  }),
  output: z.object(done),
  effect: 'read',
  lane: 'browser',
  needs: { browser: ['page'], 'fs.read': ['files.path'] },
  run: async ({ page, target, files }, host) => {
    const chosen: { blob: string; name: string }[] = []
    for (const { path, blob, name } of files) {
      const named = name ?? path?.split(/[/\\]/).at(-1) ?? 'file'
      chosen.push({ name: named, blob: blob ?? (await host.blobs.put(await bytesOf(host, path ?? ''))).blob })
    }
    return host.browser.fill(await pageOf(host, page), [{ target: given(target), files: chosen }])
  },
  examples: [
    {
      title: 'A picture',
      input: { page: 'https://example.org/order.html', target: { label: 'Picture' }, files: [{ path: '/home/ada/Pictures/ada.txt' }] },
      output: { title: 'Order' },
    },
  ],
})

const PIECE = 8 * 1024 ** 2
const MOST = 50 * 1024 ** 2

async function bytesOf(host: HostV1, path: string): Promise<Uint8Array> {
  const size = (await host.fs.stat(path))?.size ?? 0
  if (size > MOST) throw new LifeOsError('file-too-large', `${path} is larger than 50 MiB, the most that is handed to a page.`)
  const pieces: Uint8Array[] = []
  for (let offset = 0; offset === 0 || offset < size; offset += PIECE) pieces.push(await host.fs.read(path, { offset, length: PIECE }))
  return Buffer.concat(pieces)
}

export const fillForm = defineTool({
  id: 'browser.fill-form',
  title: 'Fill in a form',
  description: `Fills several fields of an open page. ${quiet} Then send it with browser.click.`,
  input: z.object({ page: PageHandle, fields: z.array(Field).min(1).max(200) }),
  output: z.object(done),
  effect: 'read',
  lane: 'browser',
  needs: { browser: ['page'], 'secret.use': ['fields.secret'] },
  run: async ({ page, fields }, host) => host.browser.fill(await pageOf(host, page), fields.map(plainField)),
  examples: [
    {
      title: 'Two fields',
      input: {
        page: 'https://example.org/order.html',
        fields: [
          { target: { label: 'Your name' }, value: 'Ada' },
          { target: { label: 'As a gift' }, checked: true },
        ],
      },
      output: { title: 'Order' },
    },
  ],
})

export const plainField = ({ target, ...rest }: z.output<typeof Field>) => ({ target: given(target), ...given(rest) })
