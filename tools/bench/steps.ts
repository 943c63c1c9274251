import { allowWrites, ada, manySteps, openBench, pathsIn, requireDone, startOf } from './kernel.ts'
import { newFolder, newMemoryFolder } from './places.ts'

export interface StepLoad {
  runs: number
  steps: number
  tool: 'bench.write' | 'bench.mark' | 'bench.echo'
  url?: string
  onDisk?: boolean
}

/** Starts the runs at once and answers steps a second until the last is done. The plugin's process is warm. */
export async function stepsPerSecond({ runs, steps, tool, url, onDisk = false }: StepLoad): Promise<number> {
  await using bench = await openBench({ url })
  using folder = onDisk ? newFolder() : newMemoryFolder()
  const { kernel } = bench
  await allowWrites(kernel, folder.path)
  const plan = manySteps(tool)
  const go = async (name: string, count: number): Promise<void> => {
    const run = await kernel.runs.start(startOf(plan, { paths: pathsIn(folder.path, name, count) }), ada)
    requireDone(await kernel.runs.settled(run.id))
  }
  await go('warm', 100)
  const start = performance.now()
  await Promise.all(Array.from({ length: runs }, (_, index) => go(`run${index}`, steps)))
  return (runs * steps) / ((performance.now() - start) / 1000)
}
