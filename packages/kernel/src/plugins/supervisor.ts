import type { Labels, Plugin, ToolDescription } from '@life-os/contract'
import type { SpawnPlugin } from '../sandbox/index.ts'
import type { Logger } from '../telemetry/index.ts'
import { createCrashes } from './crashes.ts'
import { digestOf } from './digest.ts'
import type { FoundPlugin } from './discover.ts'
import { changed, disabled, quarantined, refused, startFailed } from './faults.ts'
import { memoryOf } from './health.ts'
import type { Health } from './health.ts'
import { limitsOf } from './limits.ts'
import { createLiveProcess } from './process.ts'
import type { LiveProcess, Patience } from './process.ts'
import type { PluginStates } from './states.ts'
import type { Timers } from './timers.ts'
import type { PluginCall } from './types.ts'
import { createUses } from './uses.ts'
import type { Uses } from './uses.ts'

export interface SupervisorDeps {
  found: FoundPlugin
  states: PluginStates
  /** Kept over versions. */
  health: Health
  spawn: SpawnPlugin
  timers: Timers
  patience: Patience
  /** Milliseconds without a call before the process is stopped, unless the manifest says otherwise. */
  idleStop: number
  logger: Pick<Logger, 'info' | 'warn'>
  /** What it needs of this machine and of other plugins and is not there, or null. */
  missing(): string | null
}

/** Keeps one version of a plugin: starts it on first use, stops it when idle, starts it again after a crash, gives up on one that keeps crashing. */
export interface Supervisor {
  readonly found: FoundPlugin
  state(): Plugin['state']
  describe(place: Place): Plugin
  call(call: PluginCall, tool: ToolDescription): Promise<unknown>
  labels(): Labels
  taint(labels: Labels): void
  /** Starts its process if it may run; a version is switched to once this resolved. */
  warm(): Promise<void>
  /** A fresh process takes over; the one before finishes what it has begun. */
  restart(): Promise<void>
  /** Lets every call that came in finish, however long it takes, then ends its process. */
  retire(): Promise<void>
  enable(): Promise<void>
  disable(): Promise<void>
  end(): Promise<void>
}

/** What the supervisor does not know itself. `fault`: why newer files are not in use. */
export type Place = Pick<Plugin, 'source' | 'pending' | 'isolation'> & { fault: string | null }

interface Live {
  readonly process: LiveProcess
  readonly uses: Uses
  readonly startedAt: number
  labels: Labels
}

const ASK_HEALTH_EVERY = 45_000 // milliseconds, while a process runs

