import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import { ada, openBench } from '../kernel.ts'

const SETTLE = 3000 // ms

export const pluginMemory: Figure = {
  name: 'plugin-memory',
  title: 'Memory of an idle plugin with its box (PSS)',
  target: { is: 'most', value: 60, unit: 'MB' },
  async measure() {
    await using bench = await openBench()
    const { plugins } = bench.kernel
    const services = { handle: () => Promise.reject(new Error('bench.echo asks for nothing')) }
    await plugins.call({
      tool: 'bench.echo',
      method: 'run',
      input: { value: 1 },
      key: ada.id,
      phase: 'run',
      services,
      signal: new AbortController().signal,
      timeout: 10_000,
      labels: [],
    })
    await sleep(SETTLE)
    const memory = plugins.get('bench')?.health.memory
    if (memory === null || memory === undefined) throw new Error('this system does not tell the memory of a process')
    return {
      value: memory / 1e6,
      note: `${SETTLE / 1000} s after its first call; Node is by far the most of it. A plugin is stopped after a minute without a call`,
    }
  },
}
