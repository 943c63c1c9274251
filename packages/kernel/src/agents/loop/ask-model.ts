import type { GenerateAnswer, GenerateRequest, JsonSchema, ModelMessage, ModelTool } from '@life-os/contract'
import { GENERATE } from '../../models/index.ts'
import { SUSPENDED, childPath, type Outcome } from '../../runs/index.ts'
import { fitted, tokensOf } from './fit.ts'
import type { Turn } from './types.ts'

export interface Asked {
  messages: readonly ModelMessage[]
  /** Where the turn's own words stand among them. */
  own: number
  tools: readonly ModelTool[]
  toolChoice: 'auto' | 'none'
  schema?: JsonSchema | undefined
}

const ANSWER_MOST = 4096 // tokens
/** Where nobody knows how much a model takes in. */
const USUAL_CONTEXT = 32_768 // tokens
/** Guesses of tokens may be wrong by so much. */
const SAFE = 0.85

/** One call of a model, journaled at its path like any tool's. Answers a GenerateAnswer. */
export async function askModel(turn: Turn, round: string, asked: Asked): Promise<Outcome> {
  const { world, scope, frame } = turn
  const path = childPath(round, 'model')
  const known = await world.finished(path)
  if (known) return known
  if (world.halted() || frame.signal.aborted) return SUSPENDED
  const value = await requestOf(turn, path, asked)
  const step = { id: 'model', tool: GENERATE, title: `${turn.agent.name} thinks` }
  return world.callTool(step, { known: true, value, labels: frame.labels }, scope, { ...frame, path })
}

async function requestOf(turn: Turn, path: string, asked: Asked): Promise<GenerateRequest> {
  const { deps, agent, given, frame } = turn
  const { messages, own, tools, toolChoice, schema } = await servable(turn, path, asked)
  const model = given.model ?? agent.model
  const context = (await deps.context?.({ agent: agent.id, model, labels: frame.labels })) ?? USUAL_CONTEXT
  const maxTokens = Math.max(256, Math.min(ANSWER_MOST, Math.floor(context / 4)))
  const room = Math.floor(context * SAFE) - maxTokens - tokensOf(tools) - tokensOf(schema ?? null)
  const fit = fitted(messages, Math.max(room, 512), own)
  if (fit.shortened) {
    const message = 'This became long: older results of tools, or what was said long ago, were told to the model in short.'
    turn.world.note({ type: 'warning-noted', path, code: 'context-shortened', message })
  }
  return {
    messages: fit.messages,
    tools: toolChoice === 'none' && tools.length === 0 ? [] : [...tools],
    toolChoice,
    maxTokens,
    ...(model !== undefined && { model }),
    ...(schema && { schema }),
    ...(agent.temperature !== undefined && { temperature: agent.temperature }),
  }
}

/** Many local models see pictures and cannot call tools. Where none does both, the picture is answered without tools. */
async function servable(turn: Turn, path: string, asked: Asked): Promise<Asked> {
  const { deps, agent, given, frame, world } = turn
  const sees = asked.messages.some(({ content }) => content.some((part) => part.type === 'file'))
  if (!sees || asked.tools.length === 0 || !deps.serves) return asked
  const query = { agent: agent.id, model: given.model ?? agent.model, labels: frame.labels }
  if (asked.toolChoice === 'none' || (await deps.serves({ ...query, capabilities: ['text', 'vision', 'tools'] }))) return asked
  if (!(await deps.serves({ ...query, capabilities: ['text', 'vision'] }))) return asked
  const message = 'No model here both sees pictures and calls tools, so this was answered without tools.'
  world.note({ type: 'warning-noted', path, code: 'vision-without-tools', message })
  return { ...asked, tools: [], toolChoice: 'none' }
}

/** The tool's output, as its schema says. */
export const answerIn = (outcome: Outcome & { kind: 'value' }): GenerateAnswer => outcome.value as GenerateAnswer
