// What a turn may spend: reserved before, settled after, over agents and the plans that they start.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Agent } from '@life-os/contract'
import { forEachStore, freshPlace } from '../../store/testing.ts'
import { helper, openAgents } from './testing.ts'

const echo = (value: unknown) => ({ calls: [{ tool: 'trial.echo', input: { value } }] })
const usage = { input: 400, output: 100, cached: 0, reasoning: 0 }
const limited = (tokens: number) => Agent.parse({ ...helper, limits: { rounds: 50, parallel: 4, budget: { tokens } } })

forEachStore((_, __, place) => {
  test('a budget of tokens is never passed; what was done stays, and it says so', async () => {
    await using here = await place()
    await using it = await openAgents(here, (_request, index) => ({ ...echo(index), usage }), { agents: [limited(12_000)] })
    const run = await it.talk('Go on.')
    expect(run).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded' } })
    expect(run.cost.tokens).toBeLessThanOrEqual(12_000)
    expect(run.cost.tokens).toBe(it.server.asked.length * 500)
    expect(it.server.asked.length).toBeGreaterThan(2)
  })

  test('the budget of the run holds its agents, also when it goes on after a pause', async () => {
    await using here = await place()
    await using it = await openAgents(here, (_request, index) =>
      index === 1 ? { calls: [{ tool: 'life-os.ask-person', input: { question: 'More?' } }], usage } : { ...echo(index), usage },
    )
    const waiting = await it.talk('Go on.', { budget: { tokens: 12_000 } })
    expect(waiting.state).toBe('waiting')
    const run = await it.answer(waiting, { answer: 'done', output: 'yes' })
    expect(run).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded' } })
    expect(run.cost.tokens).toBeLessThanOrEqual(12_000)
  })
})

describe('a plan that an agent starts', () => {
  test('may spend no more than is left of the agent’s budget, and what it spent is the agent’s', async () => {
    await using place = await freshPlace('sqlite')
    const plan = {
      id: 'think',
      name: 'Think',
      version: '1.0.0',
      budget: { tokens: 1_000_000 },
      inputs: {},
      steps: [{ id: 'one', agent: 'thinker', input: { say: 'Think.' } }],
      outputs: { said: '${{ steps.one.text }}' },
    }
    const thinker = Agent.parse({
      ...helper,
      id: 'thinker',
      name: 'Thinker',
      instructions: 'You are the thinker.',
      plans: false,
      tools: [],
    })
    await using it = await openAgents(
      place,
      ({ messages }) => {
        if (messages[0]?.text.includes('the thinker')) return { text: 'I thought.', usage }
        return messages.at(-1)?.role === 'tool'
          ? { text: `It ${messages.at(-1)?.results[0]?.text}`, usage }
          : { calls: [{ tool: 'life-os.start-plan', input: { plan } }], usage }
      },
      { agents: [{ ...limited(40_000), agents: ['thinker'] }, thinker] },
    )
    const begun = await it.talk('Have it thought.')
    await expect.poll(async () => (await it.runs.settled(begun.id)).state, { timeout: 20_000 }).toBe('done')
    const run = await it.runs.get(begun.id)
    const [child] = await it.runs.children(run.id)
    const row = await it.kernel.deps.store.db
      .selectFrom('runs')
      .select(['options_json', 'actor_json'])
      .where('id', '=', child?.id ?? '')
      .executeTakeFirstOrThrow()
    expect(JSON.parse(row.options_json)).toMatchObject({ budget: { tokens: 39_500 }, person: { id: 'ada' } })
    expect(child?.cost.tokens).toBe(500)
    expect(run.cost.tokens).toBe(1500)
    expect((await it.output(run)).text).toContain('I thought.')
  })

  test('carries the labels of all that the agent had seen', async () => {
    await using place = await freshPlace('sqlite')
    await using it = await openAgents(
      place,
      ({ messages }) => {
        if (messages.at(-1)?.role === 'tool') return 'done'
        const steps = [{ id: 'write', tool: 'trial.note', input: { path: '${{ inputs.file }}', text: 'x' } }]
        const written = { id: 'w', name: 'W', version: '1.0.0', inputs: { file: { type: 'text' } }, steps, outputs: {} }
        return { calls: [{ tool: 'life-os.start-plan', input: { plan: written, inputs: { file: join(it.kernel.folder, 'x') } } }] }
      },
      { preferences: { kept: async () => [{ sentence: 'Be brief.', labels: ['private'] }] } },
    )
    const run = await it.talk('Write.')
    const [child] = await it.runs.children(run.id)
    if (!child) throw new Error('no plan was started')
    await it.runs.settled(child.id)
    expect((await it.waiting(child)).labels).toEqual(['private'])
  })
})
