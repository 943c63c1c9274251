import path from 'node:path'
import { createSandbox, spawnPlugin } from '@life-os/kernel/sandbox'
import type { SpawnPlugin } from '@life-os/kernel/sandbox'
import { createChannel } from '@life-os/plugin-sdk/wire'
import type { Figure } from '../figure.ts'
import { benchPlugins } from '../kernel.ts'
import { percentile } from '../numbers.ts'
import { BENCH_BUILD } from '../places.ts'

const STARTS = 20

export const pluginStart: Figure = {
  name: 'plugin-start',
  title: 'Start of a plugin in its box, p50',
  target: { is: 'most', value: 120, unit: 'ms' },
  async measure() {
    await benchPlugins()
    await using sandbox = await createSandbox()
    const boxed: number[] = []
    const plain: number[] = []
    for (let start = 0; start < STARTS; start++) {
      plain.push(await timeToReady(spawnPlugin))
      boxed.push(await timeToReady(sandbox.spawnPlugin))
    }
    const { level, cgroup } = sandbox.isolation
    const where =
      level === 'bubblewrap' ? `in bubblewrap ${cgroup ? 'and control groups' : 'without control groups'}` : 'without bubblewrap'
    return {
      value: percentile(boxed, 50),
      floor: { what: 'the same plugin with Node’s permissions alone', value: percentile(plain, 50) },
      note: `${STARTS} starts of each kind in turn, ${where}, from the call to the plugin’s word that it is ready; p95 ${percentile(boxed, 95).toFixed(0)} ms`,
    }
  },
}

/** Milliseconds until the plugin of the benchmarks says that it is ready. */
async function timeToReady(spawn: SpawnPlugin): Promise<number> {
  const start = performance.now()
  const child = spawn({
    runtime: path.join(BENCH_BUILD, 'sdk', 'runtime.js'),
    folder: path.join(BENCH_BUILD, 'plugins', 'bench'),
    entry: 'index.js',
    memory: 256,
  })
  child.stdout.resume()
  child.stderr.resume()
  try {
    await new Promise<void>((resolve, reject) => {
      createChannel({
        pipe: child.pipe,
        onMessage: ({ t }) => (t === 'ready' ? resolve() : reject(new Error(`the plugin said ${t}`))),
        onEnd: (fault) => reject(fault ?? new Error('the plugin ended before it was ready')),
      })
    })
    return performance.now() - start
  } finally {
    child.kill()
    await child.exited
  }
}
