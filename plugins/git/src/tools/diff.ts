import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Paths, Repository, Revision } from '../repository/fields.ts'
import { openRepository } from '../repository/repository.ts'

const SHOWN = 1_000_000

export const diff = defineTool({
  id: 'git.diff',
  title: 'Compare',
  description:
    'The differences of the working folder, of what is staged, or between two commits, as a unified diff with the count of lines for each file.',
  input: z.object({
    repository: Repository,
    from: Revision.optional().describe('A commit; without it, what is staged'),
    to: Revision.optional().describe('Another commit; without it, the working folder'),
    staged: z.boolean().default(false).describe('What is staged instead of the working folder'),
    paths: Paths.default([]),
  }),
  output: z.object({
    diff: z.string().describe('At most a million characters'),
    cut: z.boolean(),
    files: z
      .array(z.object({ path: z.string(), added: z.int().nullable(), removed: z.int().nullable() }))
      .describe('Null for what is no text'),
  }),
  effect: 'read',
  needs: { exec: ["${{ 'git' }}"], 'fs.read': ['repository'] },
  run: async (input, host) => {
    const opened = await openRepository(host, input.repository)
    const commits = await Promise.all([input.from, input.to].filter((name) => name !== undefined).map((name) => opened.resolve(name)))
    const what = ['--no-ext-diff', '--no-textconv', '--no-color', ...(input.staged ? ['--cached'] : []), ...commits, '--', ...input.paths]
    const [text, counts] = [await opened.look('diff', ...what), await opened.look('diff', '--numstat', '--no-renames', '-z', ...what)]
    return { diff: text.slice(0, SHOWN), cut: text.length > SHOWN, files: counts.split('\0').filter(Boolean).map(countOf) }
  },
  examples: [{ title: 'What is not committed', input: { repository: '/home/ada/project' } }],
})

function countOf(line: string): { path: string; added: number | null; removed: number | null } {
  const [added = '-', removed = '-', ...path] = line.split('\t')
  return { path: path.join('\t'), added: added === '-' ? null : Number(added), removed: removed === '-' ? null : Number(removed) }
}
