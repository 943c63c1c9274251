import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Path } from '../schemas.ts'

export const append = defineTool({
  id: 'files.append',
  title: 'Append to a file',
  description: 'Adds text at the end of a file; a missing file is made.',
  input: z.object({
    path: Path.describe('The file'),
    content: z.string().min(1).describe('What to add; begin or end it with a line break if it should be its own line'),
  }),
  output: z.object({ path: z.string().describe('The file') }),
  effect: 'write',
  lane: 'io',
  needs: { 'fs.write': ['path'] },
  run: ({ path, content }, host) => host.fs.append(path, content),
  examples: [
    {
      title: 'One more line',
      input: { path: '/home/ada/Documents/log.txt', content: 'done\n' },
      output: { path: '/home/ada/Documents/log.txt' },
    },
  ],
})
