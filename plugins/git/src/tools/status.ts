import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Repository } from '../repository/fields.ts'
import { openRepository } from '../repository/repository.ts'
import { parseStatus } from '../repository/status.ts'

const State = z.enum(['added', 'changed', 'removed', 'renamed', 'copied', 'retyped', 'conflict', 'untracked', 'same'])

export const status = defineTool({
  id: 'git.status',
  title: 'Look at a repository',
  description: 'Says where a git repository stands: branch, commit, how far it is from its upstream, and which files differ.',
  input: z.object({ repository: Repository }),
  output: z.object({
    branch: z.string().nullable(),
    commit: z.string().nullable(),
    upstream: z.string().nullable(),
    ahead: z.int(),
    behind: z.int(),
    clean: z.boolean(),
    files: z.array(z.object({ path: z.string(), from: z.string().nullable(), staged: State, working: State })),
  }),
  effect: 'read',
  needs: { exec: ["${{ 'git' }}"], 'fs.read': ['repository'] },
  run: async ({ repository }, host) => {
    const opened = await openRepository(host, repository)
    return parseStatus(await opened.look('status', '--porcelain=v2', '--branch', '--untracked-files=all', '-z'))
  },
  examples: [{ title: 'A repository', input: { repository: '/home/ada/project' } }],
})
