import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { toEntry } from '../entries.ts'
import { Entry, Path } from '../schemas.ts'

export const stat = defineTool({
  id: 'files.stat',
  title: 'Look at a file or folder',
  description: 'Tells whether a path exists and what is there: kind, size, times, permissions, where a link points.',
  input: z.object({ path: Path.describe('The file or folder') }),
  output: z.object({
    exists: z.boolean().describe('Whether anything is at the path'),
    entry: Entry.nullable().describe('What is there, or null'),
  }),
  effect: 'read',
  lane: 'io',
  needs: { 'fs.read': ['path'] },
  run: async ({ path }, host) => {
    const found = await host.fs.stat(path)
    return { exists: found !== null, entry: found && toEntry(found) }
  },
  examples: [
    { title: 'Is it there?', input: { path: '/home/ada/Downloads/nothing.txt' }, output: { exists: false, entry: null } },
    { title: 'What is it?', input: { path: '/home/ada/Downloads/notes.txt' } },
  ],
})
