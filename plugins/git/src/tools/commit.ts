import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import type { HostV1 } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { assertStandsAt, findInReflog, markOf } from '../repository/back.ts'
import { Commit, Moved, Paths, Repository } from '../repository/fields.ts'
import { failed, openRepository } from '../repository/repository.ts'

const SCRIPT = `# arguments: what to add ("staged" adds nothing), the message, paths
set -eu
what=$1 message=$2; shift 2
git write-tree # what was staged before, for undo
if [ "$what" != staged ]; then git add --all -- "$@"; fi
git commit --quiet --no-verify --no-gpg-sign --cleanup=whitespace --message="$message"
`
const SHOWS =
  'what=$1; shift\nif [ "$what" = staged ]; then git diff --cached --no-ext-diff --no-textconv; else git status --short -- "$@"; git diff HEAD --no-ext-diff --no-textconv -- "$@"; fi'

const input = z.object({
  repository: Repository,
  message: z.string().min(1).max(65_536),
  what: z.enum(['all', 'staged', 'paths']).default('all').describe('Everything that differs, only what is staged, or `paths`'),
  paths: Paths.default([]),
})
const output = Moved.extend({
  commit: Commit,
  files: z.int().describe('How many files it changed'),
  index: Commit.describe('What was staged before, so that undo can stage it again'),
})

export const commit = defineTool({
  id: 'git.commit',
  title: 'Commit',
  description:
    'Commits what differs in a repository, without running its hooks. The preview shows the differences; undo takes the commit back and leaves the files as they are.',
  input,
  output,
  effect: 'external',
  reversal: 'compensate',
  risk: 'low',
  needs: { exec: ["${{ 'git' }}", "${{ 'sh' }}"], 'fs.write': ['repository'] },
  async run({ repository, message, what, paths }, host) {
    const opened = await openRepository(host, repository)
    const where = what === 'paths' ? paths : ['.']
    if (where.length === 0) throw new LifeOsError('git-nothing-named', 'Name the paths to commit, or commit everything.')
    const before = await opened.standing()
    if (!(await hasChanges(opened, what, where)))
      throw new LifeOsError('git-nothing-to-commit', `Nothing differs in ${repository} that could be committed.`)
    const command = { program: 'sh', args: ['-s', '--', what === 'staged' ? 'staged' : 'add', message, ...where], script: SCRIPT }
    const author = await authorOf(opened, host)
    const shows = ['sh', '-c', SHOWS, 'sh', what === 'staged' ? 'staged' : 'add', ...where]
    const result = await opened.attempt(command, { reflog: markOf(host.key), author, shows })
    if (result.code !== 0) throw failed(['commit'], result)
    return describe(opened, before, Commit.parse(result.stdout.split('\n')[0]))
  },
  async compensate(done, { repository }, host) {
    const opened = await openRepository(host, repository)
    await assertStandsAt(opened, done)
    const reflog = markOf(host.key)
    if (done.before === null) await opened.change(['update-ref', '-d', 'HEAD', done.commit], { reflog })
    else await opened.change(['reset', '--soft', done.before], { reflog, shows: ['show', '--stat', done.commit] })
    await opened.change(['read-tree', done.index], { reflog })
  },
  async reconcile({ repository }, key, _effects, host) {
    const found = await findInReflog(host, repository, key)
    if (!found.moved?.after) return { applied: found.applied }
    const opened = await openRepository(host, repository)
    const { branch, before, after } = found.moved
    return { applied: 'yes', output: await describe(opened, { branch, commit: before }, await treeOf(opened, before), after) }
  },
  examples: [
    {
      title: 'Everything that differs',
      input: { repository: '/home/ada/project', message: 'Say hello' },
      output: { branch: 'main', files: 1 },
    },
  ],
})

type Opened = Awaited<ReturnType<typeof openRepository>>

async function hasChanges(opened: Opened, what: string, where: readonly string[]): Promise<boolean> {
  if (what === 'staged') return (await opened.maybe('diff', '--cached', '--quiet', '--no-ext-diff')) === null
  return (await opened.look('status', '--porcelain', '--untracked-files=all', '--', ...where)) !== ''
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** The tree of a commit; before the first one, the empty tree. */
async function treeOf(opened: Opened, commit: string | null): Promise<string> {
  return commit === null ? EMPTY_TREE : (await opened.look('rev-parse', `${commit}^{tree}`)).trim()
}

async function authorOf(opened: Opened, host: HostV1): Promise<{ name: string; email: string }> {
  const [name, email] = await Promise.all([opened.maybe('config', '--local', 'user.name'), opened.maybe('config', '--local', 'user.email')])
  const settings = name === null || email === null ? await host.settings.get() : {}
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' && value !== '' ? value : otherwise)
  return { name: name?.trim() ?? text(settings['name'], 'Life-OS'), email: email?.trim() ?? text(settings['email'], 'life-os@localhost') }
}

async function describe(opened: Opened, before: { branch: string | null; commit: string | null }, index: string, made?: string) {
  const commit = made ?? (await opened.resolve('HEAD'))
  const files = (await opened.look('show', '--format=', '--name-only', '-z', commit)).split('\0').filter((name) => name.trim() !== '')
  return { branch: before.branch, before: before.commit, after: commit, commit, files: files.length, index }
}
