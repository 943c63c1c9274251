import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { markOf } from '../repository/back.ts'
import { BranchName, Commit, Secret } from '../repository/fields.ts'
import { commandOf, failed, openRepository, remoteOf } from '../repository/repository.ts'

export const clone = defineTool({
  id: 'git.clone',
  title: 'Clone',
  description:
    'Copies a repository from a server into a new folder. Submodules are left out and no hook runs. Undo moves the folder to the trash.',
  input: z.object({
    url: z.url({ protocol: /^https?$/ }).describe('Its address, beginning with https://'),
    folder: z.string().describe('The new folder, as an absolute path; it may be there already if it is empty'),
    branch: BranchName.optional().describe('Default: the one its server names'),
    depth: z.int().min(1).max(1_000_000).optional().describe('Only so many commits of the history'),
    secret: Secret,
  }),
  output: z.object({ folder: z.string(), branch: z.string().nullable(), commit: Commit.nullable() }),
  effect: 'external',
  reversal: 'compensate',
  risk: 'medium',
  needs: { exec: ["${{ 'git' }}"], 'fs.write': ['folder'], net: ['url'], 'secret.use': ['secret'] },
  async run({ url, folder, branch, depth, secret }, host) {
    const remote = remoteOf('origin', url)
    const there = await host.fs.stat(folder)
    if (there !== null && (there.kind !== 'folder' || (await host.fs.list(folder, { hidden: true, max: 10 })).length > 0))
      throw new LifeOsError('folder-not-empty', `${folder} is there already and not empty; name a new folder.`)
    if (there === null) await host.fs.makeFolder(folder)
    const some = [...(branch === undefined ? [] : ['--branch', branch]), ...(depth === undefined ? [] : ['--depth', String(depth)])]
    const args = ['clone', '--quiet', '--no-recurse-submodules', '--template=', ...some, '--', remote.url, '.']
    const result = await host.exec.run(commandOf(folder, { program: 'git', args }, { remote, secret, reflog: markOf(host.key) }))
    if (result.code !== 0) throw failed(['clone'], result)
    const { commit, branch: present } = await (await openRepository(host, folder)).standing()
    return { folder, branch: present, commit }
  },
  async compensate({ folder }, _input, host) {
    for (const { path } of await host.fs.list(folder, { hidden: true })) await host.fs.remove(path)
  },
  examples: [
    { title: 'A project', input: { url: 'https://forge/project.git', folder: '/home/ada/Documents/project' }, output: { branch: 'main' } },
  ],
})
