import path from 'node:path'
import type { Isolation } from '@life-os/contract'
import { LifeOsError } from '@life-os/contract'
import { spawnPlugin } from '../sandbox/index.ts'
import type { SpawnPlugin } from '../sandbox/index.ts'
import type { Store } from '../store/index.ts'
import type { Logger } from '../telemetry/index.ts'
import { discover } from './discover.ts'
import { toolUnknown } from './faults.ts'
import { createInstaller, createInstalls, createPluginHome, createWatches } from './installed/index.ts'
import type { Installer } from './installed/index.ts'
import type { Patience } from './process.ts'
import { createRegistry } from './registry.ts'
import type { Registry } from './registry.ts'
import { missingRequirement } from './requirements.ts'
import { createPluginSettings } from './settings/settings.ts'
import { createPluginStates } from './states.ts'
import { createSupervisor } from './supervisor.ts'
import { realTimers } from './timers.ts'
import type { Redactor } from '../secrets/types.ts'
import type { Timers } from './timers.ts'
import type { FetchGit, Plugins } from './types.ts'

export interface PluginsDeps {
  store: Pick<Store, 'db' | 'transaction' | 'audit'>
  /** Outputs of `npm run build`: each holds `sdk/` and `plugins/`. The server has one, `<checkout>/dist`. */
  builds: readonly string[]
  /** LIFEOS_HOME, where installed plugins are kept. Without it none can be installed. */
  home?: string
  /** The program that bundles what is installed: `plugin-build/main.ts` or its built form. */
  bundler?: string
  /** Fetches from git; without it nothing is installed from there. */
  fetchGit?: FetchGit
  logger: Pick<Logger, 'info' | 'warn'>
  spawn?: SpawnPlugin
  isolation?: Isolation
  timers?: Timers
  patience?: Partial<Patience>
  /** Milliseconds; default one minute. */
  idleStop?: number
  /** Knows what no line of a plugin may show. */
  redactor?: Pick<Redactor, 'text'>
}

const PATIENCE: Patience = { start: 20_000, grace: 2000, ping: 2000 }
const PERMISSIONS_ONLY: Isolation = { level: 'permissions', reason: 'No sandbox was given.', mend: null, uid: null, cgroup: false }

