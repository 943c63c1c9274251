// The task set of everyday requests: those by rules without any model, the others against a model that says what the set says.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Proposal } from '@life-os/contract'
import { ollamaServer } from '@life-os/kernel/models/testing'
import type { Scripted, WireServer } from '@life-os/kernel/models/testing'
import { judge, readTasks, scripted } from '@life-os/kernel/planner'
import { printPlan } from '@life-os/kernel/plans'
import { openServer } from '../testing/open.ts'
import type { TestServer } from '../testing/open.ts'

const tasks = readTasks(readFileSync(new URL('../../../../packages/kernel/src/planner/evals/tasks.yaml', import.meta.url), 'utf8'))
const ADA = { kind: 'person', id: 'ada', name: 'Ada' } as const
let server: TestServer
let model: WireServer
let home: string
let script: Scripted[] = []
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'lifeos-tasks-'))
  for (const name of ['Downloads', 'Desktop', 'Documents', 'Pictures', 'Videos', 'Projects/site'])
    mkdirSync(join(home, name), { recursive: true })
  writeFileSync(join(home, 'Documents/expenses.csv'), 'category,amount\nfood,3\n')
  writeFileSync(join(home, 'Downloads/old.zip'), 'x')
  vi.stubEnv('HOME', home)
  server = await openServer()
  model = await ollamaServer({
    models: [{ name: 'scripted', capabilities: ['completion', 'tools'], context: 65_536 }],
    answer: () => script.shift() ?? { status: 500, message: 'the script is over' },
  })
}, 120_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

async function propose(goal: string, by = 'auto'): Promise<Proposal> {
  const response = await server.ask('/api/v1/planner/propose', { method: 'POST', body: JSON.stringify({ goal, by }) }, server.owner)
  expect(response.status).toBe(200)
  return (await response.json()) as Proposal // the contract's answer
}

test('the set has enough, half of it without any model', () => {
  expect(tasks.length).toBeGreaterThanOrEqual(40)
  expect(tasks.filter(({ by }) => by === 'rules').length * 2).toBeGreaterThanOrEqual(tasks.length)
  expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length)
})

test('the set has a request for every plan that comes with Life-OS', async () => {
  const said = new Set(tasks.filter(({ by }) => by === 'rules').flatMap(({ expect: { plan } }) => plan ?? []))
  const intents = await server.kernel.planner.intents()
  expect([...new Set(intents.map(({ plan }) => plan))].filter((plan) => !said.has(plan))).toEqual([])
})

describe('without any model', () => {
  test.each(tasks.filter(({ by }) => by === 'rules'))('$id: $say', async (task) => {
    const proposal = await propose(task.say)
    expect(judge(task, proposal, home)).toEqual([])
    expect([proposal.run, proposal.source]).toEqual([null, task.expect.plan === undefined ? 'tool' : 'intent'])
  })

  test.each(tasks.filter(({ by }) => by === 'model'))('$id is not taken for something else: $say', async (task) => {
    expect(await propose(task.say)).toMatchObject({
      source: 'none',
      plan: null,
      notices: [{ code: 'model-none' }, { code: 'not-understood' }],
    })
  })
})

