// What a person is asked in the middle of a turn, and plans that an agent starts.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { forEachStore } from '../../store/testing.ts'
import { helper, modelServer, openAgents, type TestAgents } from './testing.ts'

/** The model starts a plan that writes one note. */
function planCall(file: string) {
  const plan = {
    id: 'notes',
    name: 'Notes',
    version: '1.0.0',
    inputs: { file: { type: 'file' } },
    steps: [{ id: 'write', tool: 'trial.note', input: { path: '${{ inputs.file }}', text: 'from the plan' } }],
    outputs: { path: '${{ steps.write.path }}' },
  }
  return { calls: [{ tool: 'life-os.start-plan', input: { plan, inputs: { file } } }] }
}

/** The run that a turn started. */
async function childOf(it: TestAgents, run: { id: string }) {
  const [child] = await it.runs.children(run.id)
  if (!child) throw new Error('no plan was started')
  return it.runs.settled(child.id)
}
/** Waits until the run has come to rest after it was woken. */
async function rested(it: TestAgents, id: string, state: string) {
  await expect.poll(async () => (await it.runs.settled(id)).state, { timeout: 20_000 }).toBe(state)
  return it.runs.get(id)
}

forEachStore((_, __, place) => {
  const review = { ...helper, review: true }

  test('in review each call is approved, edited or refused, and a restart changes nothing', async () => {
    await using here = await place()
    await using server = await modelServer(({ messages }, index) =>
      index < 3
        ? { calls: [{ tool: 'trial.echo', input: { value: index } }] }
        : `I saw ${messages.flatMap(({ results }) => results.map(({ text }) => text)).join(' ')}`,
    )
    let run = await (async () => {
      await using it = await openAgents(here, '', { agents: [review], server })
      const first = await it.talk('Look.')
      expect(await it.waiting(first)).toMatchObject({
        kind: 'review',
        step: 'answer.turn[0].call[0].review',
        subject: { agent: 'helper', tool: 'trial.echo', input: { value: 0 } },
      })
      return await it.answer(first)
    })()
    await using it = await openAgents(here, '', { agents: [review], server })
    await it.runs.recover()
    run = await it.settled(run)
    await expect(it.answer(run, { answer: 'done', output: 'no object' })).rejects.toMatchObject({ code: 'answer-invalid' })
    run = await it.answer(run, { answer: 'done', output: { value: 'edited' } })
    expect(await it.waiting(run)).toMatchObject({ step: 'answer.turn[2].call[0].review' })
    run = await it.answer(run, { answer: 'refuse', reason: 'not that' })
    expect(run.state).toBe('done')
    expect(server.asked).toHaveLength(4)
    const { text } = await it.output(run)
    expect(text).toContain('"value":0')
    expect(text).toContain('edited')
    expect(text).toContain('Ada refused this call: not that')
  })

  test('a question waits for a person and its answer is told to the model', async () => {
    await using here = await place()
    const question = { question: 'Which year?', choices: ['2024', '2025'] }
    await using it = await openAgents(here, ({ messages }) =>
      messages.at(-1)?.role === 'tool'
        ? `So ${messages.at(-1)?.results[0]?.text}`
        : { calls: [{ tool: 'life-os.ask-person', input: question }] },
    )
    const waiting = await it.talk('Sort my invoices.')
    expect(await it.waiting(waiting)).toMatchObject({
      kind: 'question',
      message: 'Which year?',
      subject: { choices: ['2024', '2025'], tool: null },
    })
    const run = await it.answer(waiting, { answer: 'done', output: '2025' })
    expect((await it.output(run)).text).toContain('"answer":"2025"')
  })

  test('a plan is a run of its own: approved by a person, its end wakes the agent, its cost is the agent’s', async () => {
    await using here = await place()
    await using it = await openAgents(here, ({ messages }) =>
      messages.at(-1)?.role === 'tool' ? `Result: ${messages.at(-1)?.results[0]?.text}` : planCall(file),
    )
    const file = join(it.kernel.folder, 'planned.txt')
    const waiting = await it.talk('Write it by a plan.')
    expect(waiting.state).toBe('waiting')
    const child = await childOf(it, waiting)
    expect(child).toMatchObject({
      state: 'waiting',
      mode: 'draft',
      parent: { run: waiting.id, step: 'answer.turn[0].call[0]' },
      by: { kind: 'agent', id: 'helper' },
    })
    expect(await it.waiting(child)).toMatchObject({ kind: 'preview' })
    expect(existsSync(file)).toBe(false)
    expect((await it.answer(child)).state).toBe('done')
    expect(readFileSync(file, 'utf8')).toBe('from the plan')
    const run = await rested(it, waiting.id, 'done')
    const { text } = await it.output(run)
    expect(text).toContain('"state":"done"')
    expect(text).toContain('planned.txt')
    expect(run.cost.steps).toBe(2 + (await it.runs.get(child.id)).cost.steps)
    expect(await it.runs.children(run.id)).toHaveLength(1)
  })

  test('a plan that ended while nobody was there wakes its agent at the next start', async () => {
    await using here = await place()
    await using server = await modelServer(({ messages }) =>
      messages.at(-1)?.role === 'tool' ? 'I know.' : planCall('/tmp/never-written'),
    )
    const run = await (async () => {
      await using it = await openAgents(here, '', { server })
      const waiting = await it.talk('Plan.')
      const child = await childOf(it, waiting)
      await it.kernel.deps.store.db.updateTable('runs').set({ state: 'cancelled', approval: null }).where('id', '=', child.id).execute()
      return waiting
    })()
    await using it = await openAgents(here, '', { server })
    await it.runs.recover()
    expect((await it.output(await rested(it, run.id, 'done'))).text).toBe('I know.')
  })

  test('a refused plan is an answer to the agent, not its end', async () => {
    await using here = await place()
    await using it = await openAgents(here, ({ messages }) =>
      messages.at(-1)?.role === 'tool' ? `It said ${messages.at(-1)?.results[0]?.text}` : planCall('/tmp/never-written'),
    )
    const waiting = await it.talk('Plan.')
    const child = await childOf(it, waiting)
    await it.answer(child, { answer: 'refuse', reason: 'too much' })
    const run = await rested(it, waiting.id, 'done')
    expect((await it.output(run)).text).toContain('Refused: too much')
  })

  test('who cancels the agent cancels its plan', async () => {
    await using here = await place()
    await using it = await openAgents(here, () => planCall('/tmp/never-written'))
    const waiting = await it.talk('Plan.')
    const child = await childOf(it, waiting)
    await it.runs.cancel(waiting.id, { kind: 'person', id: 'ada' })
    expect(await it.runs.get(child.id)).toMatchObject({ state: 'cancelled' })
    expect(await it.runs.get(waiting.id)).toMatchObject({ state: 'cancelled' })
  })
})
