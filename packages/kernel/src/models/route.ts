import type { Capability, Model } from '@life-os/contract'
import { choiceOf, ordered } from './order.ts'
import type { Choice } from './order.ts'
import type { Route, RouteRequest, RouteWorld } from './route-types.ts'
import type { RouteProblem } from './types.ts'

/** How far a candidate came. The problem told is that of the one that came furthest. */
const STAGES = ['unknown', 'capability', 'label', 'budget', 'health'] as const
type Stage = (typeof STAGES)[number]
interface Refusal {
  stage: Stage
  why: string
}

/** Below these shares of valid tries a model is passed over for what it gets wrong. */
const LEAST_VALID = { tools: 0.6, json: 0.6 }

/**
 * Decides which models serve a call and in which order. Pure: the same world and request give the same answer. Capability,
 * then label (private data stays on this machine), budget, health; what remains stands in the order of the person's list,
 * or of preference.
 */
export function routeOver(world: RouteWorld, request: RouteRequest): Route {
  const choice = choiceOf(world.settings, request)
  const { known, missing } = ordered(world, request, choice)
  const serving: Model[] = []
  const refusals: Refusal[] = missing.map((ref) => ({ stage: 'unknown', why: `${ref} is not there` }))
  const candidates = missing.map((model) => ({ model, serves: false, why: 'no provider has it now' }))
  for (const model of known) {
    const refusal = refuse(world, request, choice, model)
    if (refusal) refusals.push(refusal)
    else serving.push(model)
    candidates.push({ model: model.ref, serves: !refusal, why: refusal?.why ?? words(model, choice, serving.length === 1) })
  }
  const [first] = serving
  return { model: first ?? null, serving, problem: first ? null : problemOf(world, request, choice, refusals), candidates }
}

function words(model: Model, choice: Choice, isFirst: boolean): string {
  const place = model.local ? 'runs on this machine' : 'runs in the cloud'
  if (!isFirst) return `${place}; asked when those before it fail`
  return choice.kind === 'model' ? `${place}; named` : place
}

function refuse(world: RouteWorld, request: RouteRequest, choice: Choice, model: Model): Refusal | null {
  return (
    byCapability(request, choice, model) ??
    byPlace(world, request, choice, model) ??
    byBudget(world, request, model) ??
    byHealth(world, model)
  )
}

const CANNOT: Partial<Record<Capability, string>> = {
  text: 'writes no text',
  vision: 'cannot see pictures',
  tools: 'cannot call tools',
  structured: 'cannot answer by a schema',
  embed: 'makes no embeddings',
}

function byCapability(request: RouteRequest, choice: Choice, model: Model): Refusal | null {
  const lacking = request.capabilities.find((capability) => !model.capabilities.includes(capability))
  if (lacking) return { stage: 'capability', why: CANNOT[lacking] ?? `has no ${lacking}` }
  if (model.context !== null && request.tokens !== undefined && request.tokens > model.context)
    return { stage: 'capability', why: `takes in ${model.context} tokens, and this is about ${request.tokens}` }
  if (choice.kind === 'model') return null // who names a model has chosen
  const { tools = null, json = null } = model.qualification ?? {}
  if (request.capabilities.includes('tools') && tools !== null && tools < LEAST_VALID.tools)
    return { stage: 'capability', why: `only ${percent(tools)} of its tool calls were valid when it was qualified` }
  if (request.capabilities.includes('structured') && json !== null && json < LEAST_VALID.json)
    return { stage: 'capability', why: `only ${percent(json)} of its structured answers were valid when it was qualified` }
  return null
}
const percent = (share: number): string => `${Math.round(share * 100)} %`

function byPlace({ settings }: RouteWorld, request: RouteRequest, choice: Choice, model: Model): Refusal | null {
  if (model.local) return null
  if (request.labels.includes('private')) return { stage: 'label', why: 'runs in the cloud, and the data is private' }
  if (settings.prefer === 'local' && !settings.fallback && !choice.named.has(model.ref))
    return { stage: 'label', why: 'runs in the cloud, and settings keep calls on this machine' }
  return null
}

function byBudget({ overBudget }: RouteWorld, { cost }: RouteRequest, model: Model): Refusal | null {
  const why = overBudget(cost?.(model) ?? 0)
  return why === null ? null : { stage: 'budget', why }
}

function byHealth({ providers }: RouteWorld, model: Model): Refusal | null {
  const provider = providers.find(({ id }) => id === model.provider)
  if (provider?.state === 'ready' || provider?.state === 'unchecked') return null
  return { stage: 'health', why: provider?.reason ?? `${provider?.name ?? model.provider} is ${provider?.state ?? 'gone'}` }
}

const SET_UP = 'See “lifeos models” or the Models page.'

function problemOf(world: RouteWorld, request: RouteRequest, choice: Choice, refusals: readonly Refusal[]): RouteProblem {
  const furthest = refusals.reduce<Refusal | null>(
    (best, refusal) => (best && STAGES.indexOf(best.stage) >= STAGES.indexOf(refusal.stage) ? best : refusal),
    null,
  )
  const why = furthest?.why ?? ''
  if (!furthest) return nothingThere(world, request)
  switch (furthest.stage) {
    case 'unknown':
      return { code: 'model-unknown', message: `No provider has ${choice.words} now. Pull it, or choose another model. ${SET_UP}` }
    case 'capability':
      return {
        code: 'model-none',
        message: `No model serves this: ${choice.kind === 'model' ? `${choice.words} ` : 'the best of them '}${why}. Add one that does. ${SET_UP}`,
      }
    case 'label':
      return request.labels.includes('private')
        ? {
            code: 'model-private',
            message: `This data is private, so that only a model on this machine may see it, and none here serves it. Start Ollama or LM Studio, or pull a model. ${SET_UP}`,
          }
        : { code: 'model-none', message: `No model on this machine serves this, and settings keep calls away from the cloud. ${SET_UP}` }
    case 'budget':
      return {
        code: 'model-budget',
        message: `The budget for models stops this call: ${why}. Raise it, or use a model on this machine. ${SET_UP}`,
      }
    case 'health':
      return { code: 'model-resting', message: `No model answers just now: ${why}. ${SET_UP}` }
  }
}

/** Nobody was asked at all: there is no model, or its providers do not answer. */
function nothingThere({ providers }: RouteWorld, { labels }: RouteRequest): RouteProblem {
  const down = providers.find(({ state, local }) => state !== 'ready' && state !== 'disabled' && (local || !labels.includes('private')))
  if (down)
    return { code: 'model-resting', message: `No model answers just now: ${down.reason ?? `${down.name} does not answer`}. ${SET_UP}` }
  const cloud = labels.includes('private') ? '' : ', or add the key of a cloud provider'
  return { code: 'model-none', message: `No model is set up. Start Ollama or LM Studio on this machine${cloud}. ${SET_UP}` }
}
