import { LifeOsError } from '@life-os/plugin-sdk'
import type { HostV1 } from '@life-os/plugin-sdk'
import { failed, openRepository } from './repository.ts'
import type { Repository } from './repository.ts'

/** What a command did to the place where a repository stands; enough to take it back through the reflog. */
export interface Moved {
  branch: string | null
  before: string | null
  after: string | null
}

/** The mark that a command leaves in the reflog, by which a later look finds it again. */
export const markOf = (key: string): string => `life-os ${key.slice(0, 32)}`

/** Nothing is taken back over work that came later. Error: `git-moved-on`. */
export async function assertStandsAt(repository: Repository, { branch, after }: Moved): Promise<void> {
  const now = await repository.standing()
  if (now.branch === branch && now.commit === after) return
  throw new LifeOsError(
    'git-moved-on',
    `${repository.path} has moved on since: it stands at ${now.branch ?? 'no branch'} ${short(now.commit)}, not at ${branch ?? 'no branch'} ${short(after)}. Undo what came later first.`,
    { applied: 'no' },
  )
}

const short = (commit: string | null): string => (commit === null ? '(no commit)' : commit.slice(0, 10))

/** The index is told first what the files look like now: it notes times and numbers that a copy does not keep. */
const BACK = `set -eu
git update-index -q --refresh >/dev/null || true
git reset --quiet --keep "$1"
`

/** Puts the branch back where it was. `--keep` stops rather than lose a change that was not committed. */
export async function moveBack(host: HostV1, path: string, moved: Moved): Promise<void> {
  if (moved.before === moved.after || moved.before === null) return
  const repository = await openRepository(host, path)
  await assertStandsAt(repository, moved)
  const shows = ['diff', '--stat', moved.after ?? 'HEAD', moved.before]
  const command = { program: 'sh', args: ['-s', '--', moved.before], script: BACK }
  const result = await repository.attempt(command, { reflog: markOf(host.key), shows })
  if (result.code !== 0) throw failed(['reset'], result)
}

/** Whether a command with this key moved HEAD, told by the reflog; unknown while git's own lock is there. */
export async function findInReflog(host: HostV1, path: string, key: string): Promise<{ applied: 'yes' | 'no' | 'unknown'; moved?: Moved }> {
  const repository = await openRepository(host, path)
  const lines = ((await repository.maybe('reflog', '-n', '200', '--format=%H %gs', 'HEAD')) ?? '').split('\n')
  const first = lines.findIndex((line) => line.slice(41).startsWith(markOf(key)))
  if (first < 0) return { applied: (await isBusy(host, path)) ? 'unknown' : 'no' }
  const last = lines.findLastIndex((line) => line.slice(41).startsWith(markOf(key)))
  const { branch } = await repository.standing()
  return { applied: 'yes', moved: { branch, before: lines[last + 1]?.slice(0, 40) || null, after: lines[first]?.slice(0, 40) ?? null } }
}

/** Something of git's own that a cut-off command left behind. */
async function isBusy(host: HostV1, path: string): Promise<boolean> {
  const left = ['index.lock', 'HEAD.lock', 'MERGE_HEAD', 'rebase-merge', 'rebase-apply']
  const found = await Promise.all(left.map((name) => host.fs.stat(`${path}/.git/${name}`)))
  return found.some((entry) => entry !== null)
}
