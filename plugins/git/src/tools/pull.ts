import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { moveBack } from '../repository/back.ts'
import { BranchName, Moved, RemoteName, Repository, Secret } from '../repository/fields.ts'
import { openRepository, remoteOf, requestRemote } from '../repository/repository.ts'
import { moveBranch, reconcileMove } from './move.ts'

export const RemoteOrAddress = z.union([RemoteName, z.url({ protocol: /^https?$/ })]).describe('The name of a remote, or an address')
/** The address of a remote that is given as one; a remote's own address is asked for when the tool runs. */
export const REMOTE_NEED = "${{ has(input.remote) && input.remote.contains('://') ? [input.remote] : [] }}"

export const pull = defineTool({
  id: 'git.pull',
  title: 'Pull',
  description:
    'Fetches the present branch from a remote and merges it, or rebases onto it. A conflict is given up and named; undo puts the branch back.',
  input: z.object({
    repository: Repository,
    remote: RemoteOrAddress.default('origin'),
    branch: BranchName.optional().describe('Another branch of the remote than the one of the same name'),
    how: z.enum(['fast-forward', 'merge', 'rebase']).default('fast-forward').describe('What to do where both sides have new commits'),
    secret: Secret,
  }),
  output: Moved,
  effect: 'external',
  reversal: 'compensate',
  risk: 'medium',
  needs: { exec: ["${{ 'git' }}", "${{ 'sh' }}"], 'fs.write': ['repository'], net: [REMOTE_NEED], 'secret.use': ['secret'] },
  async run({ repository, remote: given, branch, how, secret }, host) {
    const opened = await openRepository(host, repository, { network: true })
    const remote = given.includes('://') ? remoteOf('address', given) : await opened.remote(given)
    await requestRemote(host, remote, secret)
    const { branch: present } = await opened.standing()
    const wanted = branch ?? present
    if (present === null || wanted === null)
      throw new LifeOsError('git-no-branch', `${repository} is on no branch; check one out before pulling.`)
    const way = { 'fast-forward': ['--ff-only'], merge: ['--no-rebase', '--no-edit'], rebase: ['--rebase'] }[how]
    const args = ['pull', '--no-recurse-submodules', '--no-tags', ...way, given.includes('://') ? remote.url : given, wanted]
    const shows = ['log', '--oneline', '-n', '20', `HEAD..${given.includes('://') ? 'HEAD' : `refs/remotes/${given}/${wanted}`}`]
    return moveBranch(host, opened, args, { remote, secret, shows }, how === 'rebase' ? ['rebase', '--abort'] : ['merge', '--abort'])
  },
  compensate: (moved, { repository }, host) => moveBack(host, repository, moved),
  reconcile: ({ repository }, key, _effects, host) => reconcileMove(host, repository, key),
  examples: [
    {
      title: 'What is new there',
      input: { repository: '/home/ada/project', remote: 'https://forge/project.git', branch: 'next' },
      output: { branch: 'main' },
    },
  ],
})
