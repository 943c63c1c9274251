import { agents } from './agents.ts'
import { approvals, audit, grants } from './gate.ts'
import { models } from './models.ts'
import { mcp } from './mcp.ts'
import { planner } from './planner.ts'
import { plans } from './plans.ts'
import { runs } from './runs.ts'
import { labels, people, plugins, secrets, settings, system, tools } from './system.ts'
import { threads } from './threads.ts'

/**
 * The API under `/api/v1`. Beside it, outside this contract: `GET /events` (server-sent events, see the guide),
 * `GET|POST /blobs/{sha256}`, `GET /thumbnail?path=`.
 */
export const contract = {
  agents,
  plans,
  planner,
  runs,
  threads,
  approvals,
  grants,
  audit,
  tools,
  plugins,
  secrets,
  labels,
  settings,
  models,
  people,
  system,
  mcp,
}
export type Contract = typeof contract
export { Problem } from './base.ts'
export { StoredPlan } from './plans.ts'
