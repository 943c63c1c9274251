import type { Figure } from '../figure.ts'
import { median } from '../numbers.ts'
import { newFolder } from '../places.ts'
import { spawnSync } from 'node:child_process'
import { startServerProcess } from '../server.ts'

const STARTS = 5

export const startReady: Figure = {
  name: 'start-ready',
  title: 'Start to ready, existing folder, warm compile cache',
  target: { is: 'most', value: 700, unit: 'ms' },
  why: 'Reading and compiling the modules of the server is most of it.',
  async measure() {
    using home = newFolder()
    const once = async (): Promise<number> => {
      await using server = await startServerProcess(home.path)
      return server.ready
    }
    await once() // makes the folder and fills the compile cache
    const times: number[] = []
    for (let start = 0; start < STARTS; start += 1) times.push(await once())
    const bare = Array.from({ length: STARTS }, emptyProcess)
    return {
      value: median(times),
      floor: { what: 'a Node process that does nothing', value: median(bare) },
      note: `median of ${STARTS} starts, from the start of the process to the first answered request; ${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))} ms`,
    }
  },
}

function emptyProcess(): number {
  const start = performance.now()
  spawnSync(process.execPath, ['-e', ''])
  return performance.now() - start
}
