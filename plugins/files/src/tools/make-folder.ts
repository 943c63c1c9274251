import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Path } from '../schemas.ts'

export const makeFolder = defineTool({
  id: 'files.make-folder',
  title: 'Make a folder',
  description: 'Makes a folder with its missing parents. A folder that is already there is fine.',
  input: z.object({ path: Path.describe('The folder') }),
  output: z.object({ path: z.string().describe('The folder') }),
  effect: 'write',
  idempotent: true,
  lane: 'io',
  needs: { 'fs.write': ['path'] },
  run: ({ path }, host) => host.fs.makeFolder(path),
  examples: [
    { title: 'A new folder', input: { path: '/home/ada/Documents/2024/July' }, output: { path: '/home/ada/Documents/2024/July' } },
  ],
})
