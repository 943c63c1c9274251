import type { ToolDescription } from '@life-os/contract'
import { LifeOsError } from '@life-os/contract'
import { spawnPlugin } from '../sandbox/index.ts'
import type { SpawnPlugin } from '../sandbox/index.ts'
import type { Store } from '../store/index.ts'
import type { Logger } from '../telemetry/index.ts'
import { discover } from './discover.ts'
import { pluginUnknown, toolUnknown } from './faults.ts'
import type { Patience } from './process.ts'
import { createPluginStates } from './states.ts'
import { createSupervisor } from './supervisor.ts'
import type { Supervisor } from './supervisor.ts'
import { realTimers } from './timers.ts'
import type { Timers } from './timers.ts'
import type { Plugins } from './types.ts'

export interface PluginsDeps {
  store: Pick<Store, 'db'>
  /** Outputs of `npm run build`: each holds `sdk/` and `plugins/`. The server has one, `<checkout>/dist`. */
  builds: readonly string[]
  logger: Pick<Logger, 'info' | 'warn'>
  spawn?: SpawnPlugin
  timers?: Timers
  patience?: Partial<Patience>
  /** Milliseconds; default one minute. */
  idleStop?: number
}

const PATIENCE: Patience = { start: 20_000, grace: 2000, ping: 2000 }

/** Finds the plugins of these builds, without starting any, and keeps their processes until disposed. */
export async function createPlugins({
  store,
  builds,
  logger,
  spawn = spawnPlugin,
  timers = realTimers,
  patience,
  idleStop = 60_000,
}: PluginsDeps): Promise<Plugins> {
  const states = await createPluginStates(store.db, () => timers.now())
  const supervisors = new Map<string, Supervisor>()
  const tools = new Map<string, { description: ToolDescription; supervisor: Supervisor }>()
  for (const found of (await Promise.all(builds.map((build) => discover(build)))).flat()) {
    const id = found.manifest.id
    if (supervisors.has(id)) {
      logger.warn({ plugin: id, folder: found.folder }, 'a second plugin of this name is left out')
      continue
    }
    if (found.refusal !== null) logger.warn({ plugin: id, reason: found.refusal }, 'a plugin is not loaded')
    const supervisor = createSupervisor({ found, states, spawn, timers, logger, idleStop, patience: { ...PATIENCE, ...patience } })
    supervisors.set(id, supervisor)
    for (const description of found.tools) tools.set(description.id, { description, supervisor })
  }

  const supervisorOf = (id: string): Supervisor => {
    const supervisor = supervisors.get(id)
    if (!supervisor) throw pluginUnknown(id)
    return supervisor
  }

  return {
    list: () => [...supervisors.values()].map((supervisor) => supervisor.describe()),
    get: (id) => supervisors.get(id)?.describe(),
    tools: () => [...tools.values()].map(({ description }) => description),
    tool: (id) => tools.get(id)?.description,
    digest: (plugin) => supervisors.get(plugin)?.found.digest || undefined,
    async call(call) {
      const tool = tools.get(call.tool)
      if (!tool) throw toolUnknown(call.tool)
      if (call.signal.aborted)
        throw new LifeOsError('call-revoked', `${call.tool} was stopped before it began.`, { class: 'operational', applied: 'no' })
      return tool.supervisor.call(call, tool.description)
    },
    enable: async (id) => supervisorOf(id).enable(),
    disable: async (id) => supervisorOf(id).disable(),
    plans: () => [...supervisors.values()].flatMap(({ found }) => found.plans.map((plan) => ({ plugin: found.manifest.id, ...plan }))),
    async [Symbol.asyncDispose]() {
      await Promise.all([...supervisors.values()].map((supervisor) => supervisor.end()))
    },
  }
}
