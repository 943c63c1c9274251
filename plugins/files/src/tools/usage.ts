import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Path } from '../schemas.ts'

export const usage = defineTool({
  id: 'files.usage',
  title: 'Measure disk usage',
  description: 'Counts files, folders and bytes on disk below a folder, and names the largest files.',
  input: z.object({ path: Path.describe('The folder') }),
  output: z.object({
    path: z.string(),
    files: z.int().describe('How many files'),
    folders: z.int().describe('How many folders'),
    bytes: z.int().describe('Bytes on disk'),
    largest: z.array(z.object({ path: z.string(), bytes: z.int() })).describe('The largest files, largest first'),
  }),
  effect: 'read',
  lane: 'io',
  needs: { 'fs.read': ['path', "${{ input.path + '/**' }}"] },
  run: async ({ path }, host) => ({ path, ...(await host.fs.usage(path)) }),
  examples: [
    {
      title: 'What fills this folder?',
      input: { path: '/home/ada/Documents' },
      output: {
        path: '/home/ada/Documents',
        files: 2,
        folders: 0,
        bytes: 951,
        largest: [
          { path: '/home/ada/Documents/cv.docx', bytes: 943 },
          { path: '/home/ada/Documents/log.txt', bytes: 8 },
        ],
      },
    },
  ],
})
