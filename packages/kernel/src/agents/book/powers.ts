import { byDanger } from '@life-os/contract'
import type { Agent, Manifest, ToolDescription } from '@life-os/contract'
import { covers, parsePermission } from '../../gate/index.ts'

/** Whether an agent's list of tools names this one. */
export function names(agent: Pick<Agent, 'tools'>, tool: Pick<ToolDescription, 'id' | 'plugin'>): boolean {
  return agent.tools.includes(tool.id) || agent.tools.includes(`${tool.plugin}.*`)
}

/** Tools and agents that an agent names and that are not there. */
export function missingOf(agent: Agent, tools: readonly ToolDescription[], agents: ReadonlySet<string>): string[] {
  const there = new Set(tools.flatMap(({ id, plugin }) => [id, `${plugin}.*`]))
  return [...agent.tools.filter((tool) => !there.has(tool)), ...agent.agents.filter((other) => !agents.has(other))]
}

/** What its tools may ever ask for by their plugins' manifests, held within the agent's own cap. */
export function permissionsOf(
  agent: Agent,
  tools: readonly ToolDescription[],
  manifestOf: (plugin: string) => Manifest | undefined,
): string[] {
  const asked = tools.flatMap((tool) => {
    const kinds = new Set(Object.keys(tool.needs))
    return (manifestOf(tool.plugin)?.permissions ?? [])
      .map(({ permission }) => permission)
      .filter((one) => kinds.has(parsePermission(one).kind))
  })
  const { permissions: cap } = agent
  return byDanger([...new Set(cap === undefined ? asked : asked.flatMap((permission) => within(permission, cap)))])
}

/** The parts of a permission that a cap leaves: itself, or what of the cap lies inside it. */
function within(permission: string, cap: readonly string[]): string[] {
  if (cap.some((limit) => includes(limit, permission))) return [permission]
  return cap.filter((limit) => includes(permission, limit))
}

function includes(wide: string, narrow: string): boolean {
  const { kind, pattern } = parsePermission(narrow)
  return covers(parsePermission(wide), { kind, resource: pattern })
}
