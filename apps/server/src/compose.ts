import { statfs } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import { LOOP_TITLES, createAgentBook, createAgentLoop, createDecisionRecorder, createPreferences } from '@life-os/kernel/agents'
import { createAuth } from '@life-os/kernel/auth'
import { createEvents } from '@life-os/kernel/events'
import { createGate } from '@life-os/kernel/gate'
import { createGitFetch, createHost, createPlainRequest } from '@life-os/kernel/host'
import { createLabelBook, labelDownloads } from '@life-os/kernel/labels'
import { createPlanBook } from '@life-os/kernel/planbook'
import { createGenerateTool, createModels } from '@life-os/kernel/models'
import { PLANNER, createPlaces, createPlanner, createPlannerTools } from '@life-os/kernel/planner'
import * as language from '@life-os/kernel/plans'
import { createMcp, withMcp } from '@life-os/kernel/mcp'
import { createPlugins, toolsForModels } from '@life-os/kernel/plugins'
import { createRuns } from '@life-os/kernel/runs'
import { createSandbox } from '@life-os/kernel/sandbox'
import { createKeychain, createRedactor, createSecrets } from '@life-os/kernel/secrets'
import { createSettings } from '@life-os/kernel/settings'
import { openStore } from '@life-os/kernel/store'
import { createCounters } from '@life-os/kernel/telemetry'
import type { Logger } from '@life-os/kernel/telemetry'
import { createRunReaders, createThreads, createThreadTools } from '@life-os/kernel/threads'
import type { Kernel } from './kernel.ts'
import { instanceOf, startMaintenance } from './maintenance.ts'
import { BUNDLER, wantsKeychain } from './places.ts'

export const VERSION = '0.1.0'

export interface ComposeOptions {
  home: string
  /** PostgreSQL instead of the folder's own database. */
  url?: string
  /** What `npm run build` made: `sdk/` and `plugins/`. */
  pluginsDir: string
  logger: Logger
  /** What the owner is called on the first start; default the system's user name. */
  ownerName?: string
}

