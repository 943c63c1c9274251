import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { joinLabels } from '@life-os/contract'
import type { Labels, McpServer, McpServerConfig, Plugin, ToolDescription } from '@life-os/contract'
import type { Host } from '../host/index.ts'
import { servedTools, toolOf, VERSION } from './describe.ts'
import { messageOf } from './faults.ts'
import { lookAt } from './look.ts'
import type { McpResult } from './result.ts'
import { callTool } from './server-call.ts'
import { openNew, stopShared } from './server-session.ts'
import { createState, isUsable, matches, takeListing } from './server-state.ts'
import type { ServerState, StateDeps } from './server-state.ts'
import type { KnownTool, Listing, McpCall, Serves } from './types.ts'
import { pluginView, serverView } from './views.ts'
import { oneLine } from './words.ts'

export interface ServerDeps extends StateDeps {
  host: Pick<Host, 'real'>
}

/** One server: what was accepted of it, its process or session, and how it fares. */
export interface ManagedServer {
  readonly config: McpServerConfig
  readonly accepted: readonly KnownTool[] | null
  /** What it listed last, with ids; null before it was asked. */
  offered(): KnownTool[] | null
  listing(): Listing | null
  serves(): Serves | null
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
  serves: Serves | null = null,
): ManagedServer {
  const state = createState(config, accepted, deps, seen, serves)
  return {
    config,
    accepted,
    offered: () => state.offered,
    listing: () => state.listing,
    serves: () => state.serves,
    view: () => viewOf(state),
    plugin: () => asPlugin(state),
    tools: () => toolsOf(state),
    digest: () => digestOf(state),
    labels: () => state.carried,
    taint: (labels) => taint(state, labels),
    log: (limit) => state.health.lines(limit),
    look: (by) => look(state, deps.host, by),
    call: (call) => measured(state, call),
    stop: () => stopShared(state),
    forgive: () => forgive(state),
  }
}

function viewOf(state: ServerState): McpServer {
  const { config, accepted, acceptedDigest, offered, listing, connectedAt, failure, quarantine } = state
  const facts = { config, accepted, acceptedDigest, offered, listing, connectedAt, failure, quarantine }
  const now = { matches: matches(state), live: state.current !== null, opening: state.opening !== null }
  return serverView({ ...facts, ...now, log: state.health.log() })
}

function asPlugin(state: ServerState): Plugin {
  const { config, health, current, carried } = state
  return pluginView(viewOf(state), toolsOf(state), {
    config,
    digest: digestOf(state),
    labels: carried,
    health,
    pid: current?.pid ?? null,
    connectedAt: current ? state.connectedAt : null,
  })
}

function toolsOf(state: ServerState): ToolDescription[] {
  const { config, accepted, serves } = state
  if (!accepted || !isUsable(state)) return []
  return [...accepted.map((tool) => toolOf(config, VERSION, tool)), ...servedTools(config, VERSION, serves)]
}

function digestOf({ config, acceptedDigest }: ServerState): string {
  return hash('sha256', canonicalize({ transport: config.transport, accepted: acceptedDigest }) ?? '')
}

/** All that a server says is untrusted anyway: carried as well, it would have the process started anew before each effect. */
function taint(state: ServerState, labels: Labels): void {
  const secretive = labels.filter((label) => label === 'private')
  state.carried = joinLabels(state.carried, secretive)
}

async function look(state: ServerState, host: ServerDeps['host'], by: string): Promise<void> {
  await stopShared(state)
  try {
    const listed = await lookAt(host, state.config, by, async (reach, signal) => {
      const session = await openNew(state, reach, signal)
      await session.close()
      return session.listing
    })
    takeListing(state, listed)
  } catch (error) {
    state.failure = oneLine(messageOf(error), 500)
    state.deps.changed()
  }
}

async function measured(state: ServerState, call: McpCall): Promise<McpResult> {
  const started = performance.now()
  let ok = false
  try {
    const result = await callTool(state, call)
    ok = true
    return result
  } finally {
    state.health.record(performance.now() - started, ok)
  }
}

function forgive(state: ServerState): void {
  state.crashes.clear()
  state.failure = null
  state.quarantine = null
}
