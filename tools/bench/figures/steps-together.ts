import type { Figure } from '../figure.ts'
import { syncedInserts } from '../floors.ts'
import { stepsPerSecond } from '../steps.ts'

const RUNS = 20
const STEPS = 250

export const stepsTogether: Figure = {
  name: 'steps-together',
  title: 'Effect steps, 20 runs at once',
  target: { is: 'least', value: 5000, unit: 'steps/s', ofFloor: 1 },
  why: 'Each step is two messages there and two back between two processes and a dozen system calls for the file, on one thread of the server; see the profile below.',
  async measure() {
    const floor = syncedInserts()
    const value = await stepsPerSecond({ runs: RUNS, steps: STEPS, tool: 'bench.write' })
    const onDisk = await stepsPerSecond({ runs: RUNS, steps: 50, tool: 'bench.write', onDisk: true })
    const bare = await stepsPerSecond({ runs: RUNS, steps: 100, tool: 'bench.mark' })
    return {
      value,
      floor,
      note: `${RUNS} runs of ${STEPS} steps; each writes one small file (fs.write) to a folder in memory, its effect record synced on the disk before; ${Math.round(onDisk)}/s with the files on the disk too, ${Math.round(bare)}/s for a write tool that makes no effect`,
    }
  },
}
