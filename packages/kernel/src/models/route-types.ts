import type { Model, ModelSettings, Provider } from '@life-os/contract'
import type { RouteAnswer, RouteQuery } from './types.ts'

/** Everything beside the query that a route may depend on. */
export interface RouteWorld {
  /** In the order of their providers. */
  models: readonly Model[]
  providers: readonly Pick<Provider, 'id' | 'name' | 'state' | 'reason' | 'local'>[]
  settings: ModelSettings
  /** Why a call of this cost (micro-units) is over a budget, as words; null when none stops it. */
  overBudget(cost: number): string | null
  /** Bytes of memory for models on this machine; null where nobody can tell. */
  memory: number | null
}
export interface RouteRequest extends RouteQuery {
  /** Tokens that the request sends, where it is known. */
  tokens?: number
  /** The most that it may cost with a model, in micro-units. */
  cost?(model: Model): number
}
export interface Route extends RouteAnswer {
  /** Those that serve, first choice first. */
  serving: Model[]
}
