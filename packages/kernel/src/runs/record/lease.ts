import { LifeOsError } from '@life-os/contract'
import type { RunRow } from '../../store/index.ts'
import type { LiveRun } from '../live.ts'
import type { RunsDeps } from '../types.ts'

export const DEFAULT_LEASE = 30_000
/** The owner's name where only one process can have the store. */
export const LOCAL = 'local'

/**
 * Takes a run for this process by raising its epoch: whoever held it before can no longer write its journal. Null when
 * another process holds it and its lease is not over.
 */
export async function claim(deps: RunsDeps, run: string): Promise<RunRow | null> {
  const { store, clock } = deps
  const now = clock.now()
  const me = deps.instance ?? LOCAL
  await store.journal.flush()
  const rows = await store.db
    .updateTable('runs')
    .set((e) => ({ epoch: e('epoch', '+', 1), owner: me, lease_until: now + (deps.lease ?? DEFAULT_LEASE) }))
    .where('id', '=', run)
    .where((e) => e.or([e('owner', 'is', null), e('owner', '=', me), e('lease_until', '<', now)]))
    .returningAll()
    .execute()
  return rows[0] ?? null
}

/** Gives a run back that was taken and is not gone on with. */
export async function release({ store }: Pick<RunsDeps, 'store'>, { id, epoch }: Pick<LiveRun, 'id' | 'epoch'>): Promise<void> {
  await store.journal.flush()
  await store.db.updateTable('runs').set({ owner: null, lease_until: null }).where('id', '=', id).where('epoch', '=', epoch).execute()
}

/** Makes sure the lease outlives the effect about to happen; renews it when it is close to its end. */
export async function keepLease(deps: RunsDeps, live: LiveRun): Promise<void> {
  const lease = deps.lease ?? DEFAULT_LEASE
  const now = deps.clock.now()
  if (live.leaseUntil - now > lease / 2) return
  const until = now + lease
  const result = await deps.store.db
    .updateTable('runs')
    .set({ lease_until: until })
    .where('id', '=', live.id)
    .where('epoch', '=', live.epoch)
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) === 1) {
    live.leaseUntil = until
    return
  }
  live.halt = 'fenced'
  live.abort.abort()
  throw new LifeOsError('run-fenced', 'Another process has taken this run over, so nothing was changed here.', {
    class: 'operational',
    applied: 'no',
  })
}