describe('with a model', () => {
  beforeAll(async () => {
    await server.kernel.models.setProvider({ id: 'script', kind: 'ollama', name: 'Scripted', url: model.url, enabled: true }, 'ada')
  })

  test.each(tasks.filter(({ by }) => by === 'model'))('$id: $say', async (task) => {
    script = task.script.map((answer) => ({ object: scripted(answer, home) }))
    const proposal = await propose(task.say)
    expect(judge(task, proposal, home)).toEqual([])
    expect(proposal).toMatchObject({ repairs: task.repairs, source: task.expect.none ? 'none' : 'model' })
    expect(proposal.run).not.toBeNull()
    expect(script).toEqual([])
  })

  test('asks no model where rules are enough', async () => {
    const before = model.asked.length
    for (const { say } of tasks.filter(({ by, expect: { missing } }) => by === 'rules' && missing.length === 0)) await propose(say)
    expect(model.asked.length).toBe(before)
  })

  test('gives up after three repairs, and shows no faulty plan', async () => {
    const wrong = {
      plan: 'id: p\nname: P\nsteps: [{ id: a, tool: no.such }]\n',
      inputs: [],
      words: [],
      missing: [],
      summary: '',
      alternative: '',
    }
    script = Array.from({ length: 6 }, () => ({ object: wrong }))
    const proposal = await propose('sing me a song about my downloads')
    expect(script.length).toBe(2)
    expect(proposal).toMatchObject({ source: 'none', plan: null, repairs: 3, faults: [], run: expect.any(String) })
    expect(proposal.notices.map(({ code }) => code)).toContain('model-faulty')
    expect(await propose('tidy ~/Downloads and my holidays', 'rules')).toMatchObject({ run: null })
  })

  test('falls back to rules when the model fails', async () => {
    script = []
    const proposal = await propose('tidy my holidays folder')
    expect(proposal).toMatchObject({ source: 'intent', planId: 'tidy-folder', missing: [{ name: 'folder' }] })
    expect(proposal.notices.map(({ code }) => code)).toContainEqual(expect.stringMatching(/^model-/))
  })

  test('goes on with a failed run another way, and never with a plan that does finished work again', async () => {
    const { runs } = server.kernel
    const inputs = { folder: join(home, 'Desktop') }
    const [one, two] = ['one', 'two'].map((id) => ({
      id,
      tool: 'files.write',
      input: { path: `\${{ inputs.folder }}/${id}.txt`, content: id },
    }))
    const read = { id: 'read', after: ['one'], tool: 'files.read', input: { path: '${{ inputs.folder }}/nothing.txt' } }
    const plan = {
      id: 'three',
      name: 'Three',
      version: '1.0.0',
      inputs: { folder: { type: 'path' as const } },
      steps: [one!, read, { ...two!, after: ['read'] }],
      outputs: {},
    }
    const allow = [`fs.write:${home}/**`, `fs.read:${home}/**`]
    const failed = await runs.settled((await runs.start({ plan, inputs, mode: 'autopilot', priority: 0, allow }, ADA)).id)
    expect(failed).toMatchObject({ state: 'failed', errorPath: 'read' })
    const replan = async (): Promise<Proposal> => {
      const response = await server.ask(
        '/api/v1/planner/replan',
        { method: 'POST', body: JSON.stringify({ run: failed.id, hint: 'leave out the reading' }) },
        server.owner,
      )
      return (await response.json()) as Proposal // the contract's answer
    }
    const answer = (yaml: string) => ({
      object: { plan: yaml, inputs: [], words: [], missing: [], summary: 'Without the reading.', alternative: '' },
    })
    script = [
      { status: 500, message: 'no' },
      { status: 500, message: 'no' },
      { status: 500, message: 'no' },
      { status: 500, message: 'no' },
    ]
    const byRule = await replan()
    expect(byRule).toMatchObject({ source: 'intent', continues: failed.id, faults: [] })
    const left = byRule.plan!
    const again = printPlan({ ...left, steps: [one!, { ...two!, after: ['one'] }] })
    const without = printPlan({
      ...left,
      steps: [...left.steps.filter(({ id }) => id === 'one' || id === 'one_before'), { ...two!, after: ['one'] }],
    })
    script = [answer(again), answer(without)]
    const proposal = await replan()
    expect(proposal).toMatchObject({ source: 'model', continues: failed.id, repairs: 1, faults: [], summary: 'Without the reading.' })
    const rest = await runs.settled(
      (await runs.start({ plan: proposal.plan!, inputs: proposal.inputs, mode: 'autopilot', priority: 0, allow }, ADA)).id,
    )
    expect(rest).toMatchObject({ state: 'done', progress: { effects: 1 } })
  })

  test('tells a model of a private run that ended early only as private, so that it stays on this machine', async () => {
    const { runs } = server.kernel
    const read = { id: 'read', tool: 'files.read', input: { path: join(home, 'nothing.txt') } }
    const plan = { id: 'secret', name: 'Secret', version: '1.0.0', inputs: {}, steps: [read], outputs: {} }
    const request = { plan, inputs: {}, mode: 'autopilot' as const, priority: 0, allow: [`fs.read:${home}/**`] }
    const failed = await runs.settled((await runs.start(request, ADA, { labels: ['private'] })).id)
    expect(failed).toMatchObject({ state: 'failed', labels: ['private'] })
    const before = new Set((await runs.list({ plan: 'make-plan', limit: 200 })).items.map(({ id }) => id))
    script = [{ object: { plan: '', inputs: [], words: [], missing: [], summary: 'No.', alternative: '' } }]
    const body = JSON.stringify({ run: failed.id, hint: 'some other way' })
    await server.ask('/api/v1/planner/replan', { method: 'POST', body }, server.owner)
    const made = (await runs.list({ plan: 'make-plan', limit: 200 })).items.filter(({ id }) => !before.has(id))
    expect(made.map(({ state, labels }) => [state, labels])).toEqual([['done', ['private']]])
  })
})

describe('as tools of agents, and for a chat without a model', () => {
  test('finds tools with their schemas, and tells every fault of a plan', async () => {
    const { runs } = server.kernel
    const steps = [
      { id: 'found', tool: 'life-os.find-tools', input: { query: 'list a folder', limit: 2, schemas: true } },
      { id: 'good', tool: 'life-os.check-plan', input: { plan: 'id: p\nname: P\nsteps: [{ id: a, set: 1 }]' } },
      {
        id: 'bad',
        tool: 'life-os.check-plan',
        input: { plan: { id: 'p', name: 'P', steps: [{ id: 'a', tool: 'no.such' }] }, inputs: { x: 1 } },
      },
    ]
    const outputs = { found: '${{ steps.found.tools }}', good: '${{ steps.good.ok }}', bad: '${{ steps.bad.faults }}' }
    const plan = { id: 'look', name: 'Look', version: '1.0.0', inputs: {}, steps, outputs }
    const run = await runs.settled((await runs.start({ plan, inputs: {}, mode: 'observe', priority: 0, allow: [] }, ADA)).id)
    expect(run.error).toBeNull()
    expect(await runs.outputs(run.id)).toMatchObject({
      found: [{ tool: 'files.list', effect: 'read', input: { type: 'object' } }, {}],
      good: true,
      bad: [{ code: 'tool-unknown' }, { code: 'input-invalid' }],
    })
  })

  test('answers with a plan to start, a question, or what can be said', async () => {
    const { planner } = server.kernel
    expect(await planner.withoutModel('tidy my downloads please')).toMatchObject({
      start: { plan: 'tidy-folder', inputs: { folder: join(home, 'Downloads') } },
    })
    const question = await planner.withoutModel('find duplicates')
    expect([question.start, question.text]).toEqual([undefined, expect.stringContaining('- Folder?')])
    const lost = await planner.withoutModel('how tall is the Eiffel tower?')
    expect([lost.start, lost.text]).toEqual([undefined, expect.stringContaining('lifeos models')])
  })
})
