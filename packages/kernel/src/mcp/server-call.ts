import { LifeOsError } from '@life-os/contract'
import type { McpDoor } from '../host/index.ts'
import { MODEL_NEEDS } from './asks.ts'
import type { Flight } from './flight.ts'
import { askedOf, askOf, secretsOf, speak } from './call.ts'
import type { Asked } from './call.ts'
import { unanswered } from './elicit.ts'
import { messageOf, toolFailed } from './faults.ts'
import { saidOf } from './result.ts'
import type { McpOutcome, McpResult } from './result.ts'
import { openNew, openShared, rest, stopShared } from './server-session.ts'
import type { Reach } from './server-session.ts'
import { assertUsable, countFailure } from './server-state.ts'
import type { ServerState } from './server-state.ts'
import type { Session } from './session.ts'
import type { McpCall } from './types.ts'

/**
 * One call, announced to the host, which decides and opens the door. Errors: `plugin-disabled`, `mcp-changed`, `tool-unknown`,
 * `mcp-tool-failed`, and those of `speak`.
 */
export async function callTool(state: ServerState, call: McpCall): Promise<McpResult> {
  const { config, accepted } = state
  assertUsable(state)
  const asked = askedOf(config, accepted ?? [], call)
  const mayAsk = state.wantsModel
  if (mayAsk) await call.services.handle('gate.request', [MODEL_NEEDS], call.signal)
  const flight: Flight = { call, mayAsk, reads: asked.tool.effect === 'read', asked: new Map(), asking: false }
  const door = doorOf(state, asked, flight, await secretsOf(config, call))
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(call.timeout)])
  const { failed, ...result } = (await call.services.handle('mcp.call', [askOf(config, asked), door], signal)) as McpOutcome // what the door answers, or what was kept of it
  if (flight.asking) throw unanswered(flight, config, flight.reads ? 'no' : 'unknown')
  if (failed) throw toolFailed(call.tool, saidOf(result), flight.reads ? 'no' : 'unknown')
  return result
}

/** A box that serves once is opened for this call alone; else the session is shared. */
function doorOf(state: ServerState, asked: Asked, flight: Flight, secretEnv: Reach['secretEnv']): McpDoor {
  return {
    live: () => state.current !== null,
    async call(box, signal) {
      clearTimeout(state.idle)
      const reach: Reach = { mounts: box?.mounts ?? [], secretEnv }
      const once = box?.once ?? false
      const session = await (once ? openNew : openShared)(state, reach, signal)
      try {
        return await serve(state, session, asked, flight, signal)
      } catch (error) {
        await afterFailure(state, session, once, error)
        throw error
      } finally {
        if (once) await session.close()
        else rest(state)
      }
    },
  }
}

/** Milliseconds in which a call that only reads ends by itself once its question was closed; the person is asked then anyway. */
const ENDING = 2000

async function serve(state: ServerState, session: Session, asked: Asked, flight: Flight, signal: AbortSignal): Promise<McpOutcome> {
  assertUsable(state) // with what it listed just now
  state.flights.add(flight)
  session.calm()
  const silent = new AbortController()
  let timer: NodeJS.Timeout | undefined
  flight.closed = () => {
    if (!flight.reads) return // it may be at work: then its time-out puts to the person what is not known
    timer = setTimeout(() => silent.abort(unanswered(flight, state.config, 'no')), ENDING)
  }
  try {
    return await speak(session.client, state.config, state.listing, asked, flight.call, AbortSignal.any([signal, silent.signal]))
  } finally {
    clearTimeout(timer)
    state.flights.delete(flight)
    session.calm()
  }
}

/** One that broke is counted, and one of which nobody knows what it is at is ended. */
async function afterFailure(state: ServerState, session: Session, once: boolean, error: unknown): Promise<void> {
  const code = error instanceof LifeOsError ? error.code : ''
  if (code === 'mcp-unreachable' && (once || state.current === session)) countFailure(state, messageOf(error))
  if (!once && (code === 'mcp-unreachable' || (code === 'call-timeout' && state.flights.size === 0))) await stopShared(state)
}
