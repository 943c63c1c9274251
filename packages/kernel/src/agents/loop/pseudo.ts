import { z } from 'zod'
import type { Agent, ModelTool } from '@life-os/contract'

/** Calls that the loop itself answers: they start runs, ask people or give work on, all through the world. */
export const ASK_PERSON = 'life-os.ask-person'
export const START_PLAN = 'life-os.start-plan'
export const DELEGATE = 'life-os.delegate'

/** What they are called for people. */
export const LOOP_TITLES: ReadonlyMap<string, string> = new Map([
  [ASK_PERSON, 'Ask you'],
  [START_PLAN, 'Start a plan'],
  [DELEGATE, 'Give work to another agent'],
])

export const AskPerson = z.strictObject({
  question: z.string().min(1).max(2000).describe('One short question'),
  choices: z.array(z.string().min(1).max(200)).max(12).optional().describe('Likely answers; the person may still write another'),
})
export const StartPlan = z.strictObject({
  plan: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .describe('The id of a stored plan, or a whole plan as YAML text or as an object'),
  inputs: z.record(z.string(), z.unknown()).optional().describe('Values of its inputs'),
})
export const Delegate = z.strictObject({
  agent: z.string(),
  task: z.string().min(1).max(50_000).describe('Everything it needs to know: it sees nothing of this conversation'),
})

const ASK = 'Asks the person you work for a question and gives their answer. Only for what no tool can tell.'
const START =
  'Starts a plan: its changes are shown to the person all at once, approved or refused by them, and then made. Gives its outputs, what it changed, or why it failed.'

/** What this agent is told of them. `agents`: those that it may give work to. */
export function pseudoTools(agent: Pick<Agent, 'plans'>, agents: readonly Agent[]): ModelTool[] {
  const tools: ModelTool[] = [{ id: ASK_PERSON, description: ASK, input: z.toJSONSchema(AskPerson) }]
  if (agent.plans) tools.push({ id: START_PLAN, description: START, input: z.toJSONSchema(StartPlan) })
  if (agents.length > 0) {
    const list = agents.map(({ id, description, name }) => `${id}: ${description || name}`).join('; ')
    const input = z.toJSONSchema(Delegate.extend({ agent: z.enum(agents.map(({ id }) => id)) }))
    tools.push({ id: DELEGATE, description: `Gives a task to another agent and gives its answer. ${list}`, input })
  }
  return tools
}
