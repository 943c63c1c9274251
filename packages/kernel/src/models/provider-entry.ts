import type { LifeOsError, Model, Provider, ProviderConfig } from '@life-os/contract'
import { modelFault } from './faults.ts'
import { createGuard, type Guard } from './guard.ts'
import type { Pauses } from './deps.ts'
import type { ProviderClient } from './providers/types.ts'

export type BareModel = Omit<Model, 'price' | 'qualification'>

/** One provider with its client, what was last heard of it, and the guard before it. */
export interface ProviderEntry {
  readonly config: ProviderConfig
  readonly detected: boolean
  readonly client: ProviderClient
  readonly guard: Guard
  readonly models: readonly BareModel[]
  view(): Provider
  /** Asks what models it has, at most one at a time. Never rejects. */
  look(): Promise<void>
  /** Whether what is known of it is old enough to ask again. */
  isStale(): boolean
  /** What a call tells of it. */
  heard(error: LifeOsError | null): void
}

/**
 * Milliseconds: how long an answer to «which models» is waited for, and how long it holds. Where nothing listens the answer
 * is there at once; a server of this machine that loads a model, or a machine that is busy, takes seconds.
 */
const PATIENCE = 10_000
const HOLDS = { local: 60_000, cloud: 6 * 3_600_000 }
const HOLDS_FAILED = { local: 5_000, cloud: 60_000 }

export interface EntryOptions {
  config: ProviderConfig
  detected: boolean
  client: ProviderClient
  pauses: Pauses
  now(): number
  onChange(): void
}

export function createEntry({ config, detected, client, pauses, now, onChange }: EntryOptions): ProviderEntry {
  const where = client.local ? 'local' : 'cloud'
  const guard = createGuard({ local: client.local, pauses, now, name: config.name })
  let state: Exclude<Provider['state'], 'resting' | 'disabled'> = 'unchecked'
  let reason: string | null = null
  let checkedAt: number | null = null
  let models: readonly BareModel[] = []
  let looking: Promise<void> | null = null

  const become = (next: typeof state, why: string | null): void => {
    const changed = next !== state || why !== reason
    state = next
    reason = why
    if (changed) onChange()
  }
  const ask = async (): Promise<void> => {
    try {
      const found = await client.models(AbortSignal.timeout(PATIENCE))
      const changed = found.map(({ ref }) => ref).join() !== models.map(({ ref }) => ref).join()
      models = found
      become('ready', null)
      if (changed) onChange()
    } catch (error) {
      const fault = modelFault(error)
      if (fault.code === 'model-unauthorised' || fault.code.startsWith('secret')) become('refused', fault.message)
      else become('unreachable', mendOf(config, fault))
    } finally {
      checkedAt = now()
    }
  }

  return {
    config,
    detected,
    client,
    guard,
    get models() {
      return config.enabled ? models : []
    },
    view() {
      const rest = guard.restsUntil()
      const shown = !config.enabled ? 'disabled' : rest !== null && state === 'ready' ? 'resting' : state
      const why =
        shown === 'resting'
          ? `${config.name} failed again and again; it is asked again ${timeOf(rest ?? now())}`
          : shown === 'disabled'
            ? `${config.name} is switched off`
            : reason
      return { ...config, local: client.local, state: shown, reason: why, detected, models: models.length, checkedAt }
    },
    look: () =>
      (looking ??= (config.enabled ? ask() : Promise.resolve()).finally(() => {
        looking = null
      })),
    isStale() {
      if (!config.enabled) return false
      return checkedAt === null || now() - checkedAt >= (state === 'ready' ? HOLDS : HOLDS_FAILED)[where]
    },
    heard(error) {
      if (error === null) become('ready', null)
      else if (error.code === 'model-unauthorised') become('refused', error.message)
      else if (error.code === 'model-unreachable') become('unreachable', mendOf(config, error))
      else if (error.code === 'model-missing') checkedAt = null
      else return
      if (error?.code === 'model-unauthorised' || error?.code === 'model-unreachable') checkedAt = now()
    },
  }
}

function mendOf({ name, kind, url }: ProviderConfig, fault: LifeOsError): string {
  if (fault.code !== 'model-unreachable' && fault.code !== 'model-timeout') return fault.message
  const start = kind === 'ollama' ? ' Start it with “ollama serve”.' : ''
  return `${name} does not answer${url === undefined ? '' : ` at ${url}`}.${start}`
}
const timeOf = (time: number): string => `at ${new Date(time).toISOString().slice(11, 19)} UTC`
