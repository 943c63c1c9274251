import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { assertStandsAt, markOf } from '../repository/back.ts'
import { BranchName, Commit, Repository, Revision } from '../repository/fields.ts'
import { openRepository } from '../repository/repository.ts'

export const checkout = defineTool({
  id: 'git.checkout',
  title: 'Check out',
  description:
    'Switches the working folder to a branch, tag or commit. Stops rather than lose a change that is not committed; undo switches back.',
  input: z.object({
    repository: Repository,
    to: Revision.describe('A branch, tag or commit; with `create` the name of the new branch'),
    create: z.boolean().default(false).describe('Make a branch of this name first'),
  }),
  output: z.object({
    from: z.object({ branch: z.string().nullable(), commit: Commit.nullable() }),
    branch: z.string().nullable(),
    commit: Commit.nullable(),
  }),
  effect: 'external',
  reversal: 'compensate',
  risk: 'low',
  needs: { exec: ["${{ 'git' }}"], 'fs.write': ['repository'] },
  async run({ repository, to, create }, host) {
    const opened = await openRepository(host, repository)
    const from = await opened.standing()
    const target = create ? 'HEAD' : await opened.resolve(to)
    const isBranch = !create && (await opened.maybe('show-ref', '--verify', '--quiet', `refs/heads/${to}`)) !== null
    const name = create ? ['--create', BranchName.parse(to)] : isBranch ? [to] : ['--detach', target]
    const shows = ['diff', '--stat', '--no-ext-diff', '--no-textconv', 'HEAD', target]
    await opened.change(['switch', '--no-guess', ...name], { reflog: markOf(host.key), shows })
    return { from, ...(await opened.standing()) }
  },
  async compensate({ from, branch, commit }, { repository, create, to }, host) {
    const opened = await openRepository(host, repository)
    await assertStandsAt(opened, { branch, before: from.commit, after: commit })
    const back = from.branch === null ? ['--detach', from.commit ?? 'HEAD'] : [from.branch]
    await opened.change(['switch', '--no-guess', ...back], { reflog: markOf(host.key) })
    if (create) await opened.change(['update-ref', '-d', `refs/heads/${to}`, commit ?? ''], { reflog: markOf(host.key) })
  },
  async reconcile({ repository, to }, _key, _effects, host) {
    const { branch } = await (await openRepository(host, repository)).standing()
    return { applied: branch === to ? 'unknown' : 'no' } // it may have stood there before
  },
  examples: [{ title: 'A branch', input: { repository: '/home/ada/project', to: 'next' }, output: { branch: 'next' } }],
})
