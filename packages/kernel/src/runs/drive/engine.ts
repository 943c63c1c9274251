import { LifeOsError, type Run } from '@life-os/contract'
import type { RunsContext } from '../context.ts'
import { realRun } from './execution.ts'
import { DEFAULT_LEASE, claim, keepLease, release } from '../record/lease.ts'
import { createLive, type LiveRun } from '../live.ts'
import { previewRun } from './preview-run.ts'
import { runView } from '../record/views.ts'

/** Something to do to a run while it is in hand, before it goes on. */
export type Prelude = (live: LiveRun) => Promise<void>

export interface Engine {
  /** Goes on with a run in the background. An answer to a run already going is taken in and makes it look again. */
  execute(run: string, prelude?: Prelude): Promise<void>
  /** Previews and leaves the run waiting with its approval; `auto` starts it when there is nothing to approve. */
  preview(run: string, auto: boolean, prelude?: Prelude): Promise<Run>
  /** Takes the run in hand only for the prelude and to conclude; nothing runs. */
  touch(run: string, prelude: Prelude): Promise<void>
  live(run: string): LiveRun | undefined
  /** In hand here, or about to be. */
  busy(run: string): boolean
  active(): LiveRun[]
  settled(run: string): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface Going {
  live: LiveRun
  done: Promise<void>
  again: boolean
}

export function createEngine(context: RunsContext, onSettled: () => void): Engine {
  const { deps } = context
  const going = new Map<string, Going>()
  const starting = new Map<string, Promise<void>>()
  const previews = new Map<string, Promise<Run>>()
  let closed = false

  const take = async (run: string): Promise<LiveRun> => {
    if (closed) throw closing()
    const row = await claim(deps, run)
    if (!row)
      throw new LifeOsError('run-elsewhere', 'Another process is running this. Wait for it, or stop it there.', { class: 'operational' })
    return createLive(deps, row, await deps.store.journal.read(run, 0, Number.MAX_SAFE_INTEGER))
  }

  const begin = async (run: string, prelude: Prelude | undefined, work: (live: LiveRun) => Promise<void>): Promise<void> => {
    for (let other = starting.get(run); other; other = starting.get(run)) await other.catch(() => undefined) // one beginning at a time
    const present = going.get(run)
    if (present) {
      await prelude?.(present.live)
      present.again = true
      return
    }
    const start = (async () => {
      const live = await take(run)
      try {
        await prelude?.(live)
      } catch (error) {
        await release(deps, live) // whoever wants it next need not wait for the lease
        throw error
      }
      const entry: Going = { live, again: false, done: Promise.resolve() }
      going.set(run, entry)
      entry.done = loop(run, entry, work)
    })()
    starting.set(run, start)
    try {
      await start
    } finally {
      starting.delete(run)
    }
  }

  const loop = async (run: string, entry: Going, work: (live: LiveRun) => Promise<void>): Promise<void> => {
    const stopRenewing = renew(context, entry.live)
    try {
      await work(entry.live)
    } catch (error) {
      deps.logger.error({ run, error: String(error) }, 'a run could not be concluded')
    } finally {
      stopRenewing()
      going.delete(run)
    }
    if (entry.again && !entry.live.halt)
      await begin(run, undefined, (live) => realRun(context, live)).catch((error: unknown) =>
        deps.logger.error({ run, error: String(error) }, 'a run could not go on'),
      )
    onSettled()
  }

  const atRest = async (run: string): Promise<void> => {
    for (;;) {
      await starting.get(run)?.catch(() => undefined)
      const entry = going.get(run)
      if (!entry) return
      await entry.done
    }
  }

  const previewing = async (run: string, auto: boolean, prelude: Prelude | undefined): Promise<Run> => {
    let failure: unknown = null
    let goOn = false
    await begin(run, prelude, async (live) => {
      try {
        goOn = await previewRun(context, live, auto)
      } catch (error) {
        failure = error
      }
    })
    await atRest(run)
    if (failure) throw failure
    if (goOn) await begin(run, undefined, (live) => realRun(context, live))
    const row = await deps.store.db.selectFrom('runs').selectAll().where('id', '=', run).executeTakeFirstOrThrow()
    return runView(row, null)
  }

  /** A preview that goes on by itself is one thing to whoever waits for it. */
  const settled = async (run: string): Promise<void> => {
    await previews.get(run)?.catch(() => undefined)
    await atRest(run)
  }

  return {
    execute: (run, prelude) => begin(run, prelude, (live) => realRun(context, live)),
    async touch(run, prelude) {
      await begin(run, prelude, async () => undefined)
      await atRest(run)
    },
    preview(run, auto, prelude) {
      const work = previewing(run, auto, prelude)
      previews.set(run, work)
      return work.finally(() => previews.get(run) === work && previews.delete(run))
    },
    live: (run) => going.get(run)?.live,
    busy: (run) => going.has(run) || starting.has(run) || previews.has(run),
    active: () => [...going.values()].map((entry) => entry.live),
    settled,
    async [Symbol.asyncDispose]() {
      closed = true
      await Promise.allSettled(starting.values())
      for (const { live } of going.values()) {
        live.halt ??= 'shutdown'
        live.leaving.abort(closing())
      }
      await Promise.all([...going.keys()].map(atRest))
    },
  }
}

const closing = (): LifeOsError =>
  new LifeOsError('call-revoked', 'Life-OS is closing. The run goes on at the next start.', { class: 'operational', applied: 'no' })

function renew(context: RunsContext, live: LiveRun): () => void {
  const { deps } = context
  const stop = new AbortController()
  const turn = async (): Promise<void> => {
    for (;;) {
      await deps.clock.sleep((deps.lease ?? DEFAULT_LEASE) / 3, stop.signal)
      await keepLease(deps, live)
    }
  }
  turn().catch(() => undefined) // ends with the run; a lost lease has already halted it
  return () => stop.abort()
}
