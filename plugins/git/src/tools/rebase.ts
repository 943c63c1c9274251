import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { moveBack } from '../repository/back.ts'
import { Moved, Repository, Revision } from '../repository/fields.ts'
import { openRepository } from '../repository/repository.ts'
import { moveBranch, reconcileMove } from './move.ts'

export const rebase = defineTool({
  id: 'git.rebase',
  title: 'Rebase',
  description: 'Puts the commits of the present branch on top of another. A conflict is given up and named; undo puts the branch back.',
  input: z.object({ repository: Repository, onto: Revision }),
  output: Moved,
  effect: 'external',
  reversal: 'compensate',
  risk: 'medium',
  needs: { exec: ["${{ 'git' }}", "${{ 'sh' }}"], 'fs.write': ['repository'] },
  async run({ repository, onto }, host) {
    const opened = await openRepository(host, repository)
    const commit = await opened.resolve(onto)
    const args = ['rebase', '--no-verify', '--no-gpg-sign', '--no-autostash', commit]
    return moveBranch(host, opened, args, { shows: ['log', '--oneline', '--stat', `${commit}..HEAD`] }, ['rebase', '--abort'])
  },
  compensate: (moved, { repository }, host) => moveBack(host, repository, moved),
  reconcile: ({ repository }, key, _effects, host) => reconcileMove(host, repository, key),
  examples: [{ title: 'On top of another branch', input: { repository: '/home/ada/project', onto: 'next' }, output: { branch: 'main' } }],
})
