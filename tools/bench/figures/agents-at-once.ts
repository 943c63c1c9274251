import { setTimeout as sleep } from 'node:timers/promises'
import { createAuth } from '@life-os/kernel/auth'
import { ollamaServer } from '@life-os/kernel/models/testing'
import type { WireServer } from '@life-os/kernel/models/testing'
import { uuidv7 } from 'uuidv7'
import type { Figure } from '../figure.ts'
import { openBench } from '../kernel.ts'
import { percentile } from '../numbers.ts'
import { newFolder } from '../places.ts'
import { startServerProcess } from '../server.ts'

const AGENTS = 10
/** Of servers of models: Life-OS asks one of this machine for two answers at once. */
const PLACES = AGENTS / 2
const TOKENS = 200
const PACE = 50 // ms a token
const IDLE_REQUESTS = 200
const BETWEEN = 20 // ms from an answer to the next request
const LIST = '/api/v1/runs?limit=50'

export const agentsAtOnce: Figure = {
  name: 'agents-at-once',
  title: `List of runs while ${AGENTS} agents answer, p95`,
  target: { is: 'most', value: 100, unit: 'ms' },
  async measure() {
    await using stack = new AsyncDisposableStack()
    const models: WireServer[] = []
    for (let index = 0; index < PLACES; index += 1)
      models.push(stack.use(await ollamaServer({ models: ['small'], answer: () => slowly() })))
    const home = stack.use(newFolder())
    const token = await prepare(home.path, models)
    const server = stack.use(await startServerProcess(home.path))
    const api = speaking(server.address, token)
    const idle = await times(api, (count) => count < IDLE_REQUESTS)
    const going = new Set(await Promise.all(models.flatMap((_, index) => [index, index]).map((index) => begin(api, index))))
    const asking = models.flatMap((model) => [0, 1].map((index) => model.arrived(index)))
    const over = Promise.all(asking.map(async (one) => (await one).over))
    let isOver = false
    const ending = over.then(() => void (isOver = true))
    await Promise.all(asking)
    const busy = await times(api, () => !isOver)
    await ending
    const asked = models.reduce((sum, one) => sum + one.asked.length, 0)
    if (going.size !== AGENTS || asked < AGENTS) throw new Error(`${asked} of ${AGENTS} agents asked a model`)
    return {
      value: percentile(busy, 95),
      floor: { what: 'the same list with no agent', value: percentile(idle, 95) },
      note: `${busy.length} requests by one client while ${AGENTS} agents each received ${TOKENS} tokens at ${1000 / PACE} a second; p50 ${percentile(busy, 50).toFixed(1)} ms, longest ${Math.max(...busy).toFixed(0)} ms`,
    }
  },
}

const slowly = () => ({ pieces: Array.from({ length: TOKENS }, (_, index) => `word${index} `), pace: () => sleep(PACE) })

type Api = (path: string, body?: object) => Promise<unknown>

function speaking(address: string, token: string): Api {
  return async (path, body) => {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }
    const answer = await fetch(`${address}${path}`, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`)
    return answer.json()
  }
}

/** Providers and a token in a new folder, before the server has it. */
async function prepare(home: string, models: readonly WireServer[]): Promise<string> {
  await using bench = await openBench({ home, plugins: 'bundled' })
  const { kernel } = bench
  for (const [index, { url }] of models.entries())
    await kernel.models.setProvider({ id: `place-${index}`, kind: 'ollama', name: `Place ${index}`, url, enabled: true }, 'bench')
  const auth = createAuth({ store: kernel.store, now: Date.now, newId: uuidv7, ownerName: 'Ada' })
  await auth.owner()
  return (await auth.addToken(await auth.asOwner(), 'bench', ['read', 'run'])).secret
}

/** Says something in a thread of its own; the answer goes on by itself. */
async function begin(api: Api, place: number): Promise<string> {
  const { id } = (await api('/api/v1/threads', { model: `place-${place}/small` })) as { id: string } // as the contract says
  await api(`/api/v1/threads/${id}/messages`, { text: 'Tell me a long story.' })
  return id
}

/** Asks for the list again and again; milliseconds of each request. */
async function times(api: Api, more: (count: number) => boolean): Promise<number[]> {
  const found: number[] = []
  for (let count = 0; more(count); count += 1) {
    const start = performance.now()
    await api(LIST)
    found.push(performance.now() - start)
    await sleep(BETWEEN)
  }
  return found
}
