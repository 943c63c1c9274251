import { LifeOsError, joinLabels, type Agent, type AgentStep } from '@life-os/contract'
import type { Evaluated, Scope } from '../../plans/index.ts'
import { ownAccount } from '../interpreter/own-account.ts'
import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import { failedOutcome, failWith, type Outcome } from '../interpreter/outcome.ts'
import type { Frame, World } from '../interpreter/world.ts'

/** The definition that this run froze. */
export function frozenAgent({ frozen }: Pick<LiveRun, 'frozen'>, id: string): Agent | undefined {
  return frozen.agents && Object.hasOwn(frozen.agents, id) ? frozen.agents[id] : undefined
}

/** A frame in which an agent acts: within what it and whoever gave it work may be allowed, and on a budget of its own. */
export function asAgent({ id, name, limits, permissions }: Agent, world: Pick<World, 'spent' | 'raised'>, frame: Frame): Frame {
  const { budget } = limits
  return {
    ...frame,
    actor: { kind: 'agent', id, name },
    permissions: permissions ? [...(frame.permissions ?? []), permissions] : frame.permissions,
    budget: ownAccount(budget, world, frame),
  }
}

/** Hands an agent's step to the loop: it acts as the agent, within what its definition allows, on a budget of its own. */
export async function callAgent(
  { deps }: Pick<RunsContext, 'deps'>,
  world: World,
  step: AgentStep,
  input: Evaluated,
  scope: Scope,
  frame: Frame,
): Promise<Outcome> {
  const labels = joinLabels(frame.labels, input.labels)
  const agent = world.agent(step.agent)
  if (!agent || !deps.agents)
    return failWith(
      frame.path,
      'agent-unknown',
      `There is no agent ${step.agent}. Switch it on, or install a plugin that brings it.`,
      labels,
    )
  if (!input.known) return failWith(frame.path, 'input-unknown', 'The input of this step is not known, so it cannot run.', labels)
  try {
    const own = asAgent(agent, world, { ...frame, labels })
    return await deps.agents.run(step, input.value as Record<string, unknown>, scope, world, own) // a step's input is a record
  } catch (error) {
    if (error instanceof LifeOsError) return failedOutcome(frame.path, error, labels)
    throw error
  }
}
