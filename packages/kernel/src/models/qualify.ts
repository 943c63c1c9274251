import { LifeOsError, type GenerateRequest, type Model, type Qualification } from '@life-os/contract'
import { ask, type Calling } from './generate.ts'
import { CONTEXT_STEPS, JSON_TASKS, TOOL_TASKS, WEATHER, hay, jsonIsRight, speedTask, toolCallIsRight } from './qualify-tasks.ts'
import type { ProviderAnswer } from './providers/types.ts'
import type { ModelCall } from './types.ts'

type Try = (request: Partial<GenerateRequest> & { prompt: string }) => Promise<ProviderAnswer>

/**
 * Measures a model by asking it: valid tool calls and JSON out of five each, how long a text it really takes in, speed. Each
 * question is an ordinary call in the record. Errors: `model-unknown`, and what the provider answers where it answers nothing at all.
 */
export async function qualify(calling: Calling, ref: string, call: ModelCall): Promise<Qualification> {
  const { model } = await calling.catalogue.find(ref)
  if (!model.capabilities.includes('text'))
    throw new LifeOsError('model-not-measurable', `${model.title} writes no text, so there is nothing of this to measure.`)
  const notes: string[] = []
  const run: Try = async ({ prompt, ...request }) => {
    const { value } = await ask(calling, model, requestOf(prompt, request), call)
    return value
  }
  const { speed, firstToken } = await speedOf(run, () => calling.deps.clock.now())
  const tools = model.capabilities.includes('tools') ? await shareOfTools(run, notes) : null
  if (tools === null) notes.push('It has no tool calls by what its provider tells.')
  const json = await shareOfJson(run, notes)
  const context = await contextOf(run, model, notes)
  return { at: calling.deps.clock.now(), tools, json, context, speed, firstToken, notes }
}

function requestOf(prompt: string, given: Partial<GenerateRequest>): GenerateRequest {
  return {
    messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
    tools: [],
    toolChoice: 'auto',
    maxTokens: 512,
    temperature: 0,
    ...given,
  }
}

async function speedOf(run: Try, now: () => number): Promise<{ speed: number | null; firstToken: number | null }> {
  const started = now()
  const answer = await run({ prompt: speedTask, maxTokens: 160 })
  const writing = now() - started - (answer.firstToken ?? 0)
  const speed = answer.usage.output > 0 && writing > 0 ? Math.round((answer.usage.output / writing) * 10_000) / 10 : null
  return { speed, firstToken: answer.firstToken === null ? null : Math.round(answer.firstToken) }
}

async function shareOfTools(run: Try, notes: string[]): Promise<number> {
  let valid = 0
  let mended = 0
  for (const task of TOOL_TASKS) {
    const answer = await attempt(() => run({ prompt: task.prompt, tools: [WEATHER] }), notes)
    if (!answer || !toolCallIsRight(answer.calls, task)) continue
    valid += 1
    if (answer.mended) mended += 1
  }
  if (mended > 0) notes.push(`${mended} of its tool calls stood in the text and were mended.`)
  return valid / TOOL_TASKS.length
}

async function shareOfJson(run: Try, notes: string[]): Promise<number> {
  let valid = 0
  for (const task of JSON_TASKS) {
    const answer = await attempt(() => run({ prompt: task.prompt, schema: task.schema }), notes)
    if (answer && jsonIsRight(answer.object, task)) valid += 1
  }
  return valid / JSON_TASKS.length
}

/** A word hidden at the beginning of a text that grows: what is cut off is forgotten. Ends where the word is no longer found. */
async function contextOf(run: Try, model: Model, notes: string[]): Promise<number | null> {
  let held: number | null = null
  for (const tokens of CONTEXT_STEPS) {
    if (model.context !== null && tokens > model.context) break
    const { prompt, word } = hay(tokens)
    const answer = await attempt(() => run({ prompt, maxTokens: 64 }), notes)
    if (!answer?.text.toLowerCase().includes(word)) {
      notes.push(`It lost what stood at the beginning of about ${tokens} tokens.`)
      break
    }
    held = Math.max(tokens, answer.usage.input)
  }
  return held
}

/** A question that fails is one that was not answered well; a model that cannot be reached at all is told as an error. */
async function attempt(work: () => Promise<ProviderAnswer>, notes: string[]): Promise<ProviderAnswer | null> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LifeOsError) || UNANSWERED.has(error.code)) throw error
    notes.push(error.message)
    return null
  }
}
const UNANSWERED: ReadonlySet<string> = new Set([
  'model-unreachable',
  'model-unauthorised',
  'model-missing',
  'model-budget',
  'model-resting',
  'budget-exceeded',
])
