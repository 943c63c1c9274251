import type { Agent, ModelTool, ToolDescription } from '@life-os/contract'
import { names } from '../book/powers.ts'
import { tokensOf } from './fit.ts'
import { pseudoTools } from './pseudo.ts'
import type { AgentLoopDeps, LoopSeeker } from './types.ts'

/** More than so many are chosen among: models choose badly among too many, and each costs room. */
const TOOLS_MOST = 24
const TOKENS_MOST = 8000
const DESCRIPTION_MOST = 1024 // characters

/** Of the planner's tools, those that an agent which may plan is given. */
const PLANNING = new Set(['life-os.find-tools', 'life-os.check-plan'])

/** Tools that an agent may use at all, by id. Nothing else is run for it. */
export function toolsOf(agent: Pick<Agent, 'tools' | 'plans'>, tools: readonly ToolDescription[]): Map<string, ToolDescription> {
  const allowed = tools.filter((tool) => (PLANNING.has(tool.id) && agent.plans) || names(agent, tool))
  return new Map(allowed.map((tool) => [tool.id, tool]))
}

/** Ids of the tools to tell the model of, where all would be too many: the best for what was said. */
export async function chosenTools(
  { findTools }: Pick<AgentLoopDeps, 'findTools'>,
  allowed: ReadonlyMap<string, ToolDescription>,
  say: string,
  seeker: LoopSeeker,
): Promise<string[]> {
  const all = [...allowed.values()]
  if (all.length <= TOOLS_MOST && tokensOf(all.map(described)) <= TOKENS_MOST) return all.map(({ id }) => id)
  const planning = all.filter(({ id }) => PLANNING.has(id)).map(({ id }) => id)
  const rest = all.filter(({ id }) => !PLANNING.has(id)).map(({ id }) => id)
  const found = (await findTools?.(say, rest, TOOLS_MOST, seeker)) ?? byWords(all, say)
  const ranked = [...found.map(({ tool }) => tool), ...byWords(all, say).map(({ tool }) => tool)].filter((id) => rest.includes(id))
  return [...planning, ...within([...new Set(ranked)].slice(0, TOOLS_MOST), allowed)]
}

function within(ids: readonly string[], allowed: ReadonlyMap<string, ToolDescription>): string[] {
  let left = TOKENS_MOST
  return ids.filter((id, index) => {
    const tool = allowed.get(id)
    left -= tool ? tokensOf(described(tool)) : 0
    return index === 0 || left >= 0
  })
}

/** Tools that share words with what was said, most first. */
function byWords(tools: readonly ToolDescription[], say: string): { tool: string }[] {
  const wanted = new Set(wordsOf(say))
  const scored = tools.map((tool) => ({
    tool: tool.id,
    score: wordsOf(`${tool.id} ${tool.title} ${tool.description}`).filter((word) => wanted.has(word)).length,
  }))
  return scored.toSorted((a, b) => b.score - a.score)
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{3,}/gu) ?? []

/** What the model is told it can call. */
export function modelTools(
  agent: Agent,
  agents: readonly Agent[],
  offered: Iterable<string>,
  allowed: ReadonlyMap<string, ToolDescription>,
): ModelTool[] {
  const tools = [...new Set(offered)].flatMap((id) => allowed.get(id) ?? []).map(described)
  return [...tools, ...pseudoTools(agent, agents)]
}

function described({ id, title, description, input }: ToolDescription): ModelTool {
  return { id, description: `${title}. ${description}`.slice(0, DESCRIPTION_MOST), input }
}
