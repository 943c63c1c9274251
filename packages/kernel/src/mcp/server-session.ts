import { LifeOsError } from '@life-os/contract'
import type { McpMount } from '../host/index.ts'
import { messageOf, unreachable } from './faults.ts'
import { LIMITS } from './limits.ts'
import { countFailure, takeListing } from './server-state.ts'
import type { ServerState } from './server-state.ts'
import { openSession } from './session.ts'
import type { Session } from './session.ts'
import { oneLine } from './words.ts'

/** What a session may touch. */
export interface Reach {
  mounts: readonly McpMount[]
  secretEnv: Readonly<Record<string, string>>
}

/** Connects and asks what it offers. Waits first where it failed a short while ago. Error: `mcp-unreachable`. */
export async function openNew(state: ServerState, reach: Reach, signal: AbortSignal): Promise<Session> {
  const { config, deps, crashes, flights, health } = state
  const wait = crashes.wait(deps.now())
  if (wait > 0) await deps.sleep(wait)
  health.starts += 1
  const asks = { inFlight: () => (flights.size === 1 ? [...flights][0]! : null), wantsModel: () => void (state.wantsModel = true) }
  const note = (text: string) => health.note(oneLine(text, LIMITS.line))
  const onToolsChanged = () => void relist(state, note)
  try {
    const session = await openSession(deps, { config, ...reach, asks, note, onToolsChanged }, signal)
    state.failure = null
    state.connectedAt = deps.now()
    takeListing(state, session.listing)
    return session
  } catch (error) {
    if (!signal.aborted) countFailure(state, messageOf(error))
    throw error instanceof LifeOsError ? error : unreachable(config.id, messageOf(error))
  }
}

/** A list that changes under way turns the tools off until it is accepted. */
async function relist(state: ServerState, note: (text: string) => void): Promise<void> {
  await state.current?.relist().then(
    (found) => takeListing(state, found),
    (error: unknown) => note(`its tools could not be listed again: ${messageOf(error)}`),
  )
}

/** The one that calls share, opened where there is none. Error: `mcp-unreachable`. */
export async function openShared(state: ServerState, reach: Reach, signal: AbortSignal): Promise<Session> {
  if (state.current) return state.current
  if (state.opening) return state.opening
  state.opening = openNew(state, reach, signal)
  try {
    const session = await state.opening
    state.current = session
    void session.ended.then((why) => ended(state, session, why))
    return session
  } finally {
    state.opening = null
    state.deps.changed()
  }
}

function ended(state: ServerState, session: Session, why: string | null): void {
  if (state.current !== session) return // it was ended on purpose
  letGo(state)
  countFailure(state, why ?? 'it ended by itself')
}

/** Labels fall with a process; another machine forgets nothing because we ask it to. */
function letGo(state: ServerState): void {
  state.current = null
  if (state.config.transport.kind === 'stdio') state.carried = []
}

export async function stopShared(state: ServerState): Promise<void> {
  clearTimeout(state.idle)
  const session = state.current
  letGo(state)
  await session?.close()
  if (session) state.deps.changed()
}

/** With no call under way it is stopped after a while. */
export function rest(state: ServerState): void {
  clearTimeout(state.idle)
  if (state.flights.size === 0) state.idle = setTimeout(() => void stopShared(state), LIMITS.idle).unref()
}
