import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Path } from '../schemas.ts'

export const remove = defineTool({
  id: 'files.remove',
  title: 'Remove a file or folder',
  description: 'Moves a file or folder to the trash, from where an undo or a person can bring it back.',
  input: z.object({ path: Path.describe('What to remove') }),
  output: z.object({ path: z.string().describe('What was removed') }),
  effect: 'write',
  risk: 'medium',
  lane: 'io',
  needs: { 'fs.write': ['path'] },
  run: async ({ path }, host) => {
    await host.fs.remove(path)
    return { path }
  },
  examples: [{ title: 'To the trash', input: { path: '/home/ada/Downloads/old.zip' }, output: { path: '/home/ada/Downloads/old.zip' } }],
})
