import { z } from 'zod'
import { PageQuery, pageOf } from '../common/page.ts'
import { Time } from '../common/values.ts'
import { Plan, PlanFault } from '../plans/plan.ts'
import { PlanStatistics } from '../runs/run.ts'
import { base } from './base.ts'

export const StoredPlan = z.object({
  plan: Plan,
  source: z.enum(['bundled', 'person']),
  plugin: z.string().nullable(),
  updatedAt: Time,
  versions: z.int(),
})
export type StoredPlan = z.infer<typeof StoredPlan>
const PlanRef = z.object({ id: z.string(), version: z.string().optional() })
/** A plan as data, or its YAML or JSON text. */
const PlanSource = z.object({ plan: z.union([Plan, z.string()]) })

export const plans = {
  list: base
    .route({ method: 'GET', path: '/plans', summary: 'List plans' })
    .input(PageQuery.extend({ search: z.string().optional() }))
    .output(pageOf(StoredPlan)),
  get: base
    .route({ method: 'GET', path: '/plans/{id}', summary: 'One plan' })
    .input(PlanRef)
    .output(StoredPlan.extend({ text: z.string(), mermaid: z.string() })),
  versions: base
    .route({ method: 'GET', path: '/plans/{id}/versions', summary: 'Versions of a plan' })
    .input(PlanRef)
    .output(z.array(z.object({ version: z.string(), at: Time, by: z.string() }))),
  save: base
    .route({ method: 'POST', path: '/plans', summary: 'Save a plan; a change makes a new version' })
    .input(PlanSource)
    .output(StoredPlan),
  remove: base
    .route({ method: 'DELETE', path: '/plans/{id}', summary: 'Remove a saved plan' })
    .input(PlanRef)
    .output(z.object({ ok: z.literal(true) })),
  check: base
    .route({ method: 'POST', path: '/plans/check', summary: 'Check a plan; every fault at once' })
    .input(PlanSource)
    .output(z.object({ ok: z.boolean(), faults: z.array(PlanFault), plan: Plan.optional(), mermaid: z.string().optional() })),
  statistics: base
    .route({ method: 'GET', path: '/plans/{id}/statistics', summary: 'Success, duration and cost' })
    .input(PlanRef)
    .output(PlanStatistics),
}
