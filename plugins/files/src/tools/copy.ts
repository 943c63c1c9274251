import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Path } from '../schemas.ts'

export const copy = defineTool({
  id: 'files.copy',
  title: 'Copy a file or folder',
  description:
    'Copies a file or folder with its times and permissions. Never overwrites: when the name is taken the copy gets the next free number.',
  input: z.object({
    from: Path.describe('What to copy'),
    to: Path.describe('The path of the copy with its name'),
  }),
  output: z.object({
    from: z.string().describe('The original'),
    to: z.string().describe('The copy; numbered when the name was taken'),
  }),
  effect: 'write',
  lane: 'io',
  needs: { 'fs.read': ['from', "${{ input.from + '/**' }}"], 'fs.write': ['to', "${{ input.to + '/**' }}"] },
  run: async ({ from, to }, host) => ({ from, to: (await host.fs.copy(from, to)).path }),
  examples: [
    {
      title: 'A safety copy',
      input: { from: '/home/ada/Documents/cv.docx', to: '/home/ada/Backup/cv.docx' },
      output: { from: '/home/ada/Documents/cv.docx', to: '/home/ada/Backup/cv.docx' },
    },
  ],
})
