import type { Agent, Plan, Step } from '@life-os/contract'
import { childLists } from '../../plans/index.ts'
import type { AgentLoop } from '../types.ts'

/** The agents that plans name and those that they may give work to, by id. Unknown ones are left out: the checker names them. */
export async function agentsOf(loop: Pick<AgentLoop, 'find'> | undefined, plans: readonly Plan[]): Promise<Record<string, Agent>> {
  const agents: Record<string, Agent> = {}
  const open = plans.flatMap((plan) => plan.steps.flatMap(agentIdsIn))
  for (let id = open.pop(); id !== undefined && loop; id = open.pop()) {
    if (Object.hasOwn(agents, id)) continue
    const found = await loop.find(id)
    if (!found) continue
    agents[id] = found
    open.push(...found.agents)
  }
  return agents
}

function agentIdsIn(step: Step): string[] {
  const inside = childLists(step).flatMap((list) => list.steps.flatMap(agentIdsIn))
  return 'agent' in step ? [step.agent, ...inside] : inside
}
