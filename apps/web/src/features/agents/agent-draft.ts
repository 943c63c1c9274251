import type { Agent } from '@life-os/contract'

/** An agent as it stands in the form: lists are texts with a line each, numbers are texts. */
export interface AgentDraft {
  name: string
  description: string
  instructions: string
  model: string
  tools: string
  agents: string
  rounds: string
  money: string
  time: string
  review: boolean
  plans: boolean
  thread: boolean
}
export type DraftFaults = Partial<Record<keyof AgentDraft, string>>

export function draftOf(agent: Agent): AgentDraft {
  return {
    name: agent.name,
    description: agent.description,
    instructions: agent.instructions,
    model: agent.model ?? '',
    tools: agent.tools.join('\n'),
    agents: agent.agents.join('\n'),
    rounds: String(agent.limits.rounds),
    money: agent.limits.budget?.money ?? '',
    time: agent.limits.budget?.time ?? '',
    review: agent.review,
    plans: agent.plans,
    thread: agent.memory === 'thread',
  }
}

export const linesOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

export function faultsOf(draft: AgentDraft): DraftFaults {
  const faults: DraftFaults = {}
  if (draft.name.trim() === '') faults.name = 'Give it a name.'
  if (draft.instructions.trim() === '') faults.instructions = 'Say what it is for.'
  const tool = linesOf(draft.tools).find((line) => !/^[a-z][a-z0-9-]*\.(\*|[a-z][a-z0-9-]*)$/.test(line))
  if (tool !== undefined) faults.tools = `“${tool}” is no tool. Write files.move or files.*`
  const other = linesOf(draft.agents).find((line) => !/^[a-z][a-z0-9-]*$/.test(line))
  if (other !== undefined) faults.agents = `“${other}” is no id of an agent.`
  const rounds = Number(draft.rounds)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 200) faults.rounds = 'A number from 1 to 200.'
  if (draft.money !== '' && !/^\d+(\.\d{1,6})? [A-Z]{3}$/.test(draft.money)) faults.money = 'Write it like 0.10 USD.'
  if (draft.time !== '' && !/^\d+(\.\d+)?(ms|s|m|h|d)$/.test(draft.time)) faults.time = 'Write it like 30s or 5m.'
  return faults
}

/** The agent with what stands in the form; everything else of it stays. */
export function agentOf(agent: Agent, draft: AgentDraft): Agent {
  const { model: _model, ...rest } = agent
  const { money: _money, time: _time, ...budget } = agent.limits.budget ?? {}
  const limits = { ...budget, ...(draft.money && { money: draft.money }), ...(draft.time && { time: draft.time }) }
  const { budget: _budget, ...others } = agent.limits
  return {
    ...rest,
    name: draft.name.trim(),
    description: draft.description.trim(),
    instructions: draft.instructions,
    tools: linesOf(draft.tools),
    agents: linesOf(draft.agents),
    review: draft.review,
    plans: draft.plans,
    memory: draft.thread ? 'thread' : 'none',
    limits: { ...others, rounds: Number(draft.rounds), ...(Object.keys(limits).length > 0 && { budget: limits }) },
    ...(draft.model !== '' && { model: draft.model }),
  }
}
