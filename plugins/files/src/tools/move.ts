import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Path } from '../schemas.ts'

export const move = defineTool({
  id: 'files.move',
  title: 'Move a file or folder',
  description:
    'Moves a file or folder to a new path. Never overwrites: when the name is taken it gets the next free number. Missing folders are made.',
  input: z.object({
    from: Path.describe('What to move'),
    to: Path.describe('The new path with its name, not the folder alone'),
  }),
  output: z.object({
    from: z.string().describe('Where it was'),
    to: z.string().describe('Where it is now; numbered when the name was taken'),
  }),
  effect: 'write',
  lane: 'io',
  needs: { 'fs.write': ['from', 'to'] },
  run: async ({ from, to }, host) => ({ from, to: (await host.fs.move(from, to)).path }),
  examples: [
    {
      title: 'Into a folder',
      input: { from: '/home/ada/Downloads/invoice.pdf', to: '/home/ada/Documents/invoice.pdf' },
      output: { from: '/home/ada/Downloads/invoice.pdf', to: '/home/ada/Documents/invoice.pdf' },
    },
  ],
})
