import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { uuidv7 } from 'uuidv7'
import type { Actor, AnswerApproval, Plan, Run, StartRun } from '@life-os/contract'
import { createEvents } from '../events/index.ts'
import { createGate } from '../gate/index.ts'
import { createHost } from '../host/index.ts'
import { createLabelBook, type LabelBook } from '../labels/index.ts'
import { parsePlan } from '../plans/index.ts'
import { createPlugins } from '../plugins/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import type { StorePlace } from '../store/testing.ts'
import { createRuns } from './create.ts'
import type { InnerTool } from './calls/toolbox.ts'
import type { Clock, Runs, RunsDeps } from './types.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const trialRoot = fileURLToPath(new URL('./fixtures', import.meta.url))

export const ada: Actor = { kind: 'person', id: 'ada', name: 'Ada' }
export const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** The builds of the bundled plugins and of the trial plugin; made once, later calls find them unchanged. */
export async function builds(): Promise<string[]> {
  const { buildPlugins } = await import('../../../../tools/build/plugins.ts') // only who builds loads the bundler
  const places = [
    { root, out: join(root, 'dist') },
    { root: trialRoot, out: join(root, 'dist', 'fixtures', 'runs') },
  ]
  for (const place of places) await buildPlugins(place)
  return places.map((place) => place.out)
}

/** The build of the fixtures alone: for tests that need no bundled plugin. */
export async function fixtureBuild(): Promise<string> {
  const { buildPlugins } = await import('../../../../tools/build/plugins.ts')
  const out = join(root, 'dist', 'fixtures', 'runs')
  await buildPlugins({ root: trialRoot, out })
  return out
}

/** Time that moves only when told; sleepers wake in order. */
export function manualClock(start = Date.now()): Clock & { advance(milliseconds: number): Promise<void>; sleeping(): number } {
  let now = start
  const sleepers = new Set<{ at: number; wake(): void }>()
  return {
    now: () => now,
    sleeping: () => sleepers.size,
    sleep(milliseconds, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error)
        if (milliseconds <= 0) return resolve()
        const sleeper = {
          at: now + milliseconds,
          wake: () => {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        signal?.addEventListener(
          'abort',
          () => {
            sleepers.delete(sleeper)
            reject(signal.reason as Error)
          },
          { once: true },
        )
        sleepers.add(sleeper)
        return undefined
      })
    },
    async advance(milliseconds) {
      now += milliseconds
      for (const sleeper of [...sleepers].toSorted((a, b) => a.at - b.at)) if (sleeper.at <= now) sleeper.wake()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

export const realClock: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds)
      signal?.addEventListener(
        'abort',
        () => {
          clearTimeout(timer)
          reject(signal.reason as Error)
        },
        { once: true },
      )
    }),
}

export interface TestKernel extends AsyncDisposable {
  runs: Runs
  deps: RunsDeps
  labels: LabelBook
  /** A folder to act on, gone with the kernel. */
  folder: string
  start(source: string, inputs?: Record<string, unknown>, more?: Partial<StartRun>): Promise<Run>
  preview(source: string, inputs?: Record<string, unknown>, more?: Partial<StartRun>): ReturnType<Runs['preview']>
  /** Approves what waits and lets the run settle. */
  approve(run: Run, more?: Partial<AnswerApproval>): Promise<Run>
}

export interface KernelOptions {
  clock?: Clock
  instance?: string
  lease?: number
  folder?: string
  plans?: Record<string, Plan>
  trashLimit?: number
  builds?: string[]
  /** Runs commands; whoever made it disposes of it. */
  sandbox?: Sandbox
  /** The kernel's own tools beside those of undo. */
  tools?(parts: Pick<RunsDeps, 'store' | 'plugins'>): readonly InnerTool[]
}

/** A whole kernel over a place: real store, real plugin processes, real files. */
export async function openKernel(place: StorePlace, options: KernelOptions = {}): Promise<TestKernel> {
  const clock = options.clock ?? realClock
  const store = await place.open({ clock: () => clock.now() })
  const events = createEvents({ store, logger: silent })
  const plugins = await createPlugins({ store, builds: options.builds ?? (await builds()), logger: silent })
  const labels = await createLabelBook({ store, now: () => clock.now() })
  const host = createHost({ store, home: place.home, labels, ...(options.sandbox && { sandbox: options.sandbox }) })
  const gate = await createGate({
    store,
    clock,
    newId: uuidv7,
    manifestOf: (plugin) => plugins.get(plugin)?.manifest.permissions.map((one) => one.permission) ?? null,
    sandboxed: () => options.sandbox === undefined || options.sandbox.isolation.level === 'bubblewrap',
  })
  const deps: RunsDeps = {
    store,
    events,
    plugins,
    host,
    gate,
    clock,
    newId: uuidv7,
    logger: silent,
    plans: { find: async (id) => options.plans?.[id] ?? null },
    settings: async () => ({ undoDays: 30, approvalHours: 24, trashLimit: options.trashLimit ?? 1_000_000_000 }),
    ...(options.instance && { instance: options.instance }),
    ...(options.lease && { lease: options.lease }),
    ...(options.tools && { tools: options.tools({ store, plugins }) }),
  }
  const runs = createRuns(deps)
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lifeos-work-'))
  const request = (source: string, inputs: Record<string, unknown>, more: Partial<StartRun>): StartRun => ({
    plan: planOf(source),
    inputs,
    mode: 'draft',
    priority: 0,
    allow: [],
    ...more,
  })
  return {
    runs,
    deps,
    labels,
    folder,
    start: async (source, inputs = {}, more = {}) => runs.settled((await runs.start(request(source, inputs, more), ada)).id),
    preview: (source, inputs = {}, more = {}) => runs.preview(request(source, inputs, more), ada),
    async approve(run, more = {}) {
      if (!run.approval) throw new Error(`the run ${run.state} waits for nothing: ${run.error?.message ?? ''}`)
      const { hash } = await gate.approvals.get(run.approval)
      await runs.answer(run.approval, { answer: 'approve', hash, except: [], exceptGlobs: [], final: false, remember: 'no', ...more }, ada)
      return runs.settled(run.id)
    },
    async [Symbol.asyncDispose]() {
      await runs[Symbol.asyncDispose]()
      await gate[Symbol.asyncDispose]()
      await events[Symbol.asyncDispose]()
      await plugins[Symbol.asyncDispose]()
      await host[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      if (!options.folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function planOf(source: string): Plan {
  const parsed = parsePlan(source)
  if (!parsed.ok) throw new Error(parsed.faults.map((fault) => `${fault.path}: ${fault.message}`).join('\n'))
  return parsed.plan
}

/** A plan of one list of steps over the test folder. */
export function withFolder(steps: string): string {
  return `id: trial\nname: Trial\ninputs:\n  folder: { type: path }\nsteps:\n${steps.replaceAll(/^/gm, '  ')}`
}
