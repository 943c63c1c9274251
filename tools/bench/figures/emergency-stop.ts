import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import { ada, allowWrites, manySteps, openBench, pathsIn, startOf } from '../kernel.ts'
import type { BenchKernel } from '../kernel.ts'
import { newMemoryFolder } from '../places.ts'

const RUNS = 20
const STEPS = 5000
const LEADS = [400, 437, 471, 513] // ms of full work before each stop, uneven so that it falls anywhere
const WATCH = 500 // ms in which nothing may happen any more

export const emergencyStop: Figure = {
  name: 'emergency-stop',
  title: 'Emergency stop to last effect',
  target: { is: 'most', value: 1000, unit: 'ms' },
  why: 'The stop holds in memory at once; what is seen after it is the record of effects that were already under way, written with a commit that waits for the disk.',
  async measure() {
    await using bench = await openBench()
    using folder = newMemoryFolder()
    await allowWrites(bench.kernel, folder.path)
    const seen = { effects: 0, last: 0 }
    bench.kernel.store.journal.onCommitted((entries) => {
      const here = entries.filter(({ event }) => event.type === 'effect-started' || event.type === 'effect-finished').length
      seen.effects += here
      if (here > 0) seen.last = performance.now()
    })
    const times: number[] = []
    let settled = 0
    for (const [turn, lead] of LEADS.entries()) {
      const stop = await stopOnce(bench, folder.path, turn, lead, seen)
      times.push(stop.toLast)
      settled = Math.max(settled, stop.settled)
    }
    return {
      value: Math.max(...times),
      note: `the longest of ${LEADS.length} stops of ${RUNS} runs in full work, to the last effect written to the journal; every run had ended within ${Math.round(settled)} ms and nothing was written in ${WATCH} ms after`,
    }
  },
}

async function stopOnce(
  { kernel: { runs } }: BenchKernel,
  folder: string,
  turn: number,
  lead: number,
  seen: { effects: number; last: number },
): Promise<{ toLast: number; settled: number }> {
  const plan = manySteps('bench.write')
  const before = seen.effects
  const started = await Promise.all(
    Array.from({ length: RUNS }, (_, index) => runs.start(startOf(plan, { paths: pathsIn(folder, `t${turn}r${index}`, STEPS) }), ada)),
  )
  await sleep(lead)
  if (seen.effects === before) throw new Error('nothing was going on when the stop came')
  const asked = performance.now()
  await runs.stopAll(ada)
  const states = await Promise.all(started.map(async ({ id }) => (await runs.settled(id)).state))
  const settled = performance.now() - asked
  const files = readdirSync(folder).length
  await sleep(WATCH)
  if (states.some((state) => state !== 'stopped')) throw new Error(`after the stop the runs are ${states.join(', ')}`)
  if (readdirSync(folder).length !== files) throw new Error('files were written after the stop')
  await runs.liftStop(ada)
  return { toLast: Math.max(0, seen.last - asked), settled }
}
