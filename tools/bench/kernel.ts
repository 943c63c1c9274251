import { createLogger } from '@life-os/kernel/telemetry'
import { parsePlan } from '@life-os/kernel/plans'
import { BUILD, composeKernel } from '@life-os/server'
import type { Kernel } from '@life-os/server'
import type { Plan, Run, StartRun } from '@life-os/contract'
import { buildPlugins } from '../build/plugins.ts'
import { BENCH_BUILD, BENCH_PLUGINS, newFolder } from './places.ts'

export const ada = { kind: 'person', id: 'ada', name: 'Ada' } as const

let built: Promise<unknown> | undefined
/** The plugin of the benchmarks; made once, later calls find it unchanged. */
export function benchPlugins(): Promise<unknown> {
  return (built ??= buildPlugins({ root: BENCH_PLUGINS, out: BENCH_BUILD }))
}

export interface BenchKernel extends AsyncDisposable {
  kernel: Kernel
  home: string
}

export interface BenchKernelOptions {
  home?: string | undefined
  url?: string | undefined
  plugins?: 'bench' | 'bundled'
}

/** The server's own kernel over a folder: real store, real plugin processes, real files; without the HTTP around it. */
export async function openBench({ home, url, plugins = 'bench' }: BenchKernelOptions = {}): Promise<BenchKernel> {
  if (plugins === 'bench') await benchPlugins()
  await using stack = new AsyncDisposableStack()
  const place = home ?? stack.use(newFolder()).path
  const pluginsDir = plugins === 'bench' ? BENCH_BUILD : BUILD
  const kernel = await composeKernel({
    home: place,
    pluginsDir,
    logger: createLogger({ level: 'error' }),
    ownerName: 'Ada',
    ...(url !== undefined && { url }),
  })
  stack.defer(() => kernel.close())
  const open = stack.move()
  return { kernel, home: place, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

export function planOf(source: string): Plan {
  const parsed = parsePlan(source)
  if (!parsed.ok) throw new Error(parsed.faults.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return parsed.plan
}

/** One tool over a list of paths, one after the other. */
export function manySteps(tool: string): Plan {
  return planOf(`
id: bench
name: Bench
inputs:
  paths: { type: list, of: { type: text } }
steps:
  - id: all
    each: "\${{ inputs.paths }}"
    as: path
    max: 100000
    concurrency: 1
    steps:
      - id: step
        tool: ${tool}
        input: ${tool === 'bench.echo' ? "{ value: '${{ path }}' }" : "{ path: '${{ path }}' }"}
`)
}

export const pathsIn = (folder: string, name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${folder}/${name}-${index}`)

export async function allowWrites(kernel: Kernel, folder: string): Promise<void> {
  await kernel.gate.grants.add(
    { subject: { kind: 'any', id: '*' }, permission: `fs.write:${folder}/**`, verdict: 'allow', expiresAt: null },
    'settings',
    ada.id,
  )
}

export const startOf = (plan: Plan, inputs: Record<string, unknown>): StartRun => ({
  plan,
  inputs,
  mode: 'autopilot',
  priority: 0,
  allow: [],
})

export function requireDone(run: Run): void {
  if (run.state !== 'done') throw new Error(`a run of the benchmark is ${run.state}: ${run.error?.message ?? ''}`)
}
