import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Path } from '../schemas.ts'

const MEBIBYTE = 1024 * 1024

export const read = defineTool({
  id: 'files.read',
  title: 'Read a file',
  description: 'Reads a file as text, or a part of it as base64. A text longer than `maxBytes` is refused rather than cut.',
  input: z.object({
    path: Path.describe('The file'),
    as: z.enum(['text', 'base64']).default('text').describe('How to give the content'),
    encoding: z.string().max(40).default('utf-8').describe('Of a text, for example `utf-8`, `windows-1252` or `utf-16le`'),
    maxBytes: z
      .int()
      .min(1)
      .max(8 * MEBIBYTE)
      .default(MEBIBYTE)
      .describe('The most to read, in bytes'),
    offset: z.int().min(0).default(0).describe('For base64: the byte to begin at'),
  }),
  output: z.object({
    path: z.string(),
    text: z.string().nullable().describe('The text, or null when read as base64'),
    base64: z.string().nullable().describe('The bytes, or null when read as text'),
    size: z.int().describe('Bytes of the whole file'),
    next: z.int().nullable().describe('For base64: the offset of the next part, or null at the end'),
  }),
  effect: 'read',
  lane: 'io',
  needs: { 'fs.read': ['path'] },
  run: async ({ path, as, encoding, maxBytes, offset }, host) => {
    const found = await host.fs.stat(path)
    if (!found) throw new LifeOsError('file-missing', `There is no file “${path}”. Check the path.`)
    if (as === 'text') {
      if (found.size > maxBytes) throw tooLong(path, found.size, maxBytes)
      return { path, text: await host.fs.readText(path, { encoding, maxBytes }), base64: null, size: found.size, next: null }
    }
    const bytes = await host.fs.read(path, { offset, length: maxBytes })
    const end = offset + bytes.length
    return { path, text: null, base64: Buffer.from(bytes).toString('base64'), size: found.size, next: end < found.size ? end : null }
  },
  examples: [
    {
      title: 'A text file',
      input: { path: '/home/ada/Downloads/notes.txt' },
      output: { path: '/home/ada/Downloads/notes.txt', text: 'Milk, bread, batteries\n', base64: null, size: 23, next: null },
    },
  ],
})

function tooLong(path: string, size: number, limit: number): LifeOsError {
  return new LifeOsError(
    'file-too-long',
    `“${path}” has ${size} bytes, more than the ${limit} allowed. Raise maxBytes, or read it in parts as base64.`,
  )
}
