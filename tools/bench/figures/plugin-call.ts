import type { Figure } from '../figure.ts'
import { pipeCall } from '../floors.ts'
import { ada, openBench } from '../kernel.ts'
import { percentile } from '../numbers.ts'

const CALLS = 2000

export const pluginCall: Figure = {
  name: 'plugin-call',
  title: 'Call into an isolated plugin through the gate, p50',
  target: { is: 'most', value: 1, unit: 'ms' },
  async measure() {
    const floor = await pipeCall()
    await using bench = await openBench()
    const { gate, plugins } = bench.kernel
    const tool = plugins.tool('bench.echo')
    if (!tool) throw new Error('the plugin of the benchmarks has no bench.echo')
    const services = { handle: () => Promise.reject(new Error('bench.echo asks for nothing')) }
    const { signal } = new AbortController()
    const times: number[] = []
    for (let index = 0; index < CALLS; index += 1) {
      const input = { value: index }
      const start = performance.now()
      const { decision } = await gate.judge({
        actor: ada,
        run: 'bench',
        plan: 'bench',
        mode: 'autopilot',
        tool,
        input,
        labels: [],
        approved: false,
      })
      if (decision.verdict !== 'allow') throw new Error(decision.message)
      await plugins.call({
        tool: tool.id,
        method: 'run',
        input,
        key: String(index),
        phase: 'run',
        services,
        signal,
        timeout: 10_000,
        labels: [],
      })
      times.push(performance.now() - start)
    }
    const measured = times.slice(CALLS / 10)
    return {
      value: percentile(measured, 50),
      floor,
      note: `${measured.length} calls one after the other, judged and sent over the pipe and back; p95 ${percentile(measured, 95).toFixed(2)} ms`,
    }
  },
}