/** Finds the plugins of these builds and those installed, without starting any, and keeps their processes until disposed. */
export async function createPlugins(deps: PluginsDeps): Promise<Plugins> {
  const { store, builds, logger, spawn = spawnPlugin, timers = realTimers, idleStop = 60_000 } = deps
  const now = () => timers.now()
  const patience = { ...PATIENCE, ...deps.patience }
  const states = await createPluginStates(store.db, now)
  const settings = await createPluginSettings(store.db, now)
  const registry: Registry = createRegistry(
    (found, health) => {
      const missing = () => missingRequirement(found.manifest, registry.stateOf)
      return createSupervisor({ found, states, health, spawn, timers, logger, idleStop, patience, missing })
    },
    deps.isolation ?? PERMISSIONS_ONLY,
    now,
    (text) => deps.redactor?.text(text) ?? text,
  )
  await addBundled(registry, builds, logger)
  const installer = await openInstaller(deps, registry, { states, spawn, now })
  const watches = createWatches(timers, (id) => void installer?.reload(id))
  const watchAll = () => watches.set(foldersToWatch(registry))
  watchAll()
  const listening = registry.onChange(watchAll)

  const installing = (): Installer => {
    if (!installer) throw new LifeOsError('plugin-home-missing', 'This Life-OS has no folder to keep installed plugins in.')
    return installer
  }
  const described = (id: string) => registry.describe(registry.need(id))
  const schemaOf = (id: string) => {
    const entry = registry.entry(id)
    return (entry?.current?.supervisor.found.manifest ?? entry?.pending?.manifest)?.settings
  }
  const working = (id: string) => {
    const { current } = registry.need(id)
    if (current) return current.supervisor
    throw new LifeOsError('plugin-waiting', `The plugin ${id} waits to be accepted; until then nothing of it runs.`, { applied: 'no' })
  }

  return {
    list: () => registry.ids().map(described),
    get: (id) => (registry.entry(id) ? described(id) : undefined),
    tools: () => registry.tools(),
    tool: (id) => registry.tool(id)?.description,
    digest: (plugin) => registry.entry(plugin)?.current?.supervisor.found.digest || undefined,
    async call(call) {
      const tool = registry.tool(call.tool)
      if (!tool) throw toolUnknown(call.tool)
      if (call.signal.aborted)
        throw new LifeOsError('call-revoked', `${call.tool} was stopped before it began.`, { class: 'operational', applied: 'no' })
      return tool.supervisor.call(call, tool.description)
    },
    labels: (plugin) => registry.entry(plugin)?.current?.supervisor.labels() ?? [],
    taint: (plugin, labels) => registry.entry(plugin)?.current?.supervisor.taint(labels),
    install: async (source, by) => described(await installing().install(source, by)),
    async accept(id, digest, by) {
      await installing().accept(id, digest, by)
      return described(id)
    },
    reject: async (id, by) => installing().reject(id, by),
    async update(id, by) {
      await installing().update(id, by)
      return described(id)
    },
    async rollback(id, by) {
      await installing().rollback(id, by)
      return described(id)
    },
    async remove(id, by, data) {
      await installing().remove(id, by, data)
      if (data) settings.forget(id)
    },
    async restart(id) {
      await working(id).restart()
      registry.changed(id)
    },
    async settings(id) {
      registry.need(id)
      return { schema: schemaOf(id) ?? null, values: settings.values(id, schemaOf(id)) }
    },
    settingsOf: (id) => settings.values(id, schemaOf(id)),
    async setSettings(id, values, by) {
      registry.need(id)
      const kept = await settings.set(id, schemaOf(id), values, by)
      registry.changed(id)
      return kept
    },
    log: (id, limit) => registry.need(id).health.lines(limit),
    onChange: (listener) => registry.onChange(listener),
    async enable(id) {
      await working(id).enable()
      registry.changed(id)
    },
    async disable(id) {
      await working(id).disable()
      registry.changed(id)
    },
    plans: () => registry.plans(),
    agents: () => registry.agents(),
    async [Symbol.asyncDispose]() {
      listening[Symbol.dispose]()
      watches[Symbol.dispose]()
      await registry[Symbol.asyncDispose]()
    },
  }
}

async function addBundled(registry: Registry, builds: readonly string[], logger: PluginsDeps['logger']): Promise<void> {
  for (const found of (await Promise.all(builds.map((build) => discover(build)))).flat()) {
    const id = found.manifest.id
    if (registry.entry(id)) {
      logger.warn({ plugin: id, folder: found.folder }, 'a second plugin of this name is left out')
      continue
    }
    if (found.refusal !== null) logger.warn({ plugin: id, reason: found.refusal }, 'a plugin is not loaded')
    registry.add(found, { kind: 'bundled' })
  }
}

async function openInstaller(
  { home, builds, store, bundler, fetchGit }: PluginsDeps,
  registry: Registry,
  parts: Pick<Parameters<typeof createInstaller>[0], 'states' | 'spawn' | 'now'>,
): Promise<Installer | null> {
  const [build] = builds
  if (home === undefined || build === undefined) return null
  const installer = createInstaller({
    ...parts,
    home: createPluginHome(home, path.join(build, 'sdk')),
    installs: createInstalls(store),
    registry,
    bundler,
    fetchGit,
    audit: store.audit,
  })
  await installer.open()
  return installer
}

function foldersToWatch(registry: Registry): Map<string, string> {
  const folders = new Map<string, string>()
  for (const id of registry.ids()) {
    const source = registry.entry(id)?.current?.source
    if (source?.kind === 'folder' && source.watch) folders.set(id, source.path)
  }
  return folders
}
