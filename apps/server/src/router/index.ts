import type { Kernel } from '../kernel.ts'
import type { SeenFolders } from '../system/seen.ts'
import { agentsRouter } from './agents.ts'
import { approvalsRouter, auditRouter, grantsRouter } from './gate.ts'
import { guarded } from './context.ts'
import { labelsRouter } from './labels.ts'
import { modelsRouter } from './models.ts'
import { mcpRouter } from './mcp.ts'
import { peopleRouter } from './people.ts'
import { plannerRouter } from './planner.ts'
import { plansRouter } from './plans.ts'
import { runsRouter } from './runs.ts'
import { secretsRouter } from './secrets.ts'
import { pluginsRouter } from './plugins.ts'
import { settingsRouter, systemRouter, toolsRouter } from './system.ts'
import { threadsRouter } from './threads.ts'

export type { RequestContext } from './context.ts'
export { authorise } from './context.ts'

/** The contract over a kernel: called in process by the command line and over HTTP by everyone else. */
export function createRouter(kernel: Kernel, seen: SeenFolders) {
  return guarded.router({
    agents: agentsRouter(kernel),
    plans: plansRouter(kernel),
    planner: plannerRouter(kernel),
    runs: runsRouter(kernel),
    threads: threadsRouter(kernel),
    approvals: approvalsRouter(kernel),
    grants: grantsRouter(kernel),
    audit: auditRouter(kernel),
    tools: toolsRouter(kernel),
    plugins: pluginsRouter(kernel),
    mcp: mcpRouter(kernel),
    secrets: secretsRouter(kernel),
    labels: labelsRouter(kernel),
    settings: settingsRouter(kernel),
    models: modelsRouter(kernel),
    people: peopleRouter(kernel),
    system: systemRouter(kernel, seen),
  })
}
export type AppRouter = ReturnType<typeof createRouter>
