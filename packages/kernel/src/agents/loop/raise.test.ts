// A run that stopped at a limit, and a person who allows it more.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Agent, type Budget, type Run } from '@life-os/contract'
import type { WireRequest } from '../../models/testing/index.ts'
import { ada, fixtureBuild } from '../../runs/testing.ts'
import { forEachStore, type StorePlace } from '../../store/testing.ts'
import { live } from './fixtures/killing.ts'
import { helper, modelServer, openAgents, type TestAgents } from './testing.ts'

const usage = { input: 400, output: 100, cached: 0, reasoning: 0 }
const echo = (value: unknown) => ({ calls: [{ tool: 'trial.echo', input: { value } }], usage })
const limited = (budget: Budget) => Agent.parse({ ...helper, limits: { rounds: 50, parallel: 4, budget } })
const ROUNDS = 20
const roundOf = ({ messages }: WireRequest): number => messages.filter(({ role }) => role === 'tool').length
const script = (request: WireRequest) => (roundOf(request) < ROUNDS ? echo(roundOf(request)) : { text: 'Said.', usage })

async function raised(it: TestAgents, run: Run, budget: Budget): Promise<Run> {
  return it.settled(await it.runs.resume(run.id, ada, budget))
}

forEachStore((name, _, freshPlace) => {
  test(`a run goes on with what a person allows it more, pays nothing again, and stops there again (${name})`, async () => {
    await using place = await freshPlace()
    await using it = await openAgents(place, script)
    const first = await it.talk('Go on.', { budget: { tokens: 8000 } })
    expect(first).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded', details: { part: 'tokens', limit: 8000 } } })
    const again = await raised(it, first, { tokens: 6000 })
    expect(again).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded' } })
    expect(again.cost.tokens).toBeGreaterThan(first.cost.tokens)
    expect(again.cost.tokens).toBeLessThanOrEqual(first.cost.tokens + 6000)
    const end = await raised(it, again, { tokens: 100_000 })
    expect(end.state).toBe('done')
    expect(end.cost.tokens).toBe((ROUNDS + 1) * 500)
    expect(it.server.asked).toHaveLength(ROUNDS + 1)
    const { items } = await it.kernel.deps.gate.audit.list({ limit: 100, run: end.id })
    expect(items.filter(({ rule }) => rule === 'budget-raised')).toMatchObject([
      { actor: 'ada', data: { more: { tokens: 100_000 } } },
      { actor: 'ada', data: { more: { tokens: 6000 } } },
    ])
    expect((await it.lines(end)).filter((line) => line.startsWith('budget-raised'))).toHaveLength(2)
  })

  test(`what is allowed to a run is allowed to the agent in it that reached its own limit (${name})`, async () => {
    for (const [part, budget, more] of [
      ['tokens', { tokens: 8000 }, { tokens: 100_000 }],
      ['steps', { steps: 5 }, { steps: 100 }],
    ] as const) {
      await using place = await freshPlace()
      await using it = await openAgents(place, script, { agents: [limited(budget)] })
      const first = await it.talk('Go on.')
      expect(first, part).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded', details: { part } } })
      expect(await raised(it, first, more), part).toMatchObject({ state: 'done' })
      expect(it.server.asked, part).toHaveLength(ROUNDS + 1)
    }
  })

  test(`time is allowed more too (${name})`, async () => {
    await using place = await freshPlace()
    let now = 1_800_000_000_000
    const clock = { now: () => now, sleep: async () => new Promise<void>(() => undefined) }
    await using it = await openAgents(
      place,
      (request) => {
        now += 10_000
        return script(request)
      },
      { agents: [limited({ time: '35s' })], kernel: { clock } },
    )
    const first = await it.talk('Go on.')
    expect(first).toMatchObject({ state: 'stopped', error: { details: { part: 'time', limit: 35_000 } } })
    expect(first.error?.message).toContain('40 s of 35 s')
    expect(await raised(it, first, { time: '10m' })).toMatchObject({ state: 'done' })
  })

  test(`nothing, an agent and a run that goes are refused; asked twice at once, it is allowed once (${name})`, async () => {
    await using place = await freshPlace()
    await using it = await openAgents(place, script)
    const first = await it.talk('Go on.', { budget: { tokens: 8000 } })
    await expect(it.runs.resume(first.id, ada, {})).rejects.toMatchObject({ code: 'budget-empty' })
    await expect(it.runs.resume(first.id, ada, { tokens: 0 })).rejects.toMatchObject({ code: 'budget-empty' })
    await expect(it.runs.resume(first.id, { kind: 'agent', id: 'helper' }, { tokens: 9000 })).rejects.toMatchObject({
      code: 'budget-not-yours',
    })
    expect((await it.runs.get(first.id)).state).toBe('stopped')
    const both = await Promise.allSettled([0, 1].map(async () => it.runs.resume(first.id, ada, { tokens: 4700 })))
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'run-going' } })
    const run = await it.settled(first)
    expect((await it.lines(run)).filter((line) => line.startsWith('budget-raised'))).toHaveLength(1)
    expect(run.cost.tokens).toBeLessThanOrEqual(first.cost.tokens + 4700)
    await raised(it, run, { tokens: 100_000 })
    await expect(it.runs.resume(first.id, ada, { tokens: 1000 })).rejects.toMatchObject({ code: 'run-over' })
  })

  test(`what was allowed holds after a kill, at whichever commit it falls (${name})`, { timeout: 240_000 }, async () => {
    await using server = await modelServer(script)
    const order = { model: server.url, build: await fixtureBuild(), budget: { tokens: 8000 }, more: { tokens: 100_000 } }
    for (const killAfter of [1, 2, 5]) {
      await using place: StorePlace = await freshPlace()
      const folder = mkdtempSync(join(tmpdir(), 'lifeos-raise-'))
      const here = { ...order, folder, home: place.home, url: place.url }
      const { said } = await live(here, undefined)
      const run = said?.run
      expect(run, said?.error).toMatchObject({ state: 'stopped' })
      const { killed } = await live({ ...here, raises: true, killAfter }, run?.id)
      expect(killed).toBe(true)
      const { said: after } = await live({ ...here, raises: true }, run?.id) // who finds it stopped allows it again
      expect(after?.error).toBeUndefined()
      expect(after?.run, `killed at commit ${killAfter}: ${after?.run?.error?.message}`).toMatchObject({ state: 'done' })
      expect(after?.run?.cost.tokens).toBeGreaterThanOrEqual((ROUNDS + 1) * 500)
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
