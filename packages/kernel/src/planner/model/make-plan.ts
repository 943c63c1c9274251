import type { Plan } from '@life-os/contract'
import { z } from 'zod'
import { describeReading } from '../../runs/index.ts'
import type { InnerTool } from '../../runs/index.ts'
import { PLANNER_ID } from './agent.ts'
import { ModelPlan, readModelPlan, type Bounds, type ReadDeps } from './answer.ts'

/** A model mends its plan so often. */
export const MOST_REPAIRS = 3
const CHECK = 'life-os.check-proposal'

/** The run that makes a plan: an agent writes, a tool checks, and the faults go back to the agent. Journaled, so that no attempt is paid twice. */
export const MAKE_PLAN: Plan = {
  id: 'make-plan',
  name: 'Make a plan',
  version: '1.0.0',
  inputs: {
    say: { type: 'text' },
    model: { type: 'text', default: '' },
    bounds: { type: 'text' },
  },
  budget: { time: '15m', tokens: 200_000 },
  steps: [
    {
      id: 'attempts',
      while: `\${{ index == 0 || (index <= ${MOST_REPAIRS} && !last.check.ok) }}`,
      max: MOST_REPAIRS + 1,
      steps: [
        {
          id: 'write',
          title: 'Write a plan',
          agent: PLANNER_ID,
          input: { say: "${{ index == 0 ? inputs.say : inputs.say + '\\n\\n' + string(last.check.told) }}", model: '${{ inputs.model }}' },
        },
        {
          id: 'check',
          title: 'Check it',
          tool: CHECK,
          input: { answer: '${{ json(steps.write.object) }}', bounds: '${{ inputs.bounds }}' },
        },
      ],
    },
  ],
  outputs: { attempts: "${{ steps.attempts.map(one, {'answer': one.write.object, 'ok': one.check.ok}) }}" },
}

const Input = z.object({ answer: z.string(), bounds: z.string() })
const Output = z.object({
  ok: z.boolean(),
  /** What the agent is told of it. */
  told: z.string(),
})

/** The check between two attempts. Its input is what the planner itself wrote into the run. */
export function checkProposalTool(deps: ReadDeps): InnerTool {
  return {
    description: describeReading({
      id: CHECK,
      title: 'Check a proposal',
      description: 'Holds a plan to what was said.',
      input: Input,
      output: Output,
    }),
    needs: async () => [],
    labels: async () => [],
    async run(call) {
      const { answer, bounds } = Input.parse(call.input)
      const read = ModelPlan.safeParse(JSON.parse(answer))
      if (!read.success) return told(['The answer does not have its shape.'], '')
      if (read.data.plan.trim() === '') return { ok: true, told: '' } // it says that nothing can be done
      const { faults } = await readModelPlan(read.data, JSON.parse(bounds) as Bounds, deps) // as makePlan wrote them
      return told(
        faults.map(({ message, path, line }) => `- ${line === undefined ? path : `line ${line}`}: ${message}`),
        read.data.plan,
      )
    },
  }
}

function told(faults: readonly string[], plan: string): z.infer<typeof Output> {
  if (faults.length === 0) return { ok: true, told: '' }
  return {
    ok: false,
    told: `Your last plan was:\n${plan}\n\nIt has faults. Mend them and answer with the whole plan anew:\n${faults.slice(0, 20).join('\n')}`,
  }
}
