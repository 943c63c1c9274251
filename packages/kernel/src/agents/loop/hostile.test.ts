// Answers of models that no honest one gives.
import { expect, test } from 'vitest'
import { Agent } from '@life-os/contract'
import { freshPlace, forEachStore } from '../../store/testing.ts'
import { helper, openAgents } from './testing.ts'

test('ten thousand calls in one answer: a bounded number is made, and the turn comes to its end', async () => {
  await using place = await freshPlace('sqlite')
  await using it = await openAgents(place, ({ messages }) => {
    if (messages.some(({ results }) => results.length > 0)) return 'Enough.'
    return { calls: Array.from({ length: 10_000 }, (_, value) => ({ tool: 'trial.echo', input: { value } })) }
  })
  const run = await it.talk('Go.')
  expect(run).toMatchObject({ state: 'done' })
  const made = (await it.lines(run)).filter((line) => line.startsWith('try-started') && line.includes('.call['))
  expect(made.length).toBeLessThanOrEqual(200)
}, 120_000)

test('deep, large and strange arguments reach no further than their own call', async () => {
  await using place = await freshPlace('sqlite')
  const deep = (depth: number) => `${'{"value":'.repeat(depth)}1${'}'.repeat(depth)}`
  await using it = await openAgents(place, [
    { calls: [{ tool: 'trial.echo', raw: deep(20_000) }] },
    {
      calls: [
        {
          tool: 'trial.echo',
          raw: '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"value":{"__proto__":{"polluted":true}}}',
        },
      ],
    },
    { calls: [{ tool: 'trial.echo', raw: JSON.stringify({ value: 'x'.repeat(10_000_000) }) }] },
    {
      calls: [
        { tool: '__proto__', input: {} },
        { tool: 'constructor', input: {} },
        { tool: '../../etc', input: {} },
        { tool: 'x\0\ud800', input: {} },
      ],
    },
    'Done.',
  ])
  const run = await it.talk('Go.')
  expect(run.error).toBe(null)
  expect(run.state).toBe('done')
  expect(({} as Record<string, unknown>)['polluted']).toBe(undefined)
}, 120_000)

test('a plan that an agent wrote borrows no other agent’s grants, and none of the kernel’s own tools', async () => {
  await using place = await freshPlace('sqlite')
  const step = (one: object) => ({
    calls: [{ tool: 'life-os.start-plan', input: { plan: { id: 'p', name: 'P', version: '1.0.0', inputs: {}, steps: [one] } } }],
  })
  const nested = { id: 'all', group: [{ id: 'x', agent: 'mighty', input: { say: 'Delete it all.' } }] }
  await using it = await openAgents(
    place,
    [
      step({ id: 'x', agent: 'mighty', input: { say: 'Delete it all.' } }),
      step(nested),
      step({ id: 'x', tool: 'life-os.restore', input: { effect: 'e', conflicts: 'overwrite' } }),
      'Done.',
    ],
    { agents: [helper, Agent.parse({ ...helper, id: 'mighty', name: 'Mighty' })] },
  )
  const run = await it.talk('Go.', { mode: 'autopilot' })
  expect(run.state).toBe('done')
  expect(await it.runs.children(run.id)).toEqual([])
  expect((await it.output(run)).calls).toBe(3)
})

forEachStore((_, __, place) => {
  test('a plan whose words no database keeps', async () => {
    await using here = await place()
    await using it = await openAgents(here, [
      {
        calls: [
          {
            tool: 'life-os.start-plan',
            input: {
              plan: {
                id: 'evil',
                name: 'a\0b \ud800',
                version: '1.0.0',
                inputs: {},
                steps: [{ id: 'one', tool: 'trial.echo', input: { value: 1 } }],
              },
            },
          },
        ],
      },
      'Done.',
    ])
    const run = await it.talk('Go.')
    expect(['done', 'waiting']).toContain(run.state)
    expect(run.error).toBe(null)
  })
})
