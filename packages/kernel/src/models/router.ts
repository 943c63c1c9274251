import { LifeOsError, type Model, type ModelSettings } from '@life-os/contract'
import { totalmem } from 'node:os'
import type { Catalogue } from './catalogue.ts'
import type { ModelsDeps } from './deps.ts'
import type { Ledger } from './ledger.ts'
import type { Route, RouteRequest } from './route-types.ts'
import { routeOver } from './route.ts'

export interface Router {
  settings(): Promise<ModelSettings>
  route(request: RouteRequest): Promise<Route>
  /** At least one. Errors: the codes of `RouteProblem`. */
  serving(request: RouteRequest): Promise<Model[]>
}

/** What part of the memory a model may fill, so that the rest of the machine goes on. */
export const SHARE_OF_MEMORY = 0.75

/** Gathers the world of a route and decides. */
export function createRouter(
  deps: ModelsDeps,
  parts: { catalogue: Catalogue; ledger: Ledger; settings: () => Promise<ModelSettings> },
): Router {
  const memory = Math.round((deps.memory?.().total ?? totalmem()) * SHARE_OF_MEMORY)
  const route = async (request: RouteRequest): Promise<Route> => {
    const [{ models, entries }, settings, overBudget] = await Promise.all([
      parts.catalogue.models(),
      parts.settings(),
      parts.ledger.limiter(request.asker),
    ])
    return routeOver({ models, providers: entries.map((entry) => entry.view()), settings, overBudget, memory }, request)
  }
  return {
    settings: parts.settings,
    route,
    async serving(request) {
      const { serving, problem, candidates } = await route(request)
      if (!problem) return serving
      throw new LifeOsError(problem.code, problem.message, {
        class: problem.code === 'model-resting' ? 'operational' : 'user',
        applied: 'no',
        details: { candidates: candidates.slice(0, 20) },
      })
    },
  }
}
