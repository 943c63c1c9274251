import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { decodeText } from '../page/encoding.ts'
import { request } from '../page/request.ts'
import { Url, limits } from '../schemas.ts'

export const fetchPage = defineTool({
  id: 'web.fetch',
  title: 'Fetch an address',
  description: 'Fetches an address as text (in whatever encoding it is written) or as base64. Follows redirects. Only reads: GET or HEAD.',
  input: z.object({
    url: Url.describe('The address'),
    method: z.enum(['GET', 'HEAD']).default('GET').describe('HEAD asks for status and headers only'),
    as: z.enum(['text', 'base64']).default('text').describe('How to give the content'),
    headers: z
      .record(z.string().regex(/^[\w-]+$/), z.string().max(4096))
      .default({})
      .describe('Extra request headers'),
    ...limits,
    maxRedirects: z.int().min(0).max(20).default(10).describe('Follow at most this many redirects'),
    allowErrors: z.boolean().default(false).describe('Give an answer of status 400 and above back instead of failing'),
  }),
  output: z.object({
    url: z.string().describe('The address after redirects'),
    status: z.int().describe('HTTP status'),
    ok: z.boolean().describe('Status below 400'),
    mime: z.string().describe('Media type that the server named'),
    encoding: z.string().nullable().describe('Encoding the text was read in'),
    text: z.string().nullable().describe('The content as text, or null'),
    base64: z.string().nullable().describe('The content as base64, or null'),
    size: z.int().describe('Bytes of the content'),
    headers: z.record(z.string(), z.string()).describe('Headers of the answer'),
  }),
  effect: 'read',
  lane: 'io',
  needs: { net: ['url'] },
  run: async ({ url, method, as, headers, maxBytes, timeout, maxRedirects, allowErrors }, host) => {
    const page = await request(host, { url, accept: '*/*', method, headers, maxBytes, timeout, maxRedirects, allowErrors })
    const decoded = as === 'text' ? decodeText(page.bytes, page.contentType) : null
    return {
      url: page.url,
      status: page.status,
      ok: page.status < 400,
      mime: page.mime,
      encoding: decoded?.encoding ?? null,
      text: decoded?.text ?? null,
      base64: as === 'base64' ? Buffer.from(page.bytes).toString('base64') : null,
      size: page.bytes.length,
      headers: page.headers,
    }
  },
  examples: [{ title: 'A page as text', input: { url: 'https://example.org/' } }],
})
