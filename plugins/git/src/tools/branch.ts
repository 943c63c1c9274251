import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { markOf } from '../repository/back.ts'
import { BranchName, Commit, Repository, Revision } from '../repository/fields.ts'
import { openRepository } from '../repository/repository.ts'

const ZERO = '0'.repeat(40)

export const branch = defineTool({
  id: 'git.branch',
  title: 'Make or delete a branch',
  description: 'Makes a branch at a commit, or deletes one, whatever it holds: undo brings it back at the same commit.',
  input: z.object({
    repository: Repository,
    name: BranchName,
    at: Revision.default('HEAD').describe('Where a new branch begins'),
    remove: z.boolean().default(false).describe('Delete it instead'),
  }),
  output: z.object({ name: z.string(), before: Commit.nullable(), after: Commit.nullable() }),
  effect: 'external',
  reversal: 'compensate',
  risk: 'low',
  needs: { exec: ["${{ 'git' }}"], 'fs.write': ['repository'] },
  async run({ repository, name, at, remove }, host) {
    const opened = await openRepository(host, repository)
    const reflog = markOf(host.key)
    const known = (await opened.maybe('rev-parse', '--quiet', '--verify', `refs/heads/${name}`))?.trim() ?? null
    if (remove) {
      if (known === null) throw new LifeOsError('git-name-unknown', `${repository} has no branch ${name}.`)
      if ((await opened.standing()).branch === name)
        throw new LifeOsError('git-branch-present', `${name} is the branch you are on; check another one out first.`)
      await opened.change(['update-ref', '-d', `refs/heads/${name}`, known], { reflog, shows: ['log', '--oneline', '-n', '20', known] })
      return { name, before: known, after: null }
    }
    if (known !== null) throw new LifeOsError('git-branch-taken', `${repository} has a branch ${name} already; take another name.`)
    const commit = await opened.resolve(at)
    await opened.change(['update-ref', `refs/heads/${name}`, commit, ZERO], { reflog, shows: ['log', '--oneline', '-n', '1', commit] })
    return { name, before: null, after: commit }
  },
  async compensate({ name, before, after }, { repository }, host) {
    const opened = await openRepository(host, repository)
    const reflog = markOf(host.key)
    if (before !== null) await opened.change(['update-ref', `refs/heads/${name}`, before, after ?? ZERO], { reflog })
    else await opened.change(['update-ref', '-d', `refs/heads/${name}`, after ?? ''], { reflog })
  },
  async reconcile({ repository, name, remove }, _key, _effects, host) {
    const opened = await openRepository(host, repository)
    const known = await opened.maybe('show-ref', '--verify', '--quiet', `refs/heads/${name}`)
    return { applied: (known === null) === remove ? 'unknown' : 'no' }
  },
  examples: [{ title: 'A new branch', input: { repository: '/home/ada/project', name: 'idea' }, output: { name: 'idea', before: null } }],
})
