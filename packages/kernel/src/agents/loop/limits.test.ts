// What holds an agent: money, time also within one call, calls at once, and the limits of those it gives work to.
import { describe, expect, test } from 'vitest'
import { Agent, type Budget } from '@life-os/contract'
import { PRICED, anthropicServer, type Script, type WireRequest } from '../../models/testing/index.ts'
import { ada } from '../../runs/testing.ts'
import { forEachStore, freshPlace } from '../../store/testing.ts'
import { helper, openAgents, papersTool } from './testing.ts'

const usage = { input: 400, output: 100, cached: 0, reasoning: 0 }
const echo = (value: unknown) => ({ calls: [{ tool: 'trial.echo', input: { value } }], usage })
const limited = (budget: Budget, more: Partial<Agent> = {}) =>
  Agent.parse({ ...helper, limits: { rounds: 50, parallel: 4, budget }, ...more })
const ROUNDS = 20
const roundOf = ({ messages }: WireRequest): number => messages.filter(({ role }) => role === 'tool').length
const script: Script = (request) => (roundOf(request) < ROUNDS ? echo(roundOf(request)) : { text: 'Said.', usage })

forEachStore((name, _, freshPlaceOf) => {
  test(`money is never passed, of the run and of the agent, and a person allows more of it (${name})`, async () => {
    for (const [budget, agent] of [
      [{ money: '0.012 USD' }, helper],
      [undefined, limited({ money: '0.012 USD' })],
    ] as const) {
      await using place = await freshPlaceOf()
      await using it = await openAgents(place, '', { none: true, agents: [agent] })
      await using cloud = await anthropicServer({ models: ['claude-haiku-4-5'], key: 'k', answer: script })
      await it.models.add({ id: 'cloud', kind: 'anthropic', url: cloud.url, secret: 'cloud' })
      await it.models.models.setSettings({ prices: PRICED }, 'ada')
      const first = await it.talk('Go on.', { ...(budget && { budget }) })
      expect(first).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded', details: { part: 'micros', limit: 12_000 } } })
      expect(first.cost.micros).toBe(cloud.asked.length * 500)
      expect(first.cost.micros).toBeLessThanOrEqual(12_000)
      const end = await it.settled(await it.runs.resume(first.id, ada, { money: '1 USD' }))
      expect(end).toMatchObject({ state: 'done', error: null, cost: { micros: (ROUNDS + 1) * 500 } })
      expect(cloud.asked).toHaveLength(ROUNDS + 1)
    }
  })
})

describe('an agent’s time', () => {
  test('ends a call that would pass it, of a model and of a tool, and is allowed more', async () => {
    for (const long of ['model', 'tool']) {
      await using place = await freshPlace('sqlite')
      const gate = Promise.withResolvers<void>()
      const state = { isLong: true }
      await using it = await openAgents(
        place,
        async ({ messages }) => {
          if (!state.isLong) return 'Said.'
          if (long === 'tool' && messages.at(-1)?.role !== 'tool') return { calls: [{ tool: 'trial.wait', input: {} }] }
          await gate.promise
          return 'Too late.'
        },
        { agents: [limited({ time: '3s' })] },
      )
      const first = await it.talk('Go on.')
      expect(first, long).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded', details: { part: 'time', limit: 3000 } } })
      state.isLong = false
      gate.resolve()
      if (long === 'tool') continue // it would wait for ever again
      expect(await it.settled(await it.runs.resume(first.id, ada, { time: '10m' }))).toMatchObject({ state: 'done' })
      expect((await it.output(first)).text).toBe('Said.')
    }
  })
})

describe('calls at once', () => {
  test('are made side by side, as many as the agent may make and no more', async () => {
    await using place = await freshPlace('sqlite')
    let going = 0
    let most = 0
    const both = Promise.withResolvers<void>()
    const tool = papersTool(['x'])
    const run: typeof tool.run = async (call) => {
      going += 1
      most = Math.max(most, going)
      if (going === 2) both.resolve()
      await both.promise // with one at a time it would never come
      await new Promise((resolve) => setImmediate(resolve))
      going -= 1
      return tool.run(call)
    }
    const read = (paper: number) => ({ tool: 'papers.read', input: { name: String(paper) } })
    await using it = await openAgents(
      place,
      ({ messages }) => (messages.at(-1)?.role === 'tool' ? 'Read.' : { calls: [1, 2, 3, 4, 5].map(read) }),
      { agents: [Agent.parse({ ...helper, limits: { rounds: 5, parallel: 2 } })], tools: [{ ...tool, run }] },
    )
    expect(await it.output(await it.talk('Read them.'))).toMatchObject({ text: 'Read.', calls: 5 })
    expect(most).toBe(2)
  })
})

describe('an agent that was given work', () => {
  test('is held by its own limits, beside those of who gave it', async () => {
    await using place = await freshPlace('sqlite')
    const clerk = limited({ tokens: 6000 }, { id: 'clerk', name: 'Clerk', instructions: 'You are the clerk.', plans: false })
    const boss = limited({ tokens: 1_000_000 }, { agents: ['clerk'], tools: [] })
    await using it = await openAgents(
      place,
      (request) =>
        request.messages[0]?.text.includes('the clerk')
          ? echo(roundOf(request))
          : { calls: [{ tool: 'life-os.delegate', input: { agent: 'clerk', task: 'Work.' } }], usage },
      { agents: [boss, clerk] },
    )
    const run = await it.talk('Have it done.')
    expect(run).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded', details: { part: 'tokens', limit: 6000 } } })
    expect(run.cost.tokens).toBeLessThanOrEqual(6500)
    expect(run.cost.tokens).toBeGreaterThan(500)
  })
})
