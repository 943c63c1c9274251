import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPlugins } from '../../../../tools/build/plugins.ts'
import type { HostServices } from '../host/index.ts'
import { openStore } from '../store/index.ts'
import type { Store } from '../store/index.ts'
import { createPlugins } from './create.ts'
import type { PluginsDeps } from './create.ts'
import type { Timers } from './timers.ts'
import type { PluginCall, Plugins } from './types.ts'

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))
const built = fileURLToPath(new URL('../../../../dist/fixtures/plugins', import.meta.url))

/** Builds the fixture plugins; later calls find them unchanged. */
export async function buildFixtures(): Promise<string> {
  await buildPlugins({ root: fixtures, out: built })
  return built
}

/** Time that moves only when told. */
export interface ManualTimers extends Timers {
  advance(milliseconds: number): void
  readonly waiting: number
}

export function manualTimers(): ManualTimers {
  let now = 1_000_000
  const timers = new Set<{ at: number; work(): void }>()
  return {
    now: () => now,
    after(milliseconds, work) {
      const timer = { at: now + milliseconds, work }
      timers.add(timer)
      return { [Symbol.dispose]: () => void timers.delete(timer) }
    },
    advance(milliseconds) {
      const end = now + milliseconds
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0]
        if (!due) break
        now = Math.max(now, due.at)
        timers.delete(due)
        due.work()
      }
      now = end
    },
    get waiting() {
      return timers.size
    },
  }
}

export const refusing: HostServices = { handle: (service) => Promise.reject(new Error(`${service} was not expected`)) }

export interface Bench extends AsyncDisposable {
  readonly plugins: Plugins
  readonly timers: ManualTimers
  readonly store: Store
  call(tool: string, input: unknown, more?: Partial<PluginCall>): Promise<unknown>
  /** Plugins over the same store, as after a restart of the server. */
  again(more?: Partial<PluginsDeps>): Promise<Plugins>
}

/** Real processes of the fixture plugins over a real store, with time in the test's hands. */
export async function openBench(more: Partial<PluginsDeps> = {}): Promise<Bench> {
  const home = mkdtempSync(path.join(tmpdir(), 'life-os-plugins-'))
  const store = await openStore({ home })
  const timers = manualTimers()
  const builds = [await buildFixtures()]
  const open = (extra: Partial<PluginsDeps> = {}) =>
    createPlugins({ store, builds, timers, logger: { info: () => undefined, warn: () => undefined }, ...more, ...extra })
  const opened = [await open()]
  const plugins = opened[0]!
  return {
    plugins,
    timers,
    store,
    call: (tool, input, extra) => plugins.call(callOf(tool, input, extra)),
    async again(extra) {
      const next = await open(extra)
      opened.push(next)
      return next
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()))
      await store[Symbol.asyncDispose]()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export function callOf(tool: string, input: unknown, more: Partial<PluginCall> = {}): PluginCall {
  return {
    tool,
    input,
    method: 'run',
    key: 'key-1',
    phase: 'run',
    services: refusing,
    signal: new AbortController().signal,
    timeout: 60_000,
    labels: [],
    ...more,
  }
}
