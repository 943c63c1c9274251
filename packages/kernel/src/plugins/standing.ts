import type { Plugin } from '@life-os/contract'
import type { Logger } from '../telemetry/index.ts'
import { createCrashes } from './crashes.ts'
import type { FoundPlugin } from './discover.ts'
import { disabled, quarantined, refused } from './faults.ts'
import type { Health } from './health.ts'
import type { PluginStates } from './states.ts'
import type { Timers } from './timers.ts'

export interface StandingDeps {
  found: FoundPlugin
  states: PluginStates
  /** Kept over versions. */
  health: Health
  timers: Timers
  logger: Pick<Logger, 'info' | 'warn'>
  /** What it needs of this machine and of other plugins and is not there, or null. */
  missing(): string | null
}

/** Whether one version of a plugin may run: what it lacks, what a person decided, and what its crashes come to. */
export interface Standing {
  /** Errors: `plugin-refused`, `plugin-disabled`, `plugin-quarantined`. */
  assertAllowed(): void
  /** `process`: how far its process is. */
  state(process: 'ready' | 'starting' | null): Plugin['state']
  /** Why it does not run, or why it ended last; null when there is nothing to say. */
  reason(): string | null
  /** Milliseconds to wait before the next start. */
  wait(): number
  started(): void
  /** Counts a crash; one too many puts the plugin in quarantine. */
  crashed(how: string): void
  enable(): Promise<void>
  disable(): Promise<void>
}

export function createStanding({ found, states, health, timers, logger, missing }: StandingDeps): Standing {
  const { id } = found.manifest
  const crashes = createCrashes()
  let lastCrash: string | null = null

  function quarantine(how: string): void {
    const reason = `It crashed 5 times within 10 minutes, the last time with: ${how}.`
    logger.warn({ plugin: id, log: health.log().slice(-20) }, 'a plugin was put in quarantine')
    void states
      .set(id, { state: 'quarantined', reason })
      .catch((error: unknown) => logger.warn({ plugin: id, error }, 'the quarantine could not be written down'))
  }

  return {
    assertAllowed() {
      const refusal = found.refusal ?? missing()
      if (refusal !== null) throw refused(id, refusal)
      const kept = states.get(id)
      if (kept?.state === 'disabled') throw disabled(id)
      if (kept?.state === 'quarantined') throw quarantined(id, kept.reason ?? 'it kept crashing.', health.log().slice(-20))
    },
    state(process) {
      if (found.refusal !== null || missing() !== null) return 'refused'
      return states.get(id)?.state ?? process ?? (lastCrash === null ? 'idle' : 'crashed')
    },
    reason: () => found.refusal ?? missing() ?? states.get(id)?.reason ?? lastCrash,
    wait: () => crashes.wait(timers.now()),
    started: () => void (lastCrash = null),
    crashed(how) {
      health.crashes++
      lastCrash = how
      health.note(`crashed: ${how}`)
      logger.warn({ plugin: id, how }, 'a plugin crashed')
      if (crashes.add(timers.now())) quarantine(how)
    },
    async enable() {
      if (found.refusal !== null) throw refused(id, found.refusal)
      crashes.clear()
      lastCrash = null
      await states.set(id, null)
    },
    disable: () => states.set(id, { state: 'disabled', reason: 'Disabled by a person.' }),
  }
}
