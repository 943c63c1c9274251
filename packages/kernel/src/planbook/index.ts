export { createPlanBook } from './planbook.ts'
export type { PlanBook, PlanBookDependencies, PlanDetail } from './planbook.ts'
