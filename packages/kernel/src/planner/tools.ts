import { PlanFault, ToolMatch, type Plan, type ToolDescription } from '@life-os/contract'
import { z } from 'zod'
import type { Models } from '../models/types.ts'
import type { PlanBook } from '../planbook/index.ts'
import { checkPlan, parseInputs, parsePlan } from '../plans/index.ts'
import { describeReading } from '../runs/index.ts'
import type { InnerTool } from '../runs/index.ts'
import type { Store } from '../store/index.ts'
import { checkProposalTool } from './model/make-plan.ts'
import type { Places } from './places.ts'
import { explain } from './propose/explain.ts'
import { createProofs, recallTool, type Proofs } from './replan/recall.ts'
import { RECALL } from './replan/rest.ts'
import { createToolSearch } from './search/find-tools.ts'
import { createMeaning } from './search/meaning.ts'

export interface PlannerToolsDeps {
  plans: Pick<PlanBook, 'contextFor'>
  tools(): readonly ToolDescription[]
  models?: Pick<Models, 'route' | 'embed'> | undefined
  places: Pick<Places, 'home'>
  store: Pick<Store, 'db' | 'journal' | 'blobs'>
  logger: { debug(data: object, message: string): void }
}

/** What the planner gives to runs: tools of the kernel, through the gate and the journal like any other. */
export interface PlannerTools {
  tools: readonly InnerTool[]
  proofs: Proofs
}

export function createPlannerTools(deps: PlannerToolsDeps): PlannerTools {
  const proofs = createProofs(deps.store.db)
  const recall = recallTool(deps.store, proofs)
  const tool = (id: string): ToolDescription | undefined => (id === RECALL ? recall.description : deps.tools().find((one) => one.id === id))
  return { tools: [findToolsTool(deps), checkPlanTool(deps), recall, checkProposalTool({ ...deps, tool })], proofs }
}

const FindInput = z.object({
  query: z.string().min(1).max(500).describe('What the tool should do, in a few words'),
  among: z.array(z.string()).optional().describe('Only these: ids of tools, or plugin.*'),
  limit: z.int().min(1).max(20).default(8),
  schemas: z.boolean().default(false).describe('Also the JSON Schema of input and output of each, which a plan needs'),
})
const FindOutput = z.object({
  tools: z.array(ToolMatch.extend({ effect: z.string(), input: z.unknown().optional(), output: z.unknown().optional() })),
})

function findToolsTool({ tools, models, logger }: PlannerToolsDeps): InnerTool {
  const search = createToolSearch(
    tools,
    createMeaning(models, (error) => logger.debug({ error }, 'tools were searched by words alone')),
  )
  return {
    description: describeReading({
      id: 'life-os.find-tools',
      title: 'Find tools',
      description: 'Finds tools by what they do. Give schemas: true to learn what a tool takes and gives before it is put into a plan.',
      input: FindInput,
      output: FindOutput,
    }),
    needs: async () => [],
    labels: async () => [],
    async run({ input, asker, labels, signal }) {
      const { query, among, limit, schemas } = FindInput.parse(input)
      const seeker = { person: asker?.person ?? 'system', agent: asker?.agent, run: asker?.run, step: asker?.step, labels, signal }
      const found = await search.find(query, among, limit, seeker)
      const byId = new Map(tools().map((tool) => [tool.id, tool]))
      const told = found.map((match) => {
        const tool = byId.get(match.tool)
        return { ...match, effect: tool?.effect ?? 'external', ...(schemas && tool && { input: tool.input, output: tool.output }) }
      })
      return { tools: told } satisfies z.infer<typeof FindOutput>
    },
  }
}

const CheckInput = z.object({
  plan: z.union([z.string(), z.record(z.string(), z.unknown())]).describe('A plan as YAML text or as an object'),
  inputs: z.record(z.string(), z.unknown()).optional().describe('Values of its inputs, to be checked with it'),
})
const CheckOutput = z.object({
  ok: z.boolean(),
  faults: z.array(PlanFault),
  steps: z.array(z.object({ path: z.string(), tool: z.string().nullable(), words: z.string() })),
})

function checkPlanTool({ plans, tools }: PlannerToolsDeps): InnerTool {
  return {
    description: describeReading({
      id: 'life-os.check-plan',
      title: 'Check a plan',
      description: 'Every fault of a plan at once, with its place and what mends it. Nothing runs. A plan without faults can be proposed.',
      input: CheckInput,
      output: CheckOutput,
    }),
    needs: async () => [],
    labels: async () => [],
    async run(call) {
      const { plan, inputs } = CheckInput.parse(call.input)
      return checked(plan, inputs, plans, tools())
    },
  }
}

/** Every fault of a plan and of the inputs it would be run with. */
export async function checked(
  source: string | Record<string, unknown>,
  inputs: Record<string, unknown> | undefined,
  plans: Pick<PlanBook, 'contextFor'>,
  tools: readonly ToolDescription[],
): Promise<z.infer<typeof CheckOutput> & { plan?: Plan }> {
  const parsed = parsePlan(source)
  if (!parsed.ok) return { ok: false, faults: parsed.faults, steps: [] }
  const byId = new Map(tools.map((tool) => [tool.id, tool]))
  const context = { ...(await plans.contextFor(parsed.plan)), tool: (id: string) => byId.get(id) }
  const faults = [...checkPlan(parsed.plan, context, parsed.positions), ...(inputs ? faultsOfInputs(parsed.plan, inputs) : [])]
  return { ok: faults.length === 0, faults, steps: explain(parsed.plan, (id) => byId.get(id)), plan: parsed.plan }
}

function faultsOfInputs(plan: Plan, inputs: Record<string, unknown>): PlanFault[] {
  try {
    parseInputs(plan.inputs, inputs)
    return []
  } catch (error) {
    return [{ code: 'input-invalid', message: error instanceof Error ? error.message : String(error), path: 'inputs' }]
  }
}
