import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { forEachStore } from '../../store/testing.ts'
import { openAgents } from './testing.ts'

forEachStore((_, __, place) => {
  test('a turn with nothing to approve starts by itself, uses a tool, and answers', async () => {
    await using here = await place()
    await using it = await openAgents(here, [{ text: 'I look.', calls: [{ tool: 'trial.echo', input: { value: 42 } }] }, 'It is 42.'])
    const run = await it.talk('What is it?')
    expect(run.error).toBeNull()
    expect(await it.output(run)).toMatchObject({ text: 'It is 42.', rounds: 2, calls: 1, model: 'here/small', citations: [] })
    expect(run.state).toBe('done')
    expect(run.cost.tokens).toBeGreaterThan(0)
    expect(it.server.asked[1]?.messages.at(-1)).toMatchObject({ role: 'tool' })
    expect(await it.lines(run)).toEqual(
      expect.arrayContaining(['try-finished answer.turn[0].model', 'try-finished answer.turn[0].call[0]', 'step-finished answer']),
    )
  })

  test('a change asks in the middle, is made once it is approved, and is undone with the run', async () => {
    await using here = await place()
    await using it = await openAgents(here, ({ messages }) => {
      const file = join(folder, 'note.txt')
      return messages.at(-1)?.role === 'tool' ? 'It is written.' : { calls: [{ tool: 'trial.note', input: { path: file, text: 'hello' } }] }
    })
    const { folder } = it.kernel
    const waiting = await it.talk('Write a note.')
    expect(waiting.state).toBe('waiting')
    const asked = await it.waiting(waiting)
    expect(asked).toMatchObject({ kind: 'step', step: 'answer.turn[0].call[0]', subject: { agent: 'helper', tool: 'trial.note' } })
    expect(asked.preview?.changes).toHaveLength(1)
    const run = await it.answer(waiting)
    expect(run).toMatchObject({ state: 'done', error: null, undo: { possible: true, effects: 1 } })
    expect(readFileSync(join(folder, 'note.txt'), 'utf8')).toBe('hello')
    const undo = await it.settled(await it.runs.undo(run.id, { conflicts: 'skip' }, { kind: 'person', id: 'ada' }))
    expect(undo.state).toBe('done')
    expect(existsSync(join(folder, 'note.txt'))).toBe(false)
  })
})
