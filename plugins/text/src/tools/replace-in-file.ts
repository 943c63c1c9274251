import { createHash } from 'node:crypto'
import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { queryFields } from '../search/query.ts'
import { replaceMatches } from '../search/replace.ts'
import { MAX_BYTES, Path } from '../source.ts'

export const replaceInFile = defineTool({
  id: 'text.replace-in-file',
  title: 'Search and replace in a file',
  description:
    'Replaces every place that matches in a UTF-8 text file; the preview shows the difference. A file without a match, or that is not text, is left alone.',
  input: z.object({
    path: Path.describe('The file'),
    ...queryFields,
    replace: z.string().max(1_000_000).describe('What to put there; for an expression `$1`, `$<name>` and `$&` stand for what matched'),
    limit: z.int().min(1).max(10_000_000).default(10_000_000).describe('Replace at most this many places'),
  }),
  output: z.object({
    path: z.string().describe('The file'),
    count: z.int().describe('How many places were replaced'),
    skipped: z.enum(['binary', 'too-long']).nullable().describe('Why the file was not looked at, or null'),
  }),
  effect: 'write',
  lane: 'io',
  needs: { 'fs.read': ['path'], 'fs.write': ['path'] },
  run: async ({ path, replace, limit, ...query }, host) => {
    const stat = await host.fs.stat(path)
    if (stat === null || stat.kind !== 'file') throw new LifeOsError('file-missing', `There is no file “${path}”. Check the path.`)
    if (stat.size > MAX_BYTES) return { path, count: 0, skipped: 'too-long' as const }
    const bytes = await host.fs.read(path)
    const text = textOf(bytes)
    if (text === null) return { path, count: 0, skipped: 'binary' as const }
    const result = replaceMatches(text, query, replace, limit)
    if (result.text === text) return { path, count: 0, skipped: null }
    const expect = createHash('sha256').update(bytes).digest('hex')
    await host.fs.write(path, result.text, { replace: true, expect })
    return { path, count: result.count, skipped: null }
  },
  examples: [
    {
      title: 'A new name',
      input: { path: '/home/ada/Documents/letter.txt', find: 'Ms Keller', replace: 'Ms Keller-Frei' },
      output: { path: '/home/ada/Documents/letter.txt', count: 1, skipped: null },
    },
  ],
})

/** The text with its byte order mark, or null for what is not UTF-8 text. */
function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
