import type { AgentLoop } from '../../runs/index.ts'
import { failWith } from '../../runs/index.ts'
import { readInput } from './input.ts'
import { runTurn } from './turn.ts'
import type { AgentLoopDeps } from './types.ts'

/**
 * The loop that runs agents' steps: rounds of a model and of the tools that it asks for, each a journaled step of the run, so
 * that resuming is running again. Input and output: TurnInput, TurnOutput. Errors of the step: what a call of a model failed
 * with, `output-invalid`, `agent-input-invalid`, and those that nothing goes on after (`budget-exceeded`).
 */
export function createAgentLoop(deps: AgentLoopDeps): AgentLoop {
  return {
    find: (id) => deps.book.find(id),
    async run(step, input, scope, world, frame) {
      const agent = world.agent(step.agent)
      if (!agent) return failWith(frame.path, 'agent-unknown', `There is no agent ${step.agent}.`, frame.labels)
      return runTurn({ deps, agent, given: readInput(agent, input), world, scope, frame, depth: 0 })
    },
  }
}
