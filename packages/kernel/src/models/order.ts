import type { Model, ModelSettings } from '@life-os/contract'
import { PRICES, costOf } from './prices.ts'
import type { PriceLine } from './prices.ts'
import type { RouteRequest, RouteWorld } from './route-types.ts'

/** What was asked for: one model, a person's list, or whatever serves. */
export interface Choice {
  kind: 'model' | 'list' | 'any'
  /** `provider/model`, or the alias. */
  words: string
  refs: readonly string[]
  /** Named by a person, so that no preference of place holds them back. */
  named: ReadonlySet<string>
}

/** Lists that others may follow when none of theirs serves; an own list of a person's serves alone. */
const OPEN: ReadonlySet<string> = new Set(['default', 'fast', 'vision', 'embed'])

/** The request's own word, then the choice for who asks (agent, tool, plugin), then the list for what is asked. */
export function choiceOf({ aliases, choices }: ModelSettings, request: RouteRequest): Choice {
  const { agent, tool, plugin } = request.asker
  const chosen = [agent, tool, plugin].map((who) => (who === undefined ? undefined : choices[who])).find((choice) => choice !== undefined)
  const name = request.model ?? chosen ?? usual(aliases, request)
  const refs = aliases[name]
  if (refs) return { kind: OPEN.has(name) ? 'any' : 'list', words: name, refs, named: new Set(refs) }
  if (OPEN.has(name)) return { kind: 'any', words: name, refs: [], named: new Set() }
  return { kind: name.includes('/') ? 'model' : 'list', words: name, refs: [name], named: new Set([name]) }
}

function usual(aliases: ModelSettings['aliases'], { capabilities }: RouteRequest): string {
  if (capabilities.includes('embed')) return 'embed'
  return capabilities.includes('vision') && aliases['vision'] ? 'vision' : 'default'
}

/** The models to look at, in order: those of the list first, and after an open list all others by preference. */
export function ordered(world: RouteWorld, request: RouteRequest, choice: Choice): { known: Model[]; missing: string[] } {
  const listed = choice.refs.flatMap((ref) => world.models.find((model) => model.ref === ref) ?? [])
  const missing = choice.refs.filter((ref) => !listed.some((model) => model.ref === ref))
  if (choice.kind !== 'any') return { known: listed, missing }
  const others = world.models.filter((model) => !choice.refs.includes(model.ref))
  return { known: [...listed, ...byPreference(others, world, choice.words === 'fast' || request.capabilities.includes('embed'))], missing }
}

function byPreference(models: readonly Model[], world: RouteWorld, small: boolean): Model[] {
  const localFirst = world.settings.prefer === 'local' ? 0 : 1
  const place = (model: Model) => (model.local ? localFirst : 1 - localFirst)
  const rank = (model: Model) => (model.local ? rankLocal(model, world.memory, small) : rankCloud(model, small))
  return models
    .map((model) => ({ model, place: place(model), rank: rank(model) }))
    .toSorted((a, b) => a.place - b.place || a.rank - b.rank)
    .map(({ model }) => model)
}

const BEYOND = 1e15 // after everything that fits

/** What fits into memory first: the largest of it, or for `fast` the smallest. */
function rankLocal({ memory, size }: Model, most: number | null, small: boolean): number {
  const bytes = memory ?? size ?? 0
  if (most !== null && bytes > most) return BEYOND + bytes
  return small ? bytes : -bytes
}

const TIERS: Record<'small' | 'usual', readonly PriceLine['tier'][]> = {
  small: ['small', 'standard', 'large'],
  usual: ['standard', 'small', 'large'],
}

/** By tier, then by price; what nobody knows the price of comes last. */
function rankCloud(model: Model, small: boolean): number {
  if (!model.price) return BEYOND
  const cost = costOf(model.price, { input: 1_000_000, output: 1_000_000, cached: 0 })
  const tier = PRICES.find(({ name }) => model.name === name || model.name.startsWith(`${name}-`))?.tier ?? 'large'
  return (small ? TIERS.small : TIERS.usual).indexOf(tier) * 1e12 + cost
}
