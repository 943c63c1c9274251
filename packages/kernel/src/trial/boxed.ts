import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Manifest } from '@life-os/contract'
import { reportOfProbe } from '@life-os/plugin-sdk/testing/checks'
import type { OpenPlugin, ProbeReport } from '@life-os/plugin-sdk/testing/checks'
import { bundleApart, describePlugin } from '../plugin-build/index.ts'
import type { BundleApartOptions } from '../plugin-build/index.ts'
import { createLiveProcess, limitsOf, realTimers } from '../plugins/index.ts'
import type { LiveProcess } from '../plugins/index.ts'
import type { SpawnPlugin } from '../sandbox/index.ts'

export interface BoxedPluginsOptions {
  /** What `npm run build` made: holds `sdk/`. */
  build: string
  spawn: SpawnPlugin
  /** How folders are bundled. */
  bundle?: BundleApartOptions
  /** Milliseconds that one call may take; default 20 s. */
  timeout?: number
  onLine?(line: string): void
}

/** Plugins from folders that nobody vouches for: bundled apart, and run in boxes alone. */
export interface BoxedPlugins extends AsyncDisposable {
  open(folder: string, manifest: Manifest): Promise<OpenPlugin>
  probe(folder: string, manifest: Manifest): Promise<ProbeReport>
}

const PATIENCE = { start: 20_000, grace: 2000, ping: 2000 }

export async function createBoxedPlugins(options: BoxedPluginsOptions): Promise<BoxedPlugins> {
  const place = await mkdtemp(path.join(tmpdir(), 'life-os-trial-'))
  const sdk = path.join(place, 'sdk') // beside the plugins, as their imports say
  await cp(path.join(options.build, 'sdk'), sdk, { recursive: true })
  const bundles = new Map<string, Promise<string>>()
  const stops: (() => Promise<void>)[] = []

  const bundled = (folder: string): Promise<string> => {
    const target = path.join(place, 'plugins', String(bundles.size + 1))
    const made = bundles.get(folder) ?? bundleApart(folder, target, options.bundle).then(() => target)
    bundles.set(folder, made)
    return made
  }
  return {
    async open(folder, manifest) {
      const own = await bundled(folder)
      const tools = await describePlugin({ out: place, folder: own, plugin: manifest, spawn: options.spawn })
      const keeper = keepRunning(manifest, { ...options, runtime: path.join(sdk, 'runtime.js'), folder: own })
      stops.push(keeper.stop)
      return { tools, call: callsOf(tools, keeper.live, options.timeout ?? 20_000) }
    },
    async probe(folder, manifest) {
      const own = await bundled(folder)
      const { memory } = limitsOf(manifest, 0)
      return reportOfProbe(options.spawn({ runtime: path.join(sdk, 'probe.js'), folder: own, entry: 'index.js', memory }))
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(stops.map((stop) => stop()))
      await rm(place, { recursive: true, force: true })
    },
  }
}

const callsOf =
  (tools: OpenPlugin['tools'], live: () => Promise<LiveProcess>, timeout: number): OpenPlugin['call'] =>
  async ({ tool: id, value, ...call }) => {
    const tool = tools.find((candidate) => candidate.id === id)
    if (!tool) throw new Error(`the code defines no ${id}`)
    const { signal } = new AbortController()
    return (await live()).call({ ...call, tool: id, input: value, signal, timeout, labels: [] }, tool)
  }

interface Running extends BoxedPluginsOptions {
  runtime: string
  folder: string
}

/** One process, started at the first call and again after it ended. */
function keepRunning(manifest: Manifest, { runtime, folder, spawn, onLine = () => undefined }: Running) {
  let running: LiveProcess | undefined
  const { memory, pids, cpu } = limitsOf(manifest, 0)
  async function live(): Promise<LiveProcess> {
    if (running) return running
    const started = createLiveProcess({
      plugin: manifest.id,
      child: spawn({ runtime, folder, entry: 'index.js', memory, ...(pids && { pids }), ...(cpu && { cpu }) }),
      timers: realTimers,
      patience: PATIENCE,
      onLine: (line) => onLine(line),
      onCallEnd: () => undefined,
    })
    running = started
    void started.ended.then(() => running === started && (running = undefined))
    await started.ready
    return started
  }
  return { live, stop: async () => running?.stop(0) }
}
