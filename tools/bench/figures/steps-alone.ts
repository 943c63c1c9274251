import type { Figure } from '../figure.ts'
import { syncedInserts } from '../floors.ts'
import { stepsPerSecond } from '../steps.ts'

const STEPS = 1000

export const stepsAlone: Figure = {
  name: 'steps-alone',
  title: 'Effect steps, one run alone',
  target: { is: 'least', value: 0, unit: 'steps/s', ofFloor: 0.5 },
  why: 'A run alone waits for one synced commit and two process hops in each step, one after the other; the floor waits for the commit only.',
  async measure() {
    const floor = syncedInserts()
    const value = await stepsPerSecond({ runs: 1, steps: STEPS, tool: 'bench.write' })
    return {
      value,
      floor,
      note: `one run of ${STEPS} steps, one after the other; each writes one small file in memory; one synced commit a step`,
    }
  },
}
