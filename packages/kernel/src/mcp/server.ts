import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { LifeOsError, joinLabels } from '@life-os/contract'
import type { Labels, McpServer, McpServerConfig, Plugin, ToolDescription } from '@life-os/contract'
import type { Host, McpDoor, McpMount } from '../host/index.ts'
import { createCrashes, createHealth } from '../plugins/index.ts'
import { MODEL_NEEDS } from './asks.ts'
import type { Flight } from './asks.ts'
import { askedOf, askOf, secretsOf, speak } from './call.ts'
import type { Asked } from './call.ts'
import type { ConnectDeps } from './connection.ts'
import { ownTools, toolOf, VERSION } from './describe.ts'
import { disabled, messageOf, notAccepted, toolFailed, unreachable } from './faults.ts'
import { LIMITS } from './limits.ts'
import { differences, digestOfTools, known } from './listing.ts'
import { lookAt } from './look.ts'
import { saidOf } from './result.ts'
import type { McpOutcome, McpResult } from './result.ts'
import { openSession } from './session.ts'
import type { Session } from './session.ts'
import type { KnownTool, Listing, McpCall } from './types.ts'
import { pluginView, serverView } from './views.ts'
import { oneLine } from './words.ts'

export interface ServerDeps extends ConnectDeps {
  host: Pick<Host, 'real'>
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** Without values of secrets. */
  clean(text: string): string
  changed(): void
}

/** One server: what was accepted of it, its process or session, and how it fares. */
export interface ManagedServer {
  readonly config: McpServerConfig
  readonly accepted: readonly KnownTool[] | null
  /** What it listed last, with ids; null before it was asked. */
  offered(): KnownTool[] | null
  listing(): Listing | null
  view(): McpServer
  plugin(): Plugin
  tools(): ToolDescription[]
  digest(): string
  labels(): Labels
  taint(labels: Labels): void
  log(limit: number): { at: number; level: string; text: string }[]
  /** Connects for itself, with nothing to write to, and asks what it offers; a failure becomes its state. `by`: the person who set it up. */
  look(by: string): Promise<void>
  call(call: McpCall): Promise<McpResult>
  /** Ends its process or session; labels fall with a process. */
  stop(): Promise<void>
  /** Forgets failures. */
  forgive(): void
}

