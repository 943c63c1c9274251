import type { TopicEvent } from '@life-os/contract'
import type { WaitRow } from '../../store/index.ts'
import { parentsToWake } from '../agents/children.ts'
import type { RunsDeps } from '../types.ts'

/** Brings suspended runs back when their time or event comes, and lets approvals expire. */
export interface Wakes {
  /** Looks at what is stored and arms the next wake. Called whenever a run suspends, and at start. */
  arm(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface WakeTo {
  resume(run: string): void
  eventCame(run: string, path: string, event: TopicEvent): Promise<void>
  expire(approval: string): Promise<void>
}

export function createWakes(deps: RunsDeps, to: WakeTo): Wakes {
  const { store, clock, events, logger } = deps
  const listening = new Map<string, Disposable>()
  let sleeping: AbortController | null = null
  let closed = false

  const listen = (row: WaitRow & { event: string }): void => {
    const key = `${row.run}\0${row.path}`
    if (listening.has(key)) return
    const subscription = events.subscribe(
      row.event,
      async (event) => {
        listening.get(key)?.[Symbol.dispose]()
        listening.delete(key)
        await to.eventCame(row.run, row.path, event)
      },
      row.from_seq ?? undefined,
    )
    listening.set(key, subscription)
  }

  const fire = async (now: number): Promise<number | null> => {
    const waits = await store.db
      .selectFrom('waits')
      .innerJoin('runs', 'runs.id', 'waits.run')
      .selectAll('waits')
      .where('runs.state', 'in', ['waiting', 'running']) // who was cancelled or paused is not woken
      .execute()
    const parents = await parentsToWake(deps)
    if (closed) return null
    for (const run of parents) to.resume(run)
    for (const row of waits) if (row.event !== null) listen({ ...row, event: row.event })
    const due = waits.filter((row) => row.until !== null && row.until <= now)
    for (const run of new Set(due.map((row) => row.run))) to.resume(run)
    for (const approval of await store.db
      .selectFrom('approvals')
      .select('id')
      .where('state', '=', 'waiting')
      .where('expires_at', '<=', now)
      .execute())
      await to.expire(approval.id)
    const nextApproval = await store.db
      .selectFrom('approvals')
      .select((e) => e.fn.min('expires_at').as('at'))
      .where('state', '=', 'waiting')
      .executeTakeFirst()
    const later = waits.flatMap((row) => (row.until !== null && row.until > now ? [row.until] : []))
    if (nextApproval?.at !== null && nextApproval?.at !== undefined) later.push(Number(nextApproval.at))
    return later.length === 0 ? null : Math.min(...later)
  }

  const arm = async (): Promise<void> => {
    sleeping?.abort()
    if (closed) return
    const next = await fire(clock.now())
    if (next === null || closed) return
    sleeping = new AbortController()
    const { signal } = sleeping
    clock
      .sleep(Math.min(Math.max(next - clock.now(), 0), 3_600_000), signal)
      .then(arm, () => undefined)
      .catch((error: unknown) => logger.error({ error: String(error) }, 'waking runs failed'))
  }
  return {
    arm,
    async [Symbol.asyncDispose]() {
      closed = true
      sleeping?.abort()
      for (const subscription of listening.values()) subscription[Symbol.dispose]()
      listening.clear()
    },
  }
}
