import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { moveBack } from '../repository/back.ts'
import { Moved, Repository, Revision } from '../repository/fields.ts'
import { openRepository } from '../repository/repository.ts'
import { moveBranch, reconcileMove } from './move.ts'

export const merge = defineTool({
  id: 'git.merge',
  title: 'Merge',
  description: 'Merges a branch, tag or commit into the present branch. A conflict is given up and named; undo puts the branch back.',
  input: z.object({ repository: Repository, from: Revision, message: z.string().max(65_536).optional() }),
  output: Moved,
  effect: 'external',
  reversal: 'compensate',
  risk: 'medium',
  needs: { exec: ["${{ 'git' }}", "${{ 'sh' }}"], 'fs.write': ['repository'] },
  async run({ repository, from, message }, host) {
    const opened = await openRepository(host, repository)
    const commit = await opened.resolve(from)
    const words = message === undefined ? ['--no-edit'] : ['--message', message]
    const args = ['merge', '--no-verify', '--no-gpg-sign', ...words, commit]
    return moveBranch(host, opened, args, { shows: ['diff', '--no-ext-diff', '--no-textconv', `HEAD...${commit}`] }, ['merge', '--abort'])
  },
  compensate: (moved, { repository }, host) => moveBack(host, repository, moved),
  reconcile: ({ repository }, key, _effects, host) => reconcileMove(host, repository, key),
  examples: [
    { title: 'A branch that is further on', input: { repository: '/home/ada/project', from: 'next' }, output: { branch: 'main' } },
  ],
})