/** @param seen what it listed before it was accepted. */
export function createServer(
  config: McpServerConfig,
  accepted: readonly KnownTool[] | null,
  deps: ServerDeps,
  seen: Listing | null = null,
): ManagedServer {
  const health = createHealth(deps.now, deps.clean)
  const crashes = createCrashes()
  const flights = new Set<Flight>()
  const isBoxed = config.transport.kind === 'stdio'
  const acceptedDigest = accepted && digestOfTools(accepted)
  let current: Session | null = null
  let opening: Promise<Session> | null = null
  let offered: KnownTool[] | null = seen && known(seen.tools, accepted ?? [])
  let listing: Listing | null = seen
  let failure: string | null = null
  let quarantine: string | null = null
  let connectedAt: number | null = null
  let wantsModel = false
  let carried: Labels = []
  let idle: NodeJS.Timeout | undefined

  const note = (text: string) => health.note(oneLine(text, LIMITS.line))
  const matches = () => accepted !== null && (offered === null || digestOfTools(offered) === acceptedDigest)
  const usable = () => config.enabled && quarantine === null && matches()

  function take(found: Listing): void {
    listing = found
    offered = known(found.tools, accepted ?? offered ?? [])
    deps.changed()
  }

  async function open(mounts: readonly McpMount[], secretEnv: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Session> {
    const wait = crashes.wait(deps.now())
    if (wait > 0) await deps.sleep(wait)
    health.starts += 1
    const asks = { inFlight: () => (flights.size === 1 ? [...flights][0]! : null), wantsModel: () => void (wantsModel = true) }
    const onToolsChanged = () => void relist()
    try {
      const session = await openSession(deps, { config, mounts, secretEnv, asks, note, onToolsChanged }, signal)
      failure = null
      connectedAt = deps.now()
      take(session.listing)
      return session
    } catch (error) {
      if (!signal.aborted) crashed(messageOf(error))
      throw error instanceof LifeOsError ? error : unreachable(config.id, messageOf(error))
    }
  }

  function crashed(how: string): void {
    failure = oneLine(how, 500)
    health.crashes += 1
    health.note(`failed: ${failure}`, 'warn')
    if (crashes.add(deps.now())) quarantine = `It failed 5 times within 10 minutes, the last time with: ${failure}`
    deps.changed()
  }

  /** A list that changes under way turns the tools off until it is accepted. */
  async function relist(): Promise<void> {
    if (!current) return
    await current.relist().then(take, (error: unknown) => note(`its tools could not be listed again: ${messageOf(error)}`))
  }

  /** The one that calls share. */
  async function shared(mounts: readonly McpMount[], secretEnv: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Session> {
    if (current) return current
    if (opening) return opening
    opening = open(mounts, secretEnv, signal)
    try {
      const session = await opening
      current = session
      void session.ended.then((why) => {
        if (current !== session) return // it was ended on purpose
        current = null
        if (isBoxed) carried = []
        crashed(why ?? 'it ended by itself')
      })
      return session
    } finally {
      opening = null
      deps.changed()
    }
  }

  async function stop(): Promise<void> {
    clearTimeout(idle)
    const session = current
    current = null
    if (isBoxed) carried = [] // another machine forgets nothing because we ask it to
    await session?.close()
    if (session) deps.changed()
  }

  function rest(): void {
    clearTimeout(idle)
    if (flights.size === 0) idle = setTimeout(() => void stop(), LIMITS.idle).unref()
  }

  function assertUsable(): void {
    if (!config.enabled) throw disabled(config.id, 'a person disabled it.')
    if (quarantine !== null) throw disabled(config.id, `${quarantine}. Reconnect it once that is mended.`)
    if (accepted === null) throw notAccepted(config.id, 'nobody has accepted them yet.')
    if (!matches())
      throw notAccepted(
        config.id,
        `they are not what was accepted: ${differences(accepted, offered ?? [])
          .slice(0, 3)
          .join(' ')}`,
      )
  }

  async function serve(session: Session, asked: Asked, flight: Flight, signal: AbortSignal): Promise<McpOutcome> {
    assertUsable() // with what it listed just now
    flights.add(flight)
    session.calm()
    try {
      return await speak(session.client, config, listing, asked, flight.call, signal)
    } finally {
      flights.delete(flight)
      session.calm()
    }
  }

  function doorOf(asked: Asked, flight: Flight, secretEnv: Readonly<Record<string, string>>): McpDoor {
    return {
      live: () => current !== null,
      async call(box, signal) {
        clearTimeout(idle)
        const session = box?.once ? await open(box.mounts, secretEnv, signal) : await shared(box?.mounts ?? [], secretEnv, signal)
        try {
          return await serve(session, asked, flight, signal)
        } catch (error) {
          await afterFailure(session, box?.once ?? false, error)
          throw error
        } finally {
          if (box?.once) await session.close()
          else rest()
        }
      },
    }
  }

  /** One that broke is counted, and one of which nobody knows what it is at is ended. */
  async function afterFailure(session: Session, once: boolean, error: unknown): Promise<void> {
    const code = error instanceof LifeOsError ? error.code : ''
    if (code === 'mcp-unreachable' && (once || current === session)) crashed(messageOf(error))
    if (!once && (code === 'mcp-unreachable' || (code === 'call-timeout' && flights.size === 0))) await stop()
  }

  return {
    config,
    accepted,
    offered: () => offered,
    listing: () => listing,
    view: () =>
      serverView({
        config,
        accepted,
        offered,
        acceptedDigest,
        listing,
        connectedAt,
        log: health.log(),
        matches: matches(),
        live: current !== null,
        opening: opening !== null,
        failure,
        quarantine,
      }),
    plugin() {
      return pluginView(this.view(), this.tools(), {
        config,
        digest: this.digest(),
        labels: carried,
        health,
        pid: current?.pid ?? null,
        connectedAt: current ? connectedAt : null,
      })
    },
    tools: () => (usable() && accepted ? [...accepted.map((tool) => toolOf(config, VERSION, tool)), ...ownTools(config, VERSION)] : []),
    digest: () => hash('sha256', canonicalize({ transport: config.transport, accepted: acceptedDigest }) ?? ''),
    labels: () => carried,
    // All that a server says is untrusted anyway: carried as well, it would have the process started anew before each effect.
    taint: (labels) =>
      void (carried = joinLabels(
        carried,
        labels.filter((label) => label === 'private'),
      )),
    log: (limit) => health.lines(limit),
    async look(by) {
      await stop()
      try {
        const listed = await lookAt(deps.host, config, by, async ({ mounts, secretEnv }, signal) => {
          const session = await open(mounts, secretEnv, signal)
          await session.close()
          return session.listing
        })
        take(listed)
      } catch (error) {
        failure = oneLine(messageOf(error), 500)
        deps.changed()
      }
    },
    async call(call) {
      const started = performance.now()
      let ok = false
      try {
        assertUsable()
        const asked = askedOf(config, accepted ?? [], call)
        if (wantsModel) await call.services.handle('gate.request', [MODEL_NEEDS], call.signal)
        const flight: Flight = { call, mayAsk: wantsModel, reads: asked.tool.effect === 'read' }
        const door = doorOf(asked, flight, await secretsOf(config, call))
        const signal = AbortSignal.any([call.signal, AbortSignal.timeout(call.timeout)])
        const { failed, ...result } = (await call.services.handle('mcp.call', [askOf(config, asked), door], signal)) as McpOutcome // what the door answers, or what was kept of it
        if (failed) throw toolFailed(call.tool, saidOf(result), asked.tool.effect === 'read' ? 'no' : 'unknown')
        ok = true
        return result
      } finally {
        health.record(performance.now() - started, ok)
      }
    },
    stop,
    forgive() {
      crashes.clear()
      failure = null
      quarantine = null
    },
  }
}
