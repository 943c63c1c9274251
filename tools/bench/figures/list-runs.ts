import { Agent, request } from 'node:http'
import { uuidv7 } from 'uuidv7'
import { createAuth } from '@life-os/kernel/auth'
import { openStore } from '@life-os/kernel/store'
import type { RunRow, Store } from '@life-os/kernel/store'
import type { Figure } from '../figure.ts'
import { bareServer } from '../floors.ts'
import { percentile } from '../numbers.ts'
import { newFolder } from '../places.ts'
import { startServerProcess } from '../server.ts'

const ROWS = 100_000
const BATCH = 500 // rows an insert
const CLIENTS = 100
const REQUESTS = 20 // a client
const PATIENCE = 30_000 // ms
/** As long as a shipped plan. */
const FROZEN = JSON.stringify({ plan: { id: 'tidy-folder', steps: 'x'.repeat(4000) }, plans: {}, digests: {} })
const PATH = '/api/v1/runs?limit=50'

export const listRuns: Figure = {
  name: 'list-runs',
  title: 'List of 50 out of 100,000, p95, 100 concurrent clients',
  target: { is: 'most', value: 50, unit: 'ms' },
  why: '100 clients that ask again at once on one server thread: a request’s time is 100 times what one answer costs, and the clients share the cores.',
  async measure() {
    using home = newFolder()
    const secrets = await seed(home.path)
    await using server = await startServerProcess(home.path)
    const one = await ask(`${server.address}${PATH}`, secrets[0] ?? '', new Agent())
    if (one.status !== 200 || !one.body.includes('"total":100000'))
      throw new Error(`the list answers ${one.status}: ${one.body.slice(0, 200)}`)
    const times = await load(`${server.address}${PATH}`, secrets, REQUESTS)
    const single = await load(`${server.address}${PATH}`, secrets.slice(0, 1), 100)
    await using bare = await bareServer(one.body)
    const floor = await load(bare.url, secrets, REQUESTS)
    return {
      value: percentile(times, 95),
      floor: { what: 'bare HTTP server with the same bytes, same load', value: percentile(floor, 95) },
      note: `runs instead of entities, which are not built yet; ${times.length} requests of ${CLIENTS} clients, each asking again at once; p50 ${Math.round(percentile(times, 50))} ms; one client alone p95 ${percentile(single, 95).toFixed(1)} ms`,
    }
  },
}

/** Fills a folder with finished runs and answers one token for each client, each of a person of its own. */
async function seed(home: string): Promise<string[]> {
  await using store = await openStore({ home })
  for (let done = 0; done < ROWS; done += BATCH * 20)
    await store.transaction(async (tx) => {
      for (let part = 0; part < 20; part += 1)
        await tx
          .insertInto('runs')
          .values(Array.from({ length: BATCH }, (_, index) => finishedRun(done + part * BATCH + index)))
          .execute()
    })
  return await tokens(store) // before the store closes
}

async function tokens(store: Store): Promise<string[]> {
  const auth = createAuth({ store, now: Date.now, newId: uuidv7, ownerName: 'Ada' })
  await auth.owner()
  const secrets: string[] = []
  for (let client = 0; client < CLIENTS; client += 1) {
    const { person } = await auth.add(`Client ${client}`, 'member')
    secrets.push((await auth.addToken({ ...(await auth.asOwner()), person }, 'bench', ['read'])).secret)
  }
  return secrets
}

function finishedRun(index: number): RunRow {
  const at = 1_700_000_000_000 + index * 1000
  return {
    id: uuidv7(),
    kind: 'run',
    of: null,
    parent: null,
    parent_step: null,
    only_for: null,
    plan_id: 'tidy-folder',
    plan_name: 'Tidy a folder',
    plan_version: '1.0.0',
    frozen_json: FROZEN,
    inputs_json: JSON.stringify({ folder: `/home/ada/${index}` }),
    mode: 'draft',
    state: 'done',
    actor_json: '{"kind":"person","id":"ada","name":"Ada"}',
    priority: 0,
    options_json: '{"allow":[],"unticked":[],"approved":null,"steps":{}}',
    epoch: 1,
    owner: null,
    lease_until: null,
    created_at: at,
    started_at: at,
    finished_at: at + 500,
    error_json: null,
    error_path: null,
    outputs_json: null,
    cost_json: '{"tokens":0,"micros":0,"time":500,"steps":3}',
    progress_json: '{"steps":3,"of":null,"effects":1,"failed":0,"now":null,"undoable":1,"final":0,"until":null}',
    summary_json: null,
    approval: null,
    undone_by: null,
    labels: '[]',
  }
}

/** Every client asks, waits for the whole answer and asks again. Answers the time of each request. */
async function load(url: string, secrets: readonly string[], requests: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: secrets.length })
  const until = Date.now() + PATIENCE
  const times: number[] = []
  await Promise.all(
    secrets.map(async (secret) => {
      for (let count = 0; count < requests && Date.now() < until; count += 1) {
        const start = performance.now()
        const { status } = await ask(url, secret, agent)
        if (status !== 200) throw new Error(`the list answered ${status} under load`)
        if (count > 0) times.push(performance.now() - start) // the first opens the connection
      }
    }),
  )
  agent.destroy()
  return times
}

function ask(url: string, secret: string, agent: Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { authorization: `Bearer ${secret}` } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end()
  })
}
