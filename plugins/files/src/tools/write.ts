import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Path } from '../schemas.ts'

export const write = defineTool({
  id: 'files.write',
  title: 'Write a file',
  description:
    'Writes a whole file. Without `replace` an existing file is never touched: the new one takes the next free numbered name. With `replace` the old content is kept for undo.',
  input: z.object({
    path: Path.describe('Where to write; missing folders are made'),
    content: z.string().describe('The whole content'),
    as: z.enum(['text', 'base64']).default('text').describe('What `content` is'),
    replace: z.boolean().default(false).describe('Replace an existing file'),
    expect: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable()
      .optional()
      .describe('Only write when the present content has this SHA-256 (null: only when nothing is there)'),
  }),
  output: z.object({ path: z.string().describe('Where it was written; numbered when the name was taken') }),
  effect: 'write',
  lane: 'io',
  needs: { 'fs.write': ['path'] },
  run: async ({ path, content, as, replace, expect }, host) => {
    const bytes = as === 'text' ? content : Buffer.from(content, 'base64')
    return host.fs.write(path, bytes, { replace, ...(expect !== undefined && { expect }) })
  },
  examples: [
    {
      title: 'A new note',
      input: { path: '/home/ada/Documents/note.txt', content: 'Remember the milk.\n' },
      output: { path: '/home/ada/Documents/note.txt' },
    },
    {
      title: 'A name that is taken gets a number',
      input: { path: '/home/ada/Downloads/notes.txt', content: 'Another note.\n' },
      output: { path: '/home/ada/Downloads/notes (2).txt' },
    },
  ],
})
