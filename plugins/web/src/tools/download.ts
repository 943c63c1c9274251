import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Url } from '../schemas.ts'

const GIBIBYTE = 1024 ** 3

export const download = defineTool({
  id: 'web.download',
  title: 'Download to a file',
  description:
    'Downloads an address to a file of any size, goes on where a broken download stopped, and checks the fingerprint when one is given. Never overwrites unless told to.',
  input: z.object({
    url: Url.describe('What to download'),
    path: z
      .string()
      .regex(/^(\/|[A-Za-z]:[\\/]).*[^/]$/s, 'an absolute path with the name of the file')
      .describe('Where to save it, with its name'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits')
      .optional()
      .describe('Fail with `checksum-mismatch` when the content differs'),
    replace: z.boolean().default(false).describe('Replace an existing file; its content is kept for undo'),
    maxBytes: z
      .int()
      .min(1)
      .max(64 * GIBIBYTE)
      .default(2 * GIBIBYTE)
      .describe('Refuse anything larger, in bytes'),
    timeout: z.int().min(1000).max(86_400_000).default(3_600_000).describe('Give up after this many milliseconds'),
  }),
  output: z.object({
    url: z.string().describe('The address as asked'),
    from: z.string().describe('The address after redirects'),
    path: z.string().describe('Where it was saved; numbered when the name was taken'),
    size: z.int().describe('Bytes'),
    mime: z.string().nullable().describe('Media type that the server named'),
    hash: z.string().describe('SHA-256 of the content'),
  }),
  effect: 'write',
  lane: 'io',
  needs: { net: ['url'], 'fs.write': ['path'] },
  run: async ({ url, path, sha256, replace, maxBytes, timeout }, host) => {
    const got = await host.net.download(url, { maxBytes, timeout, ...(sha256 && { sha256: sha256.toLowerCase() }) })
    const saved = await host.fs.writeBlob(path, got.blob, { replace })
    return { url, from: got.url, path: saved.path, size: got.size, mime: got.mime, hash: got.blob }
  },
  examples: [{ title: 'A file', input: { url: 'https://example.org/manual.pdf', path: '/home/ada/Downloads/manual.pdf' } }],
})
