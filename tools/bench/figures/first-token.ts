import { ollamaServer } from '@life-os/kernel/models/testing'
import type { Figure, Floor } from '../figure.ts'
import { ada, openBench, planOf, requireDone, startOf } from '../kernel.ts'
import type { BenchKernel } from '../kernel.ts'
import { median, percentile } from '../numbers.ts'

const CALLS = 100
const WARM = 10

const PLAN = planOf(`
id: bench
name: Bench
steps:
  - id: say
    tool: life-os.generate
    input: { messages: [{ role: user, content: [{ type: text, text: Hello }] }] }
`)

/** The same request to the same server by a bare fetch, to the first bytes of the answer. */
async function bare(url: string): Promise<Floor> {
  const times: number[] = []
  for (let count = 0; count < CALLS; count += 1) {
    const start = performance.now()
    const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Hello' }], stream: true })
    const answer = await fetch(`${url}/api/chat`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const reader = answer.body?.getReader()
    await reader?.read()
    times.push(performance.now() - start)
    while (reader && !(await reader.read()).done);
  }
  return { what: 'bare fetch to the same server, to the first bytes', value: median(times.slice(WARM)) }
}

/** From the start of a run of one step to the first text that a page would show. */
async function throughLifeOs({ kernel }: BenchKernel): Promise<number> {
  const first = Promise.withResolvers<number>()
  using _listening = kernel.runs.onProgress(({ type }) => {
    if (type === 'text-delta') first.resolve(performance.now())
  })
  const start = performance.now()
  const run = await kernel.runs.start(startOf(PLAN, {}), ada)
  const ended = await kernel.runs.settled(run.id)
  requireDone(ended)
  return (await first.promise) - start
}

export const firstToken: Figure = {
  name: 'first-token',
  title: 'First token: added by Life-OS, p50',
  target: { is: 'most', value: 20, unit: 'ms' },
  async measure() {
    await using server = await ollamaServer({ models: ['small'], answer: 'Hello to you.' })
    const floor = await bare(server.url)
    await using bench = await openBench()
    await bench.kernel.models.setProvider({ id: 'here', kind: 'ollama', name: 'Here', url: server.url, enabled: true }, 'bench')
    const times: number[] = []
    for (let count = 0; count < CALLS; count += 1) times.push(await throughLifeOs(bench))
    const measured = times.slice(WARM)
    return {
      value: Math.max(0, median(measured) - floor.value),
      floor,
      note: `${measured.length} runs of one model step one after the other: made, judged, routed, reserved, recorded and journaled before the first text; p95 ${(percentile(measured, 95) - floor.value).toFixed(1)} ms`,
    }
  },
}
