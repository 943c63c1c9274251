import canonicalize from 'canonicalize'
import type { Labels, McpServer, McpServerConfig, Plugin, ToolDescription } from '@life-os/contract'
import { memoryOf } from '../plugins/index.ts'
import type { createHealth } from '../plugins/index.ts'
import { manifestOf, pluginOf, STATES, toolOf } from './describe.ts'
import { differences, digestOfTools } from './listing.ts'
import type { KnownTool, Listing } from './types.ts'

export interface ServerFacts {
  config: McpServerConfig
  accepted: readonly KnownTool[] | null
  offered: readonly KnownTool[] | null
  acceptedDigest: string | null
  listing: Listing | null
  connectedAt: number | null
  log: string[]
  /** What it offers is what was accepted, as far as is known. */
  matches: boolean
  live: boolean
  opening: boolean
  failure: string | null
  quarantine: string | null
}

export function serverView(facts: ServerFacts): McpServer {
  const { config, accepted, offered, acceptedDigest, listing } = facts
  const shown = offered ?? accepted ?? []
  const were = new Map(accepted?.map((tool) => [tool.name, canonicalize(tool)]))
  const difference = accepted && offered && !facts.matches ? differences(accepted, offered) : []
  return {
    config,
    state: stateOf(facts),
    reason: facts.quarantine ?? facts.failure ?? (difference.length > 0 ? 'Its tools are not what was accepted.' : null),
    digest: offered ? digestOfTools(offered) : acceptedDigest,
    difference,
    server: listing?.server ?? null,
    tools: shown.map((tool) => {
      const { id, title, description, effect, risk, input } = toolOf(config, '1.0.0', tool)
      return { id, name: tool.name, title, description, effect, risk, input, accepted: were.get(tool.name) === canonicalize(tool) }
    }),
    resources: listing?.resources.length ?? 0,
    prompts: listing?.prompts.map(({ name, description }) => ({ name, description })) ?? [],
    connectedAt: facts.connectedAt,
    log: facts.log,
  }
}

function stateOf({ config, accepted, matches, live, opening, failure, quarantine }: ServerFacts): McpServer['state'] {
  if (!config.enabled || quarantine !== null) return 'disabled'
  if (opening) return 'connecting'
  if (accepted === null) return failure === null ? 'waiting' : 'unreachable'
  if (!matches) return 'changed'
  if (live) return 'ready'
  return failure === null ? 'idle' : 'unreachable'
}

export interface PluginFacts {
  config: McpServerConfig
  digest: string
  labels: Labels
  health: ReturnType<typeof createHealth>
  pid: number | null
  connectedAt: number | null
}

/** A server among the plugins. */
export function pluginView(
  view: McpServer,
  tools: ToolDescription[],
  { config, digest, labels, health, pid, connectedAt }: PluginFacts,
): Plugin {
  const names = tools.map(({ id }) => id.slice(id.indexOf('.') + 1))
  return {
    manifest: manifestOf(config, '1.0.0', names),
    state: STATES[view.state],
    reason: view.reason,
    digest,
    bundled: false,
    source: { kind: 'mcp', server: config.id },
    pending: null,
    isolation:
      config.transport.kind === 'stdio'
        ? { level: 'bubblewrap', reason: null, mend: null, uid: null, cgroup: false }
        : {
            level: 'bubblewrap',
            reason: `It runs elsewhere; ${pluginOf(config.id)} has no process here.`,
            mend: null,
            uid: null,
            cgroup: false,
          },
    labels: [...labels],
    tools,
    health: {
      pid,
      startedAt: connectedAt,
      startTime: health.startTime,
      starts: health.starts,
      calls: health.calls,
      errors: health.errors,
      crashes: health.crashes,
      p50: health.percentile(0.5),
      p95: health.percentile(0.95),
      memory: memoryOf(pid),
      log: health.log(),
    },
  }
}
