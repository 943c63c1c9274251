import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { forEachStore } from '../store/testing.ts'
import { KEYS, call, modelsOver, saying, withCloud } from './testing/over-store.ts'

const caller = fileURLToPath(new URL('./fixtures/caller.ts', import.meta.url))
const WORST = 110 // 8 for the message, 2 for its text, 100 for the answer

forEachStore((_name, _open, place) => {
  it('a call cut off by kill -9 is counted in full as possibly paid, once, by whoever starts next', async () => {
    await using here = await place()
    const held = Promise.withResolvers<void>()
    let server
    {
      await using store = await here.open()
      await using fixture = modelsOver(store, KEYS)
      server = await withCloud(fixture, {
        answer: (request) => ({ text: 'Yes', usage: { input: 3, output: 1 }, ...(request.last === 'Hello' && { before: held.promise }) }),
      })
      await fixture.models.setSettings({ budgets: { day: 2 * WORST, currency: 'USD', alerts: [] } }, 'ada')
    }
    await using _server = server
    const child = spawn(process.execPath, [caller, here.home, here.url ?? ''], { stdio: ['ignore', 'ignore', 'inherit'] })
    await server.arrived(0)
    child.kill('SIGKILL')
    await once(child, 'exit')
    held.resolve()
    for (const _restart of [1, 2]) {
      await using store = await here.open()
      await using fixture = modelsOver(store, KEYS)
      const { items } = await fixture.models.usage({ limit: 10 })
      expect(items).toMatchObject([{ model: 'cloud/gpt-x', outcome: 'lost', micros: WORST }])
      expect(await fixture.models.budgets()).toMatchObject([{ budget: 'day', spent: WORST, reserved: 0 }])
    }
    await using store = await here.open()
    await using fixture = modelsOver(store, KEYS)
    expect(await fixture.models.generate(saying('Again'), call())).toMatchObject({ text: 'Yes', micros: 4 })
    await expect(fixture.models.generate(saying('Once more'), call())).rejects.toMatchObject({ code: 'model-budget' })
  })
})