export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const { found, states, health, spawn, timers, patience, logger } = deps
  const { manifest } = found
  const id = manifest.id
  const limits = limitsOf(manifest, deps.idleStop)
  const crashes = createCrashes()
  const entered = createUses(timers)
  const leaving = new Map<Live, Promise<void>>()
  let live: Live | null = null
  let starting: Promise<void> | null = null
  let idleTimer: Disposable | null = null
  let healthTimer: Disposable | null = null
  let lastCrash: string | null = null
  let unwell: string | null = null
  let ended = false

  function assertUsable(): void {
    const refusal = found.refusal ?? deps.missing()
    if (refusal !== null) throw refused(id, refusal)
    const kept = states.get(id)
    if (kept?.state === 'disabled') throw disabled(id)
    if (kept?.state === 'quarantined') throw quarantined(id, kept.reason ?? 'it kept crashing.', health.log().slice(-20))
    if (ended) throw startFailed(id, 'Life-OS is stopping.')
  }

  /** The process that runs, held: it is not put away before the hold is given back. */
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
    const wait = crashes.wait(timers.now())
    if (wait > 0) await new Promise<void>((resolve) => timers.after(wait, resolve))
    assertUsable()
    if ((await digestOf(found.folder, manifest.entry).catch(() => '')) !== found.digest) throw changed(id)
    const began = performance.now()
    const { memory, pids, cpu } = limits
    const child = spawn({
      runtime: found.runtime,
      folder: found.folder,
      entry: manifest.entry,
      memory,
      ...(pids !== undefined && { pids }),
      ...(cpu !== undefined && { cpu }),
    })
    const made = createLiveProcess({
      plugin: id,
      child,
      timers,
      patience,
      onLine: (line, level) => health.note(line, level),
      onCallEnd: (duration, ok) => health.record(duration, ok),
    })
    void made.ended.then((how) => onEnded(made, health.clean(how)))
    await made.ready
    health.startTime = performance.now() - began
    health.starts++
    lastCrash = null
    return { process: made, uses: createUses(timers), startedAt: timers.now(), labels: [] }
  }

  /** In the place of the one before, which finishes what it has begun. */
  function put(made: Live): void {
    const before = live
    if (ended) return void leave(made, 0)
    live = made
    if (before) void leave(before, Number.POSITIVE_INFINITY)
    watchHealth(made)
  }

  function onEnded(made: LiveProcess, how: string): void {
    if (leaving.keys().some((one) => one.process === made)) return
    if (live?.process === made) {
      live = null
      healthTimer?.[Symbol.dispose]()
    }
    if (ended) return
    health.crashes++
    lastCrash = how
    health.note(`crashed: ${how}`)
    logger.warn({ plugin: id, how }, 'a plugin crashed')
    if (!crashes.add(timers.now())) return
    const reason = `It crashed 5 times within 10 minutes, the last time with: ${how}.`
    logger.warn({ plugin: id, log: health.log().slice(-20) }, 'a plugin was put in quarantine')
    void states
      .set(id, { state: 'quarantined', reason })
      .catch((error: unknown) => logger.warn({ plugin: id, error }, 'the quarantine could not be written down'))
  }

  /** Ends a process once nobody uses it, at the latest after the grace time; the next call starts another. */
  function leave(one: Live | null, grace: number = patience.grace): Promise<void> {
    if (!one) return Promise.resolve()
    if (live === one) {
      live = null
      idleTimer?.[Symbol.dispose]()
      healthTimer?.[Symbol.dispose]()
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

  /** The plugin's own word on how it is; what it says is shown and changes nothing. */
  function watchHealth(one: Live): void {
    healthTimer?.[Symbol.dispose]()
    const look = async () => {
      const answer = await one.process.health()
      if (live !== one || answer === null) return
      const now = answer.ok ? null : health.clean(`It says that it is unwell: ${answer.message ?? 'it did not say why'}`)
      if (now !== null && now !== unwell) health.note(now, 'warn')
      unwell = now
      healthTimer = timers.after(ASK_HEALTH_EVERY, () => void look())
    }
    void look()
  }

  function state(): Plugin['state'] {
    if (found.refusal !== null || deps.missing() !== null) return 'refused'
    const kept = states.get(id)
    if (kept) return kept.state
    if (live) return 'ready'
    if (starting) return 'starting'
    return lastCrash === null ? 'idle' : 'crashed'
  }

  return {
    found,
    state,
    describe: ({ source, pending, isolation, fault }) => ({
      manifest,
      state: state(),
      reason: found.refusal ?? deps.missing() ?? states.get(id)?.reason ?? lastCrash ?? (live ? unwell : null) ?? fault,
      digest: found.digest,
      bundled: found.bundled,
      source,
      pending,
      isolation,
      labels: [...(live?.labels ?? [])],
      tools: [...found.tools],
      /** Made when it is looked at: the memory of a process takes the kernel milliseconds, and the gate asks for the manifest at every call. */
      get health() {
        return healthOf(health, live)
      },
    }),
    async call(call, tool) {
      using _inside = entered.take()
      const { process, hold } = await acquire()
      try {
        return await process.call(call, tool)
      } finally {
        hold[Symbol.dispose]()
        restWhenIdle()
      }
    },
    labels: () => live?.labels ?? [],
    taint(labels) {
      if (live) live.labels = [...new Set([...live.labels, ...labels])]
    },
    async warm() {
      const { hold } = await acquire()
      hold[Symbol.dispose]()
      restWhenIdle()
    },
    async restart() {
      await starting?.catch(() => undefined)
      if (!live) return
      put(await start())
      restWhenIdle()
    },
    async retire() {
      await entered.none(Number.POSITIVE_INFINITY)
      ended = true
      await leave(live)
      await Promise.all(leaving.values())
    },
    async enable() {
      if (found.refusal !== null) throw refused(id, found.refusal)
      crashes.clear()
      lastCrash = null
      await states.set(id, null)
    },
    async disable() {
      await states.set(id, { state: 'disabled', reason: 'Disabled by a person.' })
      await leave(live)
    },
    async end() {
      ended = true
      await starting?.catch(() => undefined)
      await Promise.all([leave(live, 0), ...leaving.keys().map((one) => leave(one, 0))])
    },
  }
}

function healthOf(health: Health, live: Live | null): Plugin['health'] {
  const pid = live?.process.pid ?? null
  return {
    pid,
    startedAt: live?.startedAt ?? null,
    startTime: health.startTime,
    starts: health.starts,
    calls: health.calls,
    errors: health.errors,
    crashes: health.crashes,
    p50: health.percentile(0.5),
    p95: health.percentile(0.95),
    memory: memoryOf(pid),
    log: health.log(),
  }
}
