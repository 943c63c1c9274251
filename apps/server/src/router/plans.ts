import type { Kernel } from '../kernel.ts'
import { guarded } from './context.ts'

export function plansRouter({ plans, runs }: Kernel) {
  const area = guarded.plans
  return {
    list: area.list.handler(({ input }) => plans.list(input)),
    get: area.get.handler(({ input }) => plans.get(input.id, input.version)),
    versions: area.versions.handler(({ input }) => plans.versions(input.id)),
    save: area.save.handler(({ input, context }) => plans.save(input.plan, context.identity.actor.id, context.identity.scopes)),
    remove: area.remove.handler(async ({ input }) => {
      await plans.remove(input.id)
      return { ok: true as const }
    }),
    check: area.check.handler(({ input }) => plans.check(input.plan)),
    statistics: area.statistics.handler(({ input }) => runs.statistics(input.id)),
  }
}
