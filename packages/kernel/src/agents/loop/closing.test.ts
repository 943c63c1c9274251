// Closing Life-OS while a model thinks.
import { expect, test } from 'vitest'
import { forEachStore } from '../../store/testing.ts'
import { modelServer, openAgents } from './testing.ts'

forEachStore((name, _, freshPlace) => {
  test(`closing does not wait for a model; its call counts as paid, and is made once more at the next start (${name})`, async () => {
    await using place = await freshPlace()
    const asked = Promise.withResolvers<void>()
    const never = Promise.withResolvers<void>()
    let isFirst = true
    await using server = await modelServer(async () => {
      if (!isFirst) return 'Here I am.'
      isFirst = false
      asked.resolve()
      await never.promise
      return 'Too late.'
    })
    let run = ''
    {
      await using it = await openAgents(place, '', { server })
      const talking = it.talk('Are you there?')
      await asked.promise
      run = (await it.runs.list({ limit: 1 })).items[0]?.id ?? ''
      await it.runs[Symbol.asyncDispose]() // hangs where it waits for the model
      await talking
      expect((await it.runs.get(run)).state).toBe('running')
      const lines = await it.lines(await it.runs.get(run))
      expect(lines).toContain('try-started answer.turn[0].model')
      expect(lines.filter((line) => /^(try-failed|step-failed|run-finished)|^try-finished .*model/.test(line))).toEqual([])
    }
    never.resolve()
    await using again = await openAgents(place, '', { server })
    await again.runs.recover()
    const end = await again.runs.settled(run)
    expect(end).toMatchObject({ state: 'done', error: null })
    expect(await again.output(end)).toMatchObject({ text: 'Here I am.' })
    expect(server.asked).toHaveLength(2)
    const { items } = await again.runs.journal(run, 0, 1000)
    expect(items.filter(({ event }) => event.type === 'warning-noted')).toMatchObject([{ event: { code: 'possibly-paid-twice' } }])
    const finished = items.flatMap(({ event }) => (event.type === 'try-finished' ? [event.cost.tokens] : []))
    expect(end.cost.tokens).toBeGreaterThan(finished.reduce((sum, tokens) => sum + tokens, 0))
  })
})
