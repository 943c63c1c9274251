// Runs that stand on each other, when several hands reach for them at once.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Agent } from '@life-os/contract'
import { forEachStore } from '../../store/testing.ts'
import { helper, modelServer, openAgents, type TestAgents } from './testing.ts'

async function childOf(it: TestAgents, run: { id: string }): Promise<string> {
  const [child] = await it.runs.children(run.id)
  if (!child) throw new Error('no plan was started')
  return child.id
}
const starting = (steps: object[]) => ({
  calls: [{ tool: 'life-os.start-plan', input: { plan: { id: 'p', name: 'P', version: '1.0.0', inputs: {}, steps } } }],
})

forEachStore((store, __, place) => {
  const shared = store === 'postgres' ? test : () => undefined // a SQLite store has one process: its owner
  shared('two processes wake one agent at once: it goes on once, and nothing is paid twice', async () => {
    await using here = await place()
    await using server = await modelServer(({ messages }) =>
      messages.at(-1)?.role === 'tool'
        ? 'I know.'
        : starting([{ id: 'a', tool: 'trial.note', input: { path: '/tmp/never-written', text: 'x' } }]),
    )
    const run = await (async () => {
      await using it = await openAgents(here, '', { server })
      const waiting = await it.talk('Plan.')
      const child = (await it.runs.settled(await childOf(it, waiting))).id
      await it.kernel.deps.store.db.updateTable('runs').set({ state: 'cancelled', approval: null }).where('id', '=', child).execute()
      return waiting
    })()
    await using one = await openAgents(here, '', { server, kernel: { instance: 'one' } })
    await using other = await openAgents(here, '', { server, kernel: { instance: 'other' } })
    await Promise.all([one.runs.recover(), other.runs.recover()])
    await expect.poll(async () => (await one.runs.get(run.id)).state, { timeout: 30_000 }).toBe('done')
    await Promise.all([one.runs.settled(run.id), other.runs.settled(run.id)])
    expect(server.asked).toHaveLength(2)
    const lines = await one.lines(run)
    expect(lines.filter((line) => line === 'try-finished answer.turn[1].model')).toHaveLength(1)
    expect(lines.filter((line) => line === 'run-finished')).toHaveLength(1)
  })

  test('the emergency stop ends the plan that an agent started, and its agent with it, until it is lifted', async () => {
    await using here = await place()
    const gate = Promise.withResolvers<void>()
    let notes = ''
    await using server = await modelServer(async ({ messages }) => {
      const said = JSON.stringify(messages.at(-1))
      if (said.includes('Work.')) {
        await gate.promise
        return { calls: [{ tool: 'trial.note', input: { path: `${notes}.second`, text: 'after the stop' } }] }
      }
      return starting([
        { id: 'first', tool: 'trial.note', input: { path: notes, text: 'before the stop' } },
        { id: 'going', agent: 'second', after: ['first'], input: { say: 'Work.' } },
      ])
    })
    const second = Agent.parse({ ...helper, id: 'second', name: 'Second' })
    await using it = await openAgents(here, '', { server, agents: [Agent.parse({ ...helper, agents: ['second'] }), second] })
    notes = join(it.kernel.folder, 'note.txt')
    const waiting = await it.talk('Plan.')
    const child = await it.runs.settled(await childOf(it, waiting))
    const { id, hash } = await it.waiting(child)
    await it.runs.answer(
      id,
      { answer: 'approve', hash, except: [], exceptGlobs: [], final: false, remember: 'no' },
      { kind: 'person', id: 'ada', name: 'Ada' },
    )
    await server.arrived(1)
    expect(readFileSync(notes, 'utf8')).toBe('before the stop')
    expect((await it.runs.stopAll({ kind: 'person', id: 'ada', name: 'Ada' })).stopped).toBeGreaterThan(0)
    gate.resolve()
    expect(await it.runs.settled(child.id)).toMatchObject({ state: 'stopped' })
    expect((await it.runs.settled(waiting.id)).state).not.toBe('done')
    expect(existsSync(`${notes}.second`)).toBe(false)
    expect(server.asked).toHaveLength(2)
  })

  test('words that no database keeps are an answer all the same', async () => {
    await using here = await place()
    await using it = await openAgents(here, ({ messages }) =>
      messages.at(-1)?.role === 'tool'
        ? 'Told.'
        : { calls: [{ tool: 'trial.note', input: { path: join(it.kernel.folder, 'x.txt'), text: 'x' } }] },
    )
    const run = await it.talk('Write.')
    expect(await it.answer(run, { answer: 'refuse', reason: 'no\0t \ud800 now' })).toMatchObject({ state: 'done', error: null })
    expect((await it.output(run)).text).toBe('Told.')
  })
})
