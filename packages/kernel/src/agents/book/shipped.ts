import type { Agent } from '@life-os/contract'
import type { Plugins } from '../../plugins/types.ts'
import { readAgent } from './read.ts'

/** An agent as a plugin ships it. */
export interface Shipped {
  readonly agent: Agent
  readonly plugin: string
}

/**
 * What ships under an id now; of several the one that came with Life-OS, so that no plugin of a stranger takes its place. One
 * that does not parse is left out here and told by the plugin's own checks.
 */
export function createShipped(plugins: Pick<Plugins, 'agents'>): () => ReadonlyMap<string, Shipped> {
  const parsed = new Map<string, Agent | null>()
  const agentOf = (text: string): Agent | null => {
    const known = parsed.get(text)
    if (known !== undefined) return known
    const read = readAgent(text)
    const agent = read.ok ? read.agent : null
    parsed.set(text, agent)
    return agent
  }
  return () => {
    const byId = new Map<string, Shipped>()
    const files = plugins.agents()
    for (const { plugin, file, text } of [...files.filter(({ stranger }) => !stranger), ...files.filter(({ stranger }) => stranger)]) {
      const agent = agentOf(text)
      if (agent && file === `${agent.id}.yaml` && !byId.has(agent.id)) byId.set(agent.id, { agent, plugin })
    }
    return byId
  }
}
