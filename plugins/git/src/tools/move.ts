import { LifeOsError } from '@life-os/plugin-sdk'
import type { HostV1 } from '@life-os/plugin-sdk'
import { findInReflog, markOf } from '../repository/back.ts'
import type { Moved } from '../repository/back.ts'
import { failed } from '../repository/repository.ts'
import type { Change, Repository } from '../repository/repository.ts'

/**
 * A command that moves the present branch. Where it stops half-way for a conflict, it is given up, so that the repository
 * stands as before. Errors: `git-conflict`, `git-failed`.
 */
export async function moveBranch(host: HostV1, opened: Repository, args: string[], how: Change, giveUp: string[]): Promise<Moved> {
  const before = await opened.standing()
  const result = await opened.attempt({ program: 'git', args }, { ...how, reflog: markOf(host.key), author: COMMITTER })
  if (result.code !== 0) {
    const conflicts = (await opened.look('diff', '--name-only', '--diff-filter=U', '-z')).split('\0').filter(Boolean)
    if (conflicts.length === 0) throw failed(args, result)
    await opened.attempt({ program: 'git', args: giveUp }, { reflog: markOf(host.key) })
    throw new LifeOsError(
      'git-conflict',
      `Both sides changed ${conflicts.slice(0, 5).join(', ')}${conflicts.length > 5 ? ` and ${conflicts.length - 5} more` : ''}. It was given up and the repository stands as before; bring the two together by hand.`,
      { applied: 'no', details: { conflicts } },
    )
  }
  return { branch: before.branch, before: before.commit, after: (await opened.standing()).commit }
}

/** Who a merge or a rebased commit was made by; authors stay. */
const COMMITTER = { name: 'Life-OS', email: 'life-os@localhost' }

/** For tools whose output says where the branch was and is. */
export async function reconcileMove(host: HostV1, repository: string, key: string) {
  const { applied, moved } = await findInReflog(host, repository, key)
  return moved ? { applied, output: moved } : { applied }
}
