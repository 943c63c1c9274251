import type { Figure } from '../figure.ts'
import { syncedInserts } from '../floors.ts'
import { ada, allowWrites, manySteps, openBench, pathsIn, requireDone, startOf } from '../kernel.ts'
import { percentile } from '../numbers.ts'
import { newMemoryFolder } from '../places.ts'

const STEPS = 1000

/** From the end of one tool call to the start of the next in a run of one step after the other: all that Life-OS adds around a call. */
export const stepOverhead: Figure = {
  name: 'step-overhead',
  title: 'Overhead of one step, p50',
  target: { is: 'most', value: 0.5, unit: 'ms' },
  async measure() {
    const { value: rows } = syncedInserts()
    await using bench = await openBench()
    using folder = newMemoryFolder()
    const { plugins, runs } = bench.kernel
    await allowWrites(bench.kernel, folder.path)
    const gaps: number[] = []
    let ended = 0
    const call = plugins.call.bind(plugins)
    plugins.call = async (asked) => {
      if (ended > 0) gaps.push(performance.now() - ended)
      try {
        return await call(asked)
      } finally {
        ended = performance.now()
      }
    }
    const run = await runs.start(startOf(manySteps('bench.mark'), { paths: pathsIn(folder.path, 'a', STEPS) }), ada)
    requireDone(await runs.settled(run.id))
    const measured = gaps.slice(STEPS / 10)
    return {
      value: percentile(measured, 50),
      floor: { what: 'one synced insert', value: 1000 / rows },
      note: `${measured.length} gaps between the tool calls of one run: outcome, journal, next input, gate, audit; p95 ${percentile(measured, 95).toFixed(2)} ms`,
    }
  },
}
