import type { Isolation, PendingPlugin, Plugin, PluginSource, ToolDescription } from '@life-os/contract'
import { LifeOsError } from '@life-os/contract'
import type { FoundPlugin } from './discover.ts'
import { pluginUnknown } from './faults.ts'
import { createHealth } from './health.ts'
import type { Health } from './health.ts'
import type { Supervisor } from './supervisor.ts'
import type { Plugins } from './types.ts'

/** A plugin by its id: the version that works, if any, and one that waits, if any. */
export interface Entry {
  readonly id: string
  readonly health: Health
  current: { supervisor: Supervisor; source: PluginSource } | null
  pending: PendingPlugin | null
  /** Why the newest files of a watched folder are not in use. */
  fault: string | null
}

/** All plugins of this server, their tools, and the switch from one version to the next. */
export interface Registry {
  ids(): string[]
  entry(id: string): Entry | undefined
  /** Errors: `plugin-unknown`. */
  need(id: string): Entry
  tool(id: string): { description: ToolDescription; supervisor: Supervisor } | undefined
  tools(): ToolDescription[]
  plans(): ReturnType<Plugins['plans']>
  agents(): ReturnType<Plugins['agents']>
  describe(entry: Entry): Plugin
  stateOf(id: string): Plugin['state'] | undefined
  /** A version that works from now on, where none did. */
  add(found: FoundPlugin, source: PluginSource): Entry
  /**
   * Starts the new version's process, does what makes it so for good, and lets new calls go to it; the old version finishes
   * what came in before. When any of it fails, nothing has changed.
   */
  replace(found: FoundPlugin, source: PluginSource, commit: () => Promise<void>): Promise<void>
  /** An entry for something that waits, with no version that works. */
  waiting(id: string, pending: PendingPlugin): Entry
  /** Takes a plugin out: its tools are gone at once, its process ends. */
  drop(id: string): Promise<void>
  changed(id: string): void
  onChange(listener: (plugin: string) => void): Disposable
  [Symbol.asyncDispose](): Promise<void>
}

/** A version that cannot start because of these may still take the place of another. */
const NOT_ITS_FAULT = new Set(['plugin-disabled', 'plugin-quarantined', 'plugin-refused'])

export function createRegistry(
  supervise: (found: FoundPlugin, health: Health) => Supervisor,
  isolation: Isolation,
  now: () => number,
  clean?: (text: string) => string,
): Registry {
  const entries = new Map<string, Entry>()
  const tools = new Map<string, { description: ToolDescription; supervisor: Supervisor }>()
  const listeners = new Set<(plugin: string) => void>()
  const retired = new Set<Supervisor>()

  function entryFor(id: string): Entry {
    const had = entries.get(id)
    if (had) return had
    const made: Entry = { id, health: createHealth(now, clean), current: null, pending: null, fault: null }
    entries.set(id, made)
    return made
  }

  function reindex(): void {
    tools.clear()
    for (const { current } of entries.values())
      if (current)
        for (const description of current.supervisor.found.tools) tools.set(description.id, { description, supervisor: current.supervisor })
  }

  function changed(id: string): void {
    for (const listener of listeners) listener(id)
  }

  function retire(supervisor: Supervisor): void {
    retired.add(supervisor)
    void supervisor.retire().finally(() => retired.delete(supervisor))
  }

  /** Plans or agents of the versions that work. */
  function textsOf(kind: 'plans' | 'agents'): ReturnType<Plugins['plans']> {
    return [...entries.values()].flatMap(({ id, current }) =>
      (current?.supervisor.found[kind] ?? []).map((text) => ({
        plugin: id,
        ...text,
        ...(current?.source.kind !== 'bundled' && { stranger: true as const }),
      })),
    )
  }

  function describe(entry: Entry): Plugin {
    const { current, pending } = entry
    if (current) return current.supervisor.describe({ source: current.source, pending, isolation, fault: entry.fault })
    if (!pending) throw pluginUnknown(entry.id)
    const { manifest, digest, source } = pending
    const health = {
      pid: null,
      startedAt: null,
      startTime: null,
      starts: 0,
      calls: 0,
      errors: 0,
      crashes: 0,
      p50: null,
      p95: null,
      memory: null,
    }
    return {
      manifest,
      state: 'waiting',
      reason: 'Nothing of it runs before a person accepts what it asks for.',
      digest,
      bundled: false,
      source,
      pending,
      isolation,
      labels: [],
      tools: [],
      health: { ...health, log: entry.health.log() },
    }
  }

  return {
    ids: () => [...entries.keys()].toSorted(),
    entry: (id) => entries.get(id),
    need(id) {
      const entry = entries.get(id)
      if (!entry) throw pluginUnknown(id)
      return entry
    },
    tool: (id) => tools.get(id),
    tools: () => [...tools.values()].map(({ description }) => description),
    plans: () => textsOf('plans'),
    agents: () => textsOf('agents'),
    describe,
    stateOf(id) {
      const entry = entries.get(id)
      if (!entry) return undefined
      return entry.current ? entry.current.supervisor.state() : 'waiting'
    },
    add(found, source) {
      const entry = entryFor(found.manifest.id)
      entry.current = { supervisor: supervise(found, entry.health), source }
      reindex()
      return entry
    },
    async replace(found, source, commit) {
      const entry = entryFor(found.manifest.id)
      const next = supervise(found, entry.health)
      try {
        await next.warm().catch((error: unknown) => {
          if (!(error instanceof LifeOsError) || !NOT_ITS_FAULT.has(error.code)) throw error
        })
        await commit()
      } catch (error) {
        await next.end()
        throw error
      }
      const before = entry.current
      entry.current = { supervisor: next, source }
      entry.fault = null
      reindex()
      if (before) retire(before.supervisor)
      changed(entry.id)
    },
    waiting(id, pending) {
      const entry = entryFor(id)
      entry.pending = pending
      return entry
    },
    async drop(id) {
      const entry = entries.get(id)
      entries.delete(id)
      reindex()
      await entry?.current?.supervisor.end()
      changed(id)
    },
    changed,
    onChange(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    async [Symbol.asyncDispose]() {
      const all = [...[...entries.values()].flatMap(({ current }) => current?.supervisor ?? []), ...retired]
      await Promise.all(all.map((supervisor) => supervisor.end()))
    },
  }
}