/** Wires the kernel's modules over one folder, which the caller owns. Starts no run: `runs.recover()` does. */
export async function composeKernel({ home, url, pluginsDir, logger, ownerName = systemUser() }: ComposeOptions): Promise<Kernel> {
  const startedAt = Date.now()
  await using stack = new AsyncDisposableStack()
  const clock = {
    now: Date.now,
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      await sleep(milliseconds, undefined, { signal, ref: false })
    },
  }
  const probing = createSandbox() // it sees what this machine can do while the store opens, and never fails
  stack.defer(async () => (await probing)[Symbol.asyncDispose]())
  const redactor = createRedactor()
  logger.redactBy?.(redactor)
  const store = stack.use(await openStore({ home, ...(url !== undefined && { url }), logger, redactor }))
  const keys = wantsKeychain() ? { keys: createKeychain(home) } : {}
  const secrets = await createSecrets({ store, home, now: clock.now, redactor, logger, send: createPlainRequest(), ...keys })
  const events = stack.use(createEvents({ store, logger }))
  const settings = createSettings({ store })
  const models = stack.use(createModels({ store, events, secrets, clock, newId: uuidv7, logger, redactor, room: roomIn(home) }))
  const auth = createAuth({ store, now: clock.now, newId: uuidv7, ownerName })
  const sandbox = await probing
  const { spawnPlugin: spawn, isolation } = sandbox
  const own = stack.use(
    await createPlugins({
      store,
      builds: [pluginsDir],
      home,
      logger,
      spawn,
      isolation,
      redactor,
      fetchGit: createGitFetch({ home, sandbox }),
      ...(BUNDLER !== undefined && { bundler: BUNDLER }),
    }),
  )
  const settingsOf = (plugin: string) => own.settingsOf(plugin)
  const labels = await createLabelBook({ store, now: clock.now })
  await labelDownloads({ store, labels, home: homedir() })
  const host = stack.use(createHost({ store, home, labels, secrets, models, settingsOf, sandbox }))
  const mcp = stack.use(await createMcp({ store, sandbox, secrets, host, grants: () => gate.grants, now: clock.now, sleep: clock.sleep }))
  const plugins = withMcp(own, mcp)
  stack.use(
    plugins.onChange((plugin) => {
      events
        .publish('plugin.changed', { plugin })
        .catch((error: unknown) => logger.warn({ plugin, error }, 'a change of a plugin was not told'))
    }),
  )
  /** Of a plugin that is gone, nothing: a call of it may still be on its way. */
  const manifestOf = (plugin: string) =>
    plugin === 'life-os' ? null : (plugins.get(plugin)?.manifest.permissions.map(({ permission }) => permission) ?? [])
  const gate = stack.use(
    await createGate({ store, clock, newId: uuidv7, manifestOf, settingsOf, sandboxed: () => isolation.level === 'bubblewrap' }),
  )
  const agents = createAgentBook({ store, plugins, events, clock })
  const preferences = createPreferences({ store, labels, clock, newId: uuidv7 })
  const { previews } = gate
  const learning = { store, events, previews, labels, redactor, logger, onRecorded: () => preferences.derive() }
  stack.use(await createDecisionRecorder(learning))
  const plans = createPlanBook({ store, plugins, gate, language, clock })
  const tools = () => toolsForModels(plugins)
  const places = createPlaces(homedir())
  const planning = createPlannerTools({ plans, tools, models, places, store, logger })
  const ownTitles = new Map([...LOOP_TITLES, ...planning.tools.map(({ description: { id, title } }) => [id, title] as const)])
  const loop = createAgentLoop({
    book: { find: async (id) => (id === PLANNER.id ? PLANNER : agents.find(id)) },
    preferences,
    tools: () => [...tools(), ...planning.tools.map(({ description }) => description)],
    findTools: (query, among, limit, seeker) => planner.findTools(query, among, limit, { person: 'system', ...seeker }),
    withoutModel: (say) => planner.withoutModel(say),
    context: async ({ agent, model, labels: seen }) => {
      const found = await models.route({ model, capabilities: ['text'], asker: { person: 'system', agent }, labels: seen })
      return found.model?.context ?? null
    },
    serves: async ({ agent, model, labels: seen, capabilities }) =>
      (await models.route({ model, capabilities, asker: { person: 'system', agent }, labels: seen })).model !== null,
    clock,
  })
  const runs = stack.use(
    createRuns({
      store,
      events,
      plugins,
      host,
      gate,
      plans,
      agents: loop,
      clock,
      newId: uuidv7,
      settings: () => settings.get(),
      logger,
      redactor,
      tools: [createGenerateTool({ models, labels }), ...createThreadTools({ store }), ...planning.tools],
      ...(url !== undefined && { instance: instanceOf(home) }),
    }),
  )
  const threads = stack.use(
    createThreads({
      store,
      runs,
      events,
      agents,
      models,
      settings: () => settings.get(),
      titleOf: (tool) => plugins.tool(tool)?.title ?? ownTitles.get(tool),
      clock,
      newId: uuidv7,
      logger,
      redactor,
    }),
  )
  stack.use(
    events.subscribe('run.finished', ({ data }) => {
      if (typeof data['run'] === 'string') return host.endRun(data['run'])
    }),
  )
  stack.use(startMaintenance({ runs, shared: store.dialect === 'postgres', logger }))
  const { tools: inner, proofs } = planning
  const planner = createPlanner({ plans, tools, runs, models, inner, proofs, places, clock, newId: uuidv7, logger })
  const owned = stack.move()
  return {
    home,
    version: VERSION,
    startedAt,
    store,
    events,
    sandbox,
    plugins,
    mcp,
    secrets,
    labels,
    settings,
    models,
    auth,
    plans,
    planner,
    gate,
    runs,
    threads,
    readers: createRunReaders(store),
    agents,
    preferences,
    logger,
    counters: createCounters(),
    mermaid: language.mermaidOf,
    close: () => owned.disposeAsync(),
  }
}

/** Bytes free on the disk of the folder, which models of this machine most often share. */
const roomIn = (home: string) => async (): Promise<number | null> => {
  const space = await statfs(home).catch(() => undefined)
  return space ? space.bavail * space.bsize : null
}

function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'owner' // a container may have no user entry
  }
}
