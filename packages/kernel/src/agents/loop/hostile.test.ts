// Answers of models that no honest one gives.
import { expect, test } from 'vitest'
import { freshPlace, forEachStore } from '../../store/testing.ts'
import { openAgents } from './testing.ts'

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
