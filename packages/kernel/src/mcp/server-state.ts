import type { Labels, McpServerConfig } from '@life-os/contract'
import { createCrashes, createHealth } from '../plugins/index.ts'
import type { Flight } from './flight.ts'
import type { ConnectDeps } from './connection.ts'
import { disabled, notAccepted } from './faults.ts'
import { differences, digestOfTools, known } from './listing.ts'
import type { Session } from './session.ts'
import type { KnownTool, Listing, Serves } from './types.ts'
import { oneLine } from './words.ts'

export interface StateDeps extends ConnectDeps {
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** Without values of secrets. */
  clean(text: string): string
  changed(): void
}

/** How one server stands at this moment. */
export interface ServerState {
  readonly config: McpServerConfig
  readonly accepted: readonly KnownTool[] | null
  readonly acceptedDigest: string | null
  readonly deps: StateDeps
  readonly health: ReturnType<typeof createHealth>
  readonly crashes: ReturnType<typeof createCrashes>
  readonly flights: Set<Flight>
  /** The session that calls share. */
  current: Session | null
  opening: Promise<Session> | null
  /** What it listed last, with ids; null before it was asked. */
  offered: KnownTool[] | null
  listing: Listing | null
  serves: Serves | null
  failure: string | null
  quarantine: string | null
  connectedAt: number | null
  wantsModel: boolean
  carried: Labels
  idle: NodeJS.Timeout | undefined
}

/** @param seen what it listed before it was accepted. */
export function createState(
  config: McpServerConfig,
  accepted: readonly KnownTool[] | null,
  deps: StateDeps,
  seen: Listing | null,
  serves: Serves | null,
): ServerState {
  return {
    config,
    accepted,
    acceptedDigest: accepted && digestOfTools(accepted),
    deps,
    health: createHealth(deps.now, deps.clean),
    crashes: createCrashes(),
    flights: new Set(),
    current: null,
    opening: null,
    offered: seen && known(seen.tools, accepted ?? []),
    listing: seen,
    serves: seen?.serves ?? serves,
    failure: null,
    quarantine: null,
    connectedAt: null,
    wantsModel: false,
    carried: [],
    idle: undefined,
  }
}

/** Whether it offers what was accepted, as far as is known. */
export function matches({ accepted, acceptedDigest, offered }: ServerState): boolean {
  return accepted !== null && (offered === null || digestOfTools(offered) === acceptedDigest)
}

export function isUsable(state: ServerState): boolean {
  return state.config.enabled && state.quarantine === null && matches(state)
}

/** Errors: `plugin-disabled`, `mcp-changed`. */
export function assertUsable(state: ServerState): void {
  const { config, accepted, offered, quarantine } = state
  if (!config.enabled) throw disabled(config.id, 'a person disabled it.')
  if (quarantine !== null) throw disabled(config.id, `${quarantine}. Reconnect it once that is mended.`)
  if (accepted === null) throw notAccepted(config.id, 'nobody has accepted them yet.')
  if (matches(state)) return
  const first = differences(accepted, offered ?? []).slice(0, 3)
  throw notAccepted(config.id, `they are not what was accepted: ${first.join(' ')}`)
}

export function takeListing(state: ServerState, found: Listing): void {
  state.listing = found
  state.serves = found.serves
  state.offered = known(found.tools, state.accepted ?? state.offered ?? [])
  state.deps.changed()
}

/** After too many failures within a short time it stays off until a person reconnects it. */
export function countFailure(state: ServerState, how: string): void {
  const { health, crashes, deps } = state
  const failure = oneLine(how, 500)
  state.failure = failure
  health.crashes += 1
  health.note(`failed: ${failure}`, 'warn')
  if (crashes.add(deps.now())) state.quarantine = `It failed 5 times within 10 minutes, the last time with: ${failure}`
  deps.changed()
}
