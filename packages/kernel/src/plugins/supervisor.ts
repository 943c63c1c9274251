import { milliseconds } from '@life-os/contract'
import type { Plugin, ToolDescription } from '@life-os/contract'
import type { Logger } from '../telemetry/index.ts'
import type { SpawnPlugin } from '../sandbox/index.ts'
import { createCrashes } from './crashes.ts'
import { digestOf } from './digest.ts'
import type { FoundPlugin } from './discover.ts'
import { changed, disabled, quarantined, refused, startFailed } from './faults.ts'
import { createHealth, memoryOf } from './health.ts'
import { createLiveProcess } from './process.ts'
import type { LiveProcess, Patience } from './process.ts'
import type { PluginStates } from './states.ts'
import type { Timers } from './timers.ts'
import type { PluginCall } from './types.ts'

export interface SupervisorDeps {
  found: FoundPlugin
  states: PluginStates
  spawn: SpawnPlugin
  timers: Timers
  patience: Patience
  /** Milliseconds without a call before the process is stopped, unless the manifest says otherwise. */
  idleStop: number
  logger: Pick<Logger, 'info' | 'warn'>
}

/** Keeps one plugin: starts it on first use, stops it when idle, starts it again after a crash, gives up on one that keeps crashing. */
export interface Supervisor {
  readonly found: FoundPlugin
  describe(): Plugin
  call(call: PluginCall, tool: ToolDescription): Promise<unknown>
  enable(): Promise<void>
  disable(): Promise<void>
  end(): Promise<void>
}

const DEFAULT_MEMORY = 256

export function createSupervisor({ found, states, spawn, timers, patience, idleStop, logger }: SupervisorDeps): Supervisor {
  const { manifest } = found
  const id = manifest.id
  const health = createHealth()
  const crashes = createCrashes()
  const memory = mebibytes(manifest.limits?.memory) ?? DEFAULT_MEMORY
  const idleAfter = manifest.limits?.idleStop === undefined ? idleStop : milliseconds(manifest.limits.idleStop) || idleStop
  const leaving = new Set<Promise<void>>()
  let live: LiveProcess | null = null
  let starting: Promise<LiveProcess> | null = null
  let startedAt: number | null = null
  let idleTimer: Disposable | null = null
  let lastCrash: string | null = null
  let ended = false

  function assertUsable(): void {
    if (found.refusal !== null) throw refused(id, found.refusal)
    const kept = states.get(id)
    if (kept?.state === 'disabled') throw disabled(id)
    if (kept?.state === 'quarantined') throw quarantined(id, kept.reason ?? 'it kept crashing.', health.log().slice(-20))
    if (ended) throw startFailed(id, 'Life-OS is stopping.')
  }

  async function acquire(): Promise<LiveProcess> {
    assertUsable()
    idleTimer?.[Symbol.dispose]()
    if (live) return live
    starting ??= start().finally(() => (starting = null))
    return starting
  }

  async function start(): Promise<LiveProcess> {
    const wait = crashes.wait(timers.now())
    if (wait > 0) await new Promise<void>((resolve) => timers.after(wait, resolve))
    assertUsable()
    if ((await digestOf(found.folder, manifest.entry).catch(() => '')) !== found.digest) throw changed(id)
    const began = performance.now()
    const child = spawn({ runtime: found.runtime, folder: found.folder, entry: manifest.entry, memory })
    const made = createLiveProcess({
      plugin: id,
      child,
      timers,
      patience,
      onLine: (line) => health.note(line),
      onCallEnd: (duration, ok) => health.record(duration, ok),
    })
    void made.ended.then((how) => onEnded(made, how))
    await made.ready
    health.startTime = performance.now() - began
    startedAt = timers.now()
    lastCrash = null
    if (ended) void made.stop(0)
    else live = made
    return made
  }

  function onEnded(made: LiveProcess, how: string): void {
    if (leavingOnPurpose.has(made)) return
    if (live === made) live = null
    startedAt = null
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

  const leavingOnPurpose = new WeakSet<LiveProcess>()

  /** Ends the present process; the next call starts another. */
  function leave(grace?: number): Promise<void> {
    const current = live
    idleTimer?.[Symbol.dispose]()
    if (!current) return Promise.resolve()
    live = null
    startedAt = null
    leavingOnPurpose.add(current)
    const gone = current.stop(grace).finally(() => leaving.delete(gone))
    leaving.add(gone)
    return gone
  }

  function restWhenIdle(): void {
    if (!live || live.busy > 0) return
    idleTimer?.[Symbol.dispose]()
    idleTimer = timers.after(idleAfter, () => live?.busy === 0 && void leave())
  }

  function state(): Plugin['state'] {
    if (found.refusal !== null) return 'refused'
    const kept = states.get(id)
    if (kept) return kept.state
    if (live) return 'ready'
    if (starting) return 'starting'
    return lastCrash === null ? 'idle' : 'crashed'
  }

  return {
    found,
    describe: () => ({
      manifest,
      state: state(),
      reason: found.refusal ?? states.get(id)?.reason ?? lastCrash,
      digest: found.digest,
      bundled: found.bundled,
      tools: [...found.tools],
      /** Made when it is looked at: the memory of a process takes the kernel milliseconds, and the gate asks for the manifest at every call. */
      get health() {
        return {
          pid: live?.pid ?? null,
          startedAt,
          startTime: health.startTime,
          calls: health.calls,
          errors: health.errors,
          crashes: health.crashes,
          p50: health.percentile(0.5),
          p95: health.percentile(0.95),
          memory: memoryOf(live?.pid ?? null),
          log: health.log(),
        }
      },
    }),
    async call(call, tool) {
      const running = await acquire()
      try {
        return await running.call(call, tool)
      } finally {
        restWhenIdle()
      }
    },
    async enable() {
      if (found.refusal !== null) throw refused(id, found.refusal)
      crashes.clear()
      lastCrash = null
      await states.set(id, null)
    },
    async disable() {
      await states.set(id, { state: 'disabled', reason: 'Disabled by a person.' })
      await leave()
    },
    async end() {
      ended = true
      await starting?.catch(() => undefined)
      await leave(0)
      await Promise.all(leaving)
    },
  }
}

/** `256M` or `1G` as MiB. */
function mebibytes(text: string | undefined): number | null {
  const match = /^(\d+)\s*([MG])i?B?$/i.exec(text ?? '')
  if (!match) return null
  return Number(match[1]) * (match[2]?.toUpperCase() === 'G' ? 1024 : 1)
}
