export { createPlaces } from './places.ts'
export type { Places } from './places.ts'
export { createPlanner } from './planner.ts'
export type { Planner, PlannerDeps, WithoutModel } from './types.ts'
