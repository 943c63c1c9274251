import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Agent } from '@life-os/contract'
import type { Script, WireRequest } from '../../models/testing/index.ts'
import { freshPlace } from '../../store/testing.ts'
import { helper, openAgents, papersTool, talkPlan, type AgentsOptions, type TestAgents } from './testing.ts'

const echo = (value: unknown) => ({ calls: [{ tool: 'trial.echo', input: { value } }] })
const lastResult = ({ messages }: WireRequest): string => messages.at(-1)?.results[0]?.text ?? ''

/** One turn over a store of its own. */
async function turn(script: Script, options: AgentsOptions = {}, check: (it: TestAgents) => Promise<void>) {
  await using place = await freshPlace('sqlite')
  await using it = await openAgents(place, script, options)
  await check(it)
}
let folder = ''
const agentWith = (part: Partial<Agent>): Agent => Agent.parse({ ...helper, ...part })
const noticesOf = async (it: TestAgents, run: { id: string }) =>
  (await it.runs.journal(run.id, 0, 10_000)).items.flatMap(({ event }) => (event.type === 'warning-noted' ? [event.code] : []))

describe('what a model gets wrong', () => {
  test('an unknown tool and an input that does not fit are told to it, and it goes on', () =>
    turn(
      [{ calls: [{ tool: 'trial.fly', input: {} }] }, { calls: [{ tool: 'trial.note', input: { path: 3 } }] }, 'Sorry.'],
      {},
      async (it) => {
        const run = await it.talk('Go.')
        expect(run.state).toBe('done')
        expect(lastResult(it.server.asked[1]!)).toContain('tool-unknown')
        expect(lastResult(it.server.asked[2]!)).toMatch(/input-invalid.*path/)
      },
    ))

  test('nothing but its own tools is run, whatever it asks for', () =>
    turn(
      [{ calls: [{ tool: 'trial.echo', input: { value: 1 } }] }, 'No.'],
      { agents: [agentWith({ tools: ['papers.read'] })] },
      async (it) => {
        const run = await it.talk('Go.')
        expect(lastResult(it.server.asked[1]!)).toContain('tool-unknown')
        expect(await it.lines(run)).not.toContain('try-started answer.turn[0].call[0]')
      },
    ))

  test('nulls for what it leaves out are taken as left out', () =>
    turn([{ calls: [{ tool: 'life-os.ask-person', input: { question: 'Which?', choices: null } }] }, 'ok'], {}, async (it) => {
      expect(await it.waiting(await it.talk('Go.'))).toMatchObject({ kind: 'question', message: 'Which?' })
    }))

  test('the same call a third time is not made, and then ends the turn with what it has', () =>
    turn(
      () => echo(1),
      {},
      async (it) => {
        const run = await it.talk('Go.')
        expect(run.state).toBe('done')
        expect((await it.lines(run)).filter((line) => line.startsWith('try-started') && line.includes('call'))).toHaveLength(2)
        expect(lastResult(it.server.asked[3]!)).toContain('agent-repeated')
        expect(it.server.asked).toHaveLength(4)
        expect(await noticesOf(it, run)).toEqual(['agent-stalled'])
      },
    ))

  test('rounds come to an end with an answer', () =>
    turn(
      ({ toolChoice, tools }, index) => (toolChoice === 'none' || tools.length === 0 ? 'That is all.' : echo(index)),
      { agents: [agentWith({ limits: { rounds: 3, parallel: 2 } })] },
      async (it) => {
        const run = await it.talk('Go.')
        expect(it.server.asked).toHaveLength(3)
        expect(await it.output(run)).toMatchObject({ rounds: 3, calls: 2 })
        expect(await noticesOf(it, run)).toEqual(['agent-rounds'])
      },
    ))

  test('empty answers are bounded', () =>
    turn('', {}, async (it) => {
      const run = await it.talk('Go.')
      expect(it.server.asked).toHaveLength(3)
      expect(run.state).toBe('done')
      expect(await noticesOf(it, run)).toEqual(['agent-empty'])
    }))

  test('a tool that fails is told to it with its words', () =>
    turn(
      ({ messages }) =>
        messages.at(-1)?.role === 'tool' ? 'Then not.' : { calls: [{ tool: 'trial.count', input: { path: `${folder}/a`, until: 5 } }] },
      {},
      async (it) => {
        folder = it.kernel.folder
        writeFileSync(join(folder, 'a'), 'one\n')
        expect((await it.talk('Go.')).state).toBe('done')
        expect(lastResult(it.server.asked[1]!)).toMatch(/tool-failed.*1 of 5/)
      },
    ))
})
describe('what it is shown and gives', () => {
  test('passages are numbered, used ones are cited, and made-up numbers are taken out', () =>
    turn(
      [{ calls: [{ tool: 'papers.read', input: { name: 'a' } }] }, 'The total is 120 [2], not 90 [7]. See `a[1]`.'],
      { tools: [papersTool(['first', 'Total: 120'])] },
      async (it) => {
        const run = await it.talk('Total?')
        expect(lastResult(it.server.asked[1]!)).toContain('"cite":2')
        expect(await it.output(run)).toMatchObject({
          text: 'The total is 120 [2], not 90. See `a[1]`.',
          citations: [{ number: 2, document: '/papers/a.md', page: 2, text: 'Total: 120', start: 100 }],
        })
        expect(await noticesOf(it, run)).toEqual(['citation-unknown'])
      },
    ))

  test('an output that has a shape is mended, and fits it', () => {
    const output = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] }
    return turn(['It is 120.', '{"total":"120"}', '{"total":120}'], { agents: [agentWith({ output })] }, async (it) => {
      const run = await it.talk('Total?')
      expect(await it.output(run)).toMatchObject({ text: '', object: { total: 120 }, rounds: 3 })
      expect(it.server.asked[2]?.messages.at(-1)?.text).toContain('total')
    })
  })

  test('an output that never fits is a failure that says so', () =>
    turn('no', { agents: [agentWith({ output: { type: 'object' } })] }, async (it) => {
      expect(await it.talk('Total?')).toMatchObject({ state: 'failed', error: { code: 'output-invalid' } })
    }))

  test('kept sentences and the rules are told, and what is private about them goes along', () =>
    turn('ok', { preferences: { kept: async () => [{ sentence: 'Short answers.', labels: ['private'] }] } }, async (it) => {
      const run = await it.talk('Hi')
      expect(it.server.asked[0]?.messages[0]).toMatchObject({ role: 'system' })
      expect(it.server.asked[0]?.messages[0]?.text).toContain('- Short answers.')
      expect(run.labels).toEqual(['private'])
    }))
})

