// Every example of every shipped agent: the real loop and the real tools on real files; only the model is scripted.
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Run } from '@life-os/contract'
import { START_PLAN, readAgent } from '@life-os/kernel/agents'
import { ollamaServer } from '@life-os/kernel/models/testing'
import type { Scripted, WireRequest, WireServer } from '@life-os/kernel/models/testing'
import { createExampleWorld } from '@life-os/plugin-sdk/testing'
import { openServer } from '../testing/open.ts'
import type { TestServer } from '../testing/open.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const PLACES = /\/home\/ada(?:\/[\w-]+(?:\.\w+)?)+/g
const ADA = { kind: 'person', id: 'ada', name: 'Ada' } as const
const agents = globSync('plugins/*/src/agents/*.yaml', { cwd: root }).map((file) => {
  const read = readAgent(readFileSync(path.join(root, file), 'utf8'))
  if (!read.ok) throw new Error(`${file}: ${JSON.stringify(read.faults)}`)
  const script = JSON.parse(readFileSync(path.join(root, file.replace(/\.yaml$/, '.examples.json')), 'utf8')) as Record<string, Scripted[]> // data beside it
  return { agent: read.agent, script, plugin: path.join(root, file.split(path.sep).slice(0, 2).join('/')) }
})

let server: TestServer
let model: WireServer
let script: Scripted[] = []
beforeAll(async () => {
  server = await openServer()
  const answer = (): Scripted => script.shift() ?? { status: 500, message: 'the script is over' }
  model = await ollamaServer({ models: [{ name: 'scripted', capabilities: ['completion', 'tools'], context: 65_536 }], answer })
  const { kernel } = server
  await kernel.models.setProvider({ id: 'script', kind: 'ollama', name: 'Scripted', url: model.url, enabled: true }, 'ada')
}, 120_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

/** Approves whatever is asked, as a person would who watches, until the run has ended. */
async function finished(id: string): Promise<Run> {
  const { runs, gate } = server.kernel
  for (let asked = 0; asked < 20;) {
    const run = await runs.settled(id)
    if (run.state !== 'waiting') return run
    const { items } = await gate.approvals.list({ state: 'waiting', limit: 50 })
    for (const { id: approval, hash } of items) {
      await runs.answer(approval, { answer: 'approve', hash, except: [], exceptGlobs: [], final: true, remember: 'no' }, ADA)
      asked += 1
    }
    const children = await server.kernel.store.db.selectFrom('runs').select('id').where('parent', '=', id).execute()
    for (const child of children) await runs.settled(child.id)
  }
  throw new Error('It asks without an end.')
}

async function toolsDone(run: string): Promise<string[]> {
  const tries = await server.kernel.store.db
    .selectFrom('tries')
    .select(['tool', 'state'])
    .where('run', '=', run)
    .orderBy('started_at')
    .execute()
  return tries.filter(({ state }) => state === 'finished').map(({ tool }) => tool)
}
/** What the loop itself answers is seen where the model is told of it. */
const toldOf = (asked: readonly WireRequest[]): string[] =>
  asked
    .flatMap(({ messages }) => messages.flatMap(({ calls }) => calls.map(({ tool }) => tool)))
    .filter((tool) => tool.startsWith('life-os.'))

describe.each(agents)('$agent.name', ({ agent, script: answers, plugin }) => {
  test('has at least three examples, each with what the model says', () => {
    expect(agent.examples.length).toBeGreaterThanOrEqual(3)
    expect(Object.keys(answers).toSorted()).toEqual(agent.examples.map(({ title }) => title).toSorted())
  })

  test.each(agent.examples)(
    '$title',
    async ({ title, say, tools, answer }) => {
      await using world = await createExampleWorld(plugin)
      script = [...world.enter(answers[title] ?? [])]
      const before = model.asked.length
      const { id } = await server.kernel.runs.start(
        {
          plan: {
            id: 'example',
            name: title,
            version: '1.0.0',
            inputs: { say: { type: 'text' }, places: { type: 'list', of: { type: 'path' } } },
            steps: [{ id: 'answer', agent: agent.id, input: { say: '${{ inputs.say }}' } }],
            outputs: { answer: '${{ steps.answer }}' },
          },
          inputs: { say: world.enter(say), places: world.enter(say.match(PLACES) ?? []) }, // what a person names may be read for them
          mode: 'draft',
          priority: 0,
          allow: [],
        },
        ADA,
      )
      const run = await finished(id)
      expect(run).toMatchObject({ state: 'done', error: null })
      expect(script).toEqual([]) // the model was asked for all of it
      const called = [...(await toolsDone(id)), ...toldOf(model.asked.slice(before))]
      for (const tool of tools) expect(called).toContain(tool)
      const plans = await server.kernel.store.db.selectFrom('runs').select(['state', 'progress_json']).where('parent', '=', id).execute()
      expect(plans.map(({ state }) => state)).toEqual(tools.filter((tool) => tool === START_PLAN).map(() => 'done'))
      for (const { progress_json } of plans)
        expect(JSON.parse(progress_json)).toMatchObject({ failed: 0, effects: expect.not.toBeOneOf([0]) as number })
      const { text } = ((await server.kernel.runs.outputs(id)) as { answer: { text: string } }).answer // what the loop gives
      for (const words of answer) expect(world.leave(text)).toContain(words)
    },
    60_000,
  )
})

test('what an agent did, also for another agent, and what people answered is counted', async () => {
  const { agents: book, store } = server.kernel
  const clerk = await book.statistics('file-clerk')
  expect(clerk).toMatchObject({ runs: 5, done: 5, failed: 0 }) // four examples, and one task from the assistant
  expect(clerk.rounds).toBeCloseTo(2.2)
  expect(clerk.time).toBeGreaterThan(0)
  expect(clerk.tokens).toBeGreaterThan(100)
  expect(clerk.tools).toContainEqual({ tool: 'files.list', calls: 2, failed: 0 })
  expect(clerk.tools.map(({ tool }) => tool)).not.toContain('life-os.generate')
  const assistant = await book.statistics('assistant')
  expect(assistant.runs).toBe(5)
  expect(assistant.tools.map(({ tool }) => tool)).not.toContain('files.list') // the clerk did that
  await expect.poll(async () => (await book.statistics('file-clerk')).approved).toBeGreaterThan(1)
  const decisions = await store.db.selectFrom('decisions').select(['kind', 'tool']).where('agent', '=', 'file-clerk').execute()
  expect(decisions).toContainEqual({ kind: 'approved', tool: 'files.rename' })
})
