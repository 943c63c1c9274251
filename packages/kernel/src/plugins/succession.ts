import type { Labels } from '@life-os/contract'
import type { SpawnPlugin } from '../sandbox/index.ts'
import { digestOf } from './digest.ts'
import type { FoundPlugin } from './discover.ts'
import { changed, startFailed } from './faults.ts'
import type { Health } from './health.ts'
import { limitsOf } from './limits.ts'
import type { ProcessLimits } from './limits.ts'
import type { OwnWord } from './own-word.ts'
import { createLiveProcess } from './process.ts'
import type { LiveProcess, Patience } from './process.ts'
import type { Standing } from './standing.ts'
import type { Timers } from './timers.ts'
import { createUses } from './uses.ts'
import type { Uses } from './uses.ts'

export interface SuccessionDeps {
  found: FoundPlugin
  health: Health
  spawn: SpawnPlugin
  timers: Timers
  patience: Patience
  /** Milliseconds without a call before the process is stopped, unless the manifest says otherwise. */
  idleStop: number
}

export interface Live {
  readonly process: LiveProcess
  readonly uses: Uses
  readonly startedAt: number
  labels: Labels
}

/** The processes of one version of a plugin, one after the other: at most one takes calls, those before it finish theirs. */
export interface Succession {
  readonly live: Live | null
  readonly stage: 'ready' | 'starting' | null
  /** The process that runs, started if need be and held: it is not put away before the hold is given back. */
  acquire(): Promise<{ process: LiveProcess; hold: Disposable }>
  /** Has it put away after a while, if nobody uses it. */
  restWhenIdle(): void
  /** A fresh process takes over, if one runs. */
  restart(): Promise<void>
  /** Ends the process once nobody uses it, at the latest after the grace time; the next call starts another. */
  rest(): Promise<void>
  /** As `rest`, for good, and those before it too. */
  retire(): Promise<void>
  /** Ends every process at once, for good. */
  end(): Promise<void>
}

export function createSuccession(deps: SuccessionDeps, standing: Standing, ownWord: OwnWord): Succession {
  const { found, health, timers, patience } = deps
  const { id, entry } = found.manifest
  const limits = limitsOf(found.manifest, deps.idleStop)
  const leaving = new Map<Live, Promise<void>>()
  let live: Live | null = null
  let starting: Promise<void> | null = null
  let idleTimer: Disposable | null = null
  let ended = false

  function assertUsable(): void {
    standing.assertAllowed()
    if (ended) throw startFailed(id, 'Life-OS is stopping.')
  }

  async function acquire(): Promise<{ process: LiveProcess; hold: Disposable }> {
    for (;;) {
      assertUsable()
      idleTimer?.[Symbol.dispose]()
      if (live) return { process: live.process, hold: live.uses.take() }
      starting ??= start()
        .then((made) => put(made))
        .finally(() => (starting = null))
      await starting
    }
  }

  async function start(): Promise<Live> {
    const wait = standing.wait()
    if (wait > 0) await new Promise<void>((resolve) => timers.after(wait, resolve))
    assertUsable()
    if ((await digestOf(found.folder, entry).catch(() => '')) !== found.digest) throw changed(id)
    const began = performance.now()
    const made = launch(deps, limits)
    void made.ended.then((how) => onEnded(made, health.clean(how)))
    await made.ready
    health.startTime = performance.now() - began
    health.starts++
    standing.started()
    return { process: made, uses: createUses(timers), startedAt: timers.now(), labels: [] }
  }

  /** In the place of the one before, which finishes what it has begun. */
  function put(made: Live): void {
    const before = live
    if (ended) return void leave(made, 0)
    live = made
    if (before) void leave(before, Number.POSITIVE_INFINITY)
    ownWord.follow(made.process, () => live === made)
  }

  function onEnded(made: LiveProcess, how: string): void {
    if (leaving.keys().some((one) => one.process === made)) return
    if (live?.process === made) {
      live = null
      ownWord.stop()
    }
    if (!ended) standing.crashed(how)
  }

  function leave(one: Live | null, grace: number = patience.grace): Promise<void> {
    if (!one) return Promise.resolve()
    if (live === one) {
      live = null
      idleTimer?.[Symbol.dispose]()
      ownWord.stop()
    }
    const under = leaving.get(one)
    if (under && grace > 0) return under
    const gone = one.uses
      .none(grace)
      .then(() => one.process.stop(0))
      .finally(() => void leaving.delete(one))
    leaving.set(one, gone)
    return gone
  }

  function restWhenIdle(): void {
    if (!live || live.uses.count > 0) return
    idleTimer?.[Symbol.dispose]()
    idleTimer = timers.after(limits.idleAfter, () => live?.uses.count === 0 && void leave(live))
  }

  return {
    get live() {
      return live
    },
    get stage() {
      return live ? 'ready' : starting ? 'starting' : null
    },
    acquire,
    restWhenIdle,
    async restart() {
      await starting?.catch(() => undefined)
      if (!live) return
      put(await start())
      restWhenIdle()
    },
    rest: () => leave(live),
    async retire() {
      ended = true
      await leave(live)
      await Promise.all(leaving.values())
    },
    async end() {
      ended = true
      await starting?.catch(() => undefined)
      await Promise.all([leave(live, 0), ...leaving.keys().map((one) => leave(one, 0))])
    },
  }
}

function launch({ found, health, spawn, timers, patience }: SuccessionDeps, { memory, pids, cpu }: ProcessLimits): LiveProcess {
  const child = spawn({
    runtime: found.runtime,
    folder: found.folder,
    entry: found.manifest.entry,
    memory,
    ...(pids !== undefined && { pids }),
    ...(cpu !== undefined && { cpu }),
  })
  return createLiveProcess({
    plugin: found.manifest.id,
    child,
    timers,
    patience,
    onLine: (line, level) => health.note(line, level),
    onCallEnd: (duration, ok) => health.record(duration, ok),
  })
}