describe('others that it works with', () => {
  const clerk = agentWith({ id: 'clerk', name: 'Clerk', instructions: 'You are the clerk.', plans: false, permissions: ['fs.read:**'] })
  const boss = agentWith({ agents: ['clerk'], tools: [] })
  const byRole = ({ messages }: WireRequest, note: () => string) => {
    const isClerk = messages[0]?.text.includes('the clerk') ?? false
    if (messages.at(-1)?.role === 'tool')
      return isClerk ? `clerk saw ${messages.at(-1)?.results[0]?.text}` : `boss heard ${messages.at(-1)?.results[0]?.text}`
    return isClerk
      ? { calls: [{ tool: 'trial.note', input: { path: note(), text: 'x' } }] }
      : { calls: [{ tool: 'life-os.delegate', input: { agent: 'clerk', task: 'Write.' } }] }
  }

  test('a task given on is a turn of the other agent, held by what that one may never do', () =>
    turn(
      (request) => byRole(request, () => join(folder, 'x.txt')),
      { agents: [boss, clerk] },
      async (it) => {
        folder = it.kernel.folder
        const run = await it.talk('Have it written.')
        const { text } = await it.output(run)
        expect(text).toMatch(/^boss heard .*clerk saw .*gate-refused.*never use fs\.write/s)
        expect(await it.lines(run)).toContain('try-finished answer.turn[0].call[0].turn[0].model')
      },
    ))

  test('agents that give work on in a circle come to an end', () => {
    const round = agentWith({ agents: ['helper'], tools: [] })
    return turn(
      ({ messages }) =>
        messages.at(-1)?.role === 'tool'
          ? `<${messages.at(-1)?.results[0]?.text.slice(0, 400)}>`
          : { calls: [{ tool: 'life-os.delegate', input: { agent: 'helper', task: 'You do it.' } }] },
      { agents: [round] },
      async (it) => {
        const run = await it.talk('Do it.')
        expect((await it.output(run)).text).toContain('agent-too-deep')
        expect(run.cost.steps).toBe(8)
      },
    )
  })
})

describe('without a model', () => {
  test('rules answer, and may start a plan', async () => {
    const plan = {
      ...talkPlan(),
      id: 'say',
      steps: [{ id: 'echo', tool: 'trial.echo', input: { value: '${{ inputs.say }}' } }],
      outputs: { said: '${{ steps.echo.value }}' },
    }
    await turn(
      '',
      { none: true, withoutModel: async (say) => ({ text: `I understood “${say}”.`, start: { plan, inputs: { say } } }) },
      async (it) => {
        const begun = await it.talk('tidy up')
        await expect.poll(async () => (await it.runs.settled(begun.id)).state, { timeout: 20_000 }).toBe('done')
        expect(await it.output(begun)).toMatchObject({
          text: 'I understood “tidy up”.\n\nDone. Nothing was changed.\n- said: tidy up',
          model: null,
          rounds: 0,
        })
      },
    )
  })

  test('without rules the failure says what to do', () =>
    turn('', { none: true }, async (it) => {
      expect(await it.talk('tidy up')).toMatchObject({ state: 'failed', error: { code: 'model-none' } })
    }))
})
