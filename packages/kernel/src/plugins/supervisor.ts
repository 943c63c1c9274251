import type { Labels, Plugin, ToolDescription } from '@life-os/contract'
import { memoryOf } from './health.ts'
import type { Health } from './health.ts'
import { createOwnWord } from './own-word.ts'
import { createStanding } from './standing.ts'
import type { StandingDeps } from './standing.ts'
import { createSuccession } from './succession.ts'
import type { Live, SuccessionDeps } from './succession.ts'
import type { PluginCall } from './types.ts'
import { createUses } from './uses.ts'

export type SupervisorDeps = StandingDeps & SuccessionDeps

/** Keeps one version of a plugin: starts it on first use, stops it when idle, starts it again after a crash, gives up on one that keeps crashing. */
export interface Supervisor {
  readonly found: SupervisorDeps['found']
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

export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const { found, health, timers } = deps
  const standing = createStanding(deps)
  const ownWord = createOwnWord(deps)
  const processes = createSuccession(deps, standing, ownWord)
  const entered = createUses(timers)
  const state = () => standing.state(processes.stage)

  return {
    found,
    state,
    describe: ({ source, pending, isolation, fault }) => ({
      manifest: found.manifest,
      state: state(),
      reason: standing.reason() ?? (processes.live ? ownWord.unwell : null) ?? fault,
      digest: found.digest,
      bundled: found.bundled,
      source,
      pending,
      isolation,
      labels: [...(processes.live?.labels ?? [])],
      tools: [...found.tools],
      /** Made when it is looked at: the memory of a process takes the kernel milliseconds, and the gate asks for the manifest at every call. */
      get health() {
        return healthOf(health, processes.live)
      },
    }),
    async call(call, tool) {
      using _inside = entered.take()
      const { process, hold } = await processes.acquire()
      try {
        return await process.call(call, tool)
      } finally {
        hold[Symbol.dispose]()
        processes.restWhenIdle()
      }
    },
    labels: () => processes.live?.labels ?? [],
    taint(labels) {
      const { live } = processes
      if (live) live.labels = [...new Set([...live.labels, ...labels])]
    },
    async warm() {
      const { hold } = await processes.acquire()
      hold[Symbol.dispose]()
      processes.restWhenIdle()
    },
    restart: () => processes.restart(),
    async retire() {
      await entered.none(Number.POSITIVE_INFINITY)
      await processes.retire()
    },
    enable: () => standing.enable(),
    async disable() {
      await standing.disable()
      await processes.rest()
    },
    end: () => processes.end(),
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
