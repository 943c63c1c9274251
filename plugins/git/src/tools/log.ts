import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Paths, Repository, Revision } from '../repository/fields.ts'
import { openRepository } from '../repository/repository.ts'

const FORMAT = '%H%x00%P%x00%an%x00%ae%x00%at%x00%s%x00%b%x00%x1e'

export const log = defineTool({
  id: 'git.log',
  title: 'Read the history',
  description: 'Lists commits, newest first: who, when, what, and their parents.',
  input: z.object({
    repository: Repository,
    from: Revision.default('HEAD').describe('Where to begin'),
    paths: Paths.default([]).describe('Only commits that touched these'),
    limit: z.int().min(1).max(5000).default(50),
  }),
  output: z.object({
    commits: z.array(
      z.object({
        commit: z.string(),
        parents: z.array(z.string()),
        author: z.string(),
        email: z.string(),
        at: z.int().describe('UTC milliseconds'),
        subject: z.string(),
        body: z.string(),
      }),
    ),
  }),
  effect: 'read',
  needs: { exec: ["${{ 'git' }}"], 'fs.read': ['repository'] },
  run: async (input, host) => {
    const opened = await openRepository(host, input.repository)
    if (input.from === 'HEAD' && (await opened.standing()).commit === null) return { commits: [] }
    const commit = await opened.resolve(input.from)
    const text = await opened.look('log', `--max-count=${input.limit}`, `--format=${FORMAT}`, commit, '--', ...input.paths)
    return {
      commits: text
        .split('\x1e')
        .map((part) => part.replace(/^\n/, '').split('\0'))
        .filter((parts) => parts.length > 6)
        .map(commitOf),
    }
  },
  examples: [{ title: 'The last ten', input: { repository: '/home/ada/project', limit: 10 } }],
})

function commitOf([commit = '', parents = '', author = '', email = '', at = '0', subject = '', body = '']: string[]) {
  return { commit, parents: parents.split(' ').filter(Boolean), author, email, at: Number(at) * 1000, subject, body: body.trim() }
}
