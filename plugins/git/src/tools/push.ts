import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { BranchName, Commit, Repository, Secret } from '../repository/fields.ts'
import { openRepository, remoteOf, requestRemote } from '../repository/repository.ts'
import { REMOTE_NEED, RemoteOrAddress } from './pull.ts'

export const push = defineTool({
  id: 'git.push',
  title: 'Push',
  description:
    'Sends a branch to a remote, never by force. Undo puts the branch of the remote back where it was, if nobody moved it since; who fetched meanwhile keeps what they got.',
  input: z.object({
    repository: Repository,
    remote: RemoteOrAddress.default('origin'),
    branch: BranchName.optional().describe('Default: the present branch'),
    secret: Secret,
  }),
  output: z.object({
    branch: z.string(),
    before: Commit.nullable().describe('Where the branch of the remote was; null when it is new'),
    after: Commit,
    changed: z.boolean(),
  }),
  effect: 'external',
  reversal: 'compensate',
  risk: 'high',
  needs: { exec: ["${{ 'git' }}"], 'fs.write': ['repository'], net: [REMOTE_NEED], 'secret.use': ['secret'] },
  async run({ repository, remote: given, branch, secret }, host) {
    const opened = await openRepository(host, repository, { network: true })
    const remote = given.includes('://') ? remoteOf('address', given) : await opened.remote(given)
    await requestRemote(host, remote, secret)
    const name = branch ?? (await opened.standing()).branch
    if (name === null) throw new LifeOsError('git-no-branch', `${repository} is on no branch; name the one to push.`)
    const after = await opened.resolve(`refs/heads/${name}`)
    const args = ['push', '--porcelain', '--no-verify', '--no-recurse-submodules', remote.url, `${after}:refs/heads/${name}`]
    const known = given.includes('://') ? [] : [`^refs/remotes/${given}/${name}`]
    const result = await opened.change(args, {
      remote,
      secret,
      shows: ['log', '--oneline', '--stat', '-n', '50', after, ...(await present(opened, known))],
    })
    return { branch: name, after, ...(await movedThere(opened, result.stdout)) }
  },
  async compensate({ branch, before, after, changed }, { repository, remote: given, secret }, host) {
    if (!changed) return
    const opened = await openRepository(host, repository, { network: true })
    const remote = given.includes('://') ? remoteOf('address', given) : await opened.remote(given)
    await requestRemote(host, remote, secret)
    const lease = `--force-with-lease=refs/heads/${branch}:${after}`
    await opened.change(['push', '--porcelain', '--no-verify', lease, remote.url, `${before ?? ''}:refs/heads/${branch}`], {
      remote,
      secret,
    })
  },
  examples: [
    {
      title: 'The present branch to a new repository',
      input: { repository: '/home/ada/project', remote: 'https://host/project.git' },
      output: { branch: 'main', before: null, changed: true },
    },
  ],
})

type Opened = Awaited<ReturnType<typeof openRepository>>

async function present(opened: Opened, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => opened.maybe('rev-parse', '--quiet', '--verify', name.slice(1))))
  return names.filter((_, index) => found[index] !== null)
}

/** Reads one line of `git push --porcelain`: flag, from:to, and `old..new`, `[new branch]` or `[up to date]`. */
async function movedThere(opened: Opened, text: string): Promise<{ before: string | null; changed: boolean }> {
  const line = text.split('\n').find((candidate) => /^[ +*=-]\t/.test(candidate)) ?? ''
  if (line.startsWith('=')) return { before: null, changed: false }
  const old = /\t([0-9a-f]{7,64})\.\.[0-9a-f]{7,64}/.exec(line)?.[1]
  return { before: old === undefined ? null : await opened.resolve(old), changed: true }
}
