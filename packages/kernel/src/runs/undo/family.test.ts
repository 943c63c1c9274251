// Undo of what an agent did: its own changes, and those of the plans that it started.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Run } from '@life-os/contract'
import { live } from '../../agents/loop/fixtures/killing.ts'
import { modelServer, openAgents, type TestAgents } from '../../agents/loop/testing.ts'
import { forEachStore } from '../../store/testing.ts'
import { ada, fixtureBuild } from '../testing.ts'

const plan = (id: string, steps: object[]) => ({ id, name: `Plan ${id}`, version: '1.0.0', inputs: {}, steps, outputs: {} })
const writes = (path: string, text: string) => ({ tool: 'trial.note', input: { path, text, replace: true } })

/** One note is written by the agent, again by its plan, and again by the agent; another by the plan alone. */
async function written(it: TestAgents): Promise<{ run: Run; child: Run; shared: string; other: string }> {
  const begun = await it.talk('Write.', {}, { onlyFor: 'ada' })
  const asks = async (): Promise<Run[]> => {
    const runs = [begun, ...(await it.runs.children(begun.id))]
    const now = await Promise.all(runs.map((run) => it.runs.settled(run.id)))
    return now.filter(({ approval, state }) => state === 'waiting' && approval !== null)
  }
  for (let answers = 0; (await it.runs.get(begun.id)).state !== 'done'; answers += 1) {
    if (answers > 20) throw new Error('it asks for ever')
    await expect
      .poll(async () => (await asks()).length > 0 || (await it.runs.get(begun.id)).state === 'done', { timeout: 30_000 })
      .toBe(true)
    for (const run of await asks()) await it.answer(run)
  }
  const [child] = await it.runs.children(begun.id)
  if (!child) throw new Error('no plan was started')
  const { folder } = it.kernel
  return { run: await it.runs.get(begun.id), child, shared: join(folder, 'shared'), other: join(folder, 'other') }
}

const brain =
  (folder: () => string) =>
  ({ messages }: { messages: readonly { role: string }[] }) => {
    const [shared, other] = [join(folder(), 'shared'), join(folder(), 'other')]
    const round = messages.filter(({ role }) => role === 'tool').length
    const steps = [
      { id: 'one', ...writes(shared, 'two') },
      { id: 'two', after: ['one'], ...writes(other, 'x') },
    ]
    const calls = [writes(shared, 'one'), { tool: 'life-os.start-plan', input: { plan: plan('child', steps) } }, writes(shared, 'three')]
    const call = calls[round]
    return call ? { calls: [call] } : { text: 'Written.' }
  }

forEachStore((name, _, place) => {
  test(`a run is undone with its plans, newest first, and all of it stands again after a redo (${name})`, async () => {
    await using here = await place()
    await using it: TestAgents = await openAgents(
      here,
      brain(() => it.kernel.folder),
    )
    const { run, child, shared, other } = await written(it)
    expect(readFileSync(shared, 'utf8')).toBe('three')
    expect(run.undo).toMatchObject({ possible: true, effects: 2, children: { runs: 1, effects: 2, final: 0 } })
    const { run: asked, preview } = await it.runs.undoPreview(run.id, { conflicts: 'skip' }, ada)
    expect(preview.changes).toHaveLength(4)
    expect(preview.summary.totals.conflicts).toBe(0)
    expect(preview.summary.warnings).toMatchObject([
      { code: 'undo-children', message: 'Also takes back what “Plan child” did, which this run had started: 2 changes.' },
    ])
    expect(existsSync(shared)).toBe(true)
    const undo = await it.answer(asked)
    const { items, total } = await it.runs.list({ limit: 10, reader: 'ada' })
    expect([items.map(({ id }) => id).toSorted(), total]).toEqual([[run.id, child.id, undo.id].toSorted(), 3])
    expect(await it.runs.list({ limit: 10, reader: 'bob' }), 'what descends from a conversation is its person’s').toMatchObject({
      items: [],
      total: 0,
    })
    expect(undo).toMatchObject({ state: 'done', error: null })
    expect([existsSync(shared), existsSync(other)]).toEqual([false, false])
    expect((await it.runs.get(run.id)).undo).toMatchObject({ possible: false, undoneBy: undo.id })
    expect((await it.runs.get(child.id)).undo.undoneBy).toBe(undo.id)
    await expect(it.runs.undo(run.id, { conflicts: 'skip' }, ada)).rejects.toMatchObject({ code: 'already-undone' })
    await expect(it.runs.undo(child.id, { conflicts: 'skip' }, ada)).rejects.toMatchObject({ code: 'already-undone' })
    const redo = await it.settled(await it.runs.undo(undo.id, { conflicts: 'skip' }, ada))
    expect(redo.state).toBe('done')
    expect([readFileSync(shared, 'utf8'), readFileSync(other, 'utf8')]).toEqual(['three', 'x'])
    for (const one of [run, child]) expect((await it.runs.get(one.id)).undo.undoneBy).toBeNull()
    const again = await it.settled(await it.runs.undo(redo.id, { conflicts: 'skip' }, ada))
    expect([again.state, existsSync(shared), existsSync(other)]).toEqual(['done', false, false])
  })

  test(`after a redo the first run is undone again, what it replaced and removed included (${name})`, async () => {
    await using here = await place()
    const [kept, gone] = ['kept.txt', 'gone.txt']
    await using it: TestAgents = await openAgents(here, '')
    const { folder } = it.kernel
    const now = (): (string | null)[] =>
      [kept, gone].map((file) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : null))
    writeFileSync(join(folder, kept), 'before')
    writeFileSync(join(folder, gone), 'dear')
    const input = (file: string): string => `\${{ inputs.folder }}/${file}`
    const steps = [
      { id: 'write', tool: 'trial.note', input: { path: input(kept), text: 'after', replace: true } },
      { id: 'remove', tool: 'obey.remove', input: { path: input(gone) } },
    ]
    const inputs = { folder: { type: 'path' } }
    const started = await it.kernel.start(JSON.stringify({ ...plan('both', steps), inputs }), { folder })
    const run = await it.kernel.approve(started)
    expect([run.state, ...now()]).toEqual(['done', 'after', null])
    for (let time = 0; time < 3; time += 1) {
      const undo = await it.settled(await it.runs.undo(run.id, { conflicts: 'skip' }, ada))
      expect([undo.state, ...now()], `undo ${time}`).toEqual(['done', 'before', 'dear'])
      expect((await it.runs.get(run.id)).undo.undoneBy).toBe(undo.id)
      const redo = await it.settled(await it.runs.undo(undo.id, { conflicts: 'skip' }, ada))
      expect([redo.state, ...now()], `redo ${time}`).toEqual(['done', 'after', null])
      expect((await it.runs.get(run.id)).undo).toMatchObject({ possible: true, undoneBy: null })
    }
  })

  test(`its plans are left where a person says so, and can be undone later (${name})`, async () => {
    await using here = await place()
    await using it: TestAgents = await openAgents(
      here,
      brain(() => it.kernel.folder),
    )
    const { run, child, other } = await written(it)
    const alone = await it.settled(await it.runs.undo(run.id, { conflicts: 'overwrite', children: false }, ada))
    expect(alone.state).toBe('done')
    expect(existsSync(other)).toBe(true)
    expect((await it.runs.get(child.id)).undo).toMatchObject({ possible: true, undoneBy: null })
    const rest = await it.settled(await it.runs.undo(run.id, { conflicts: 'overwrite' }, ada))
    expect([rest.state, existsSync(other)]).toEqual(['done', false])
    expect((await it.runs.get(child.id)).undo.undoneBy).toBe(rest.id)
    await expect(it.runs.undo(run.id, { conflicts: 'skip' }, ada)).rejects.toMatchObject({ code: 'already-undone' })
  })

  test(
    `an undo of a run and its plans that is killed goes on, and takes each change back once (${name})`,
    { timeout: 240_000 },
    async () => {
      const build = await fixtureBuild()
      await using server = await modelServer('never asked')
      for (const killAfter of [1, 2, 3, 5, 8]) {
        await using here = await place()
        const folder = mkdtempSync(join(tmpdir(), 'lifeos-family-'))
        const { run, shared, other } = await (async () => {
          await using it: TestAgents = await openAgents(
            here,
            brain(() => folder),
            { kernel: { folder } },
          )
          return await written(it)
        })()
        const order = { home: here.home, url: here.url, folder, model: server.url, build, undoes: true }
        const { killed } = await live({ ...order, killAfter }, run.id)
        expect(killed, `at commit ${killAfter}`).toBe(true)
        const { said } = await live(order, run.id)
        expect(said?.run, said?.error).toMatchObject({ kind: 'undo', state: 'done', error: null })
        expect([existsSync(shared), existsSync(other)], `killed at commit ${killAfter}`).toEqual([false, false])
        await using it: TestAgents = await openAgents(here, '', { kernel: { folder } })
        for (const one of [run, ...(await it.runs.children(run.id))])
          expect((await it.runs.get(one.id)).undo.undoneBy, `killed at commit ${killAfter}`).toBe(said?.run?.id)
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )

  test(`while a plan of it goes on, a run is not undone (${name})`, async () => {
    await using here = await place()
    await using it: TestAgents = await openAgents(here, ({ messages }) => {
      const steps = [{ id: 'one', ...writes(join(it.kernel.folder, 'a'), 'x') }]
      return messages.at(-1)?.role === 'tool' ? 'done' : { calls: [{ tool: 'life-os.start-plan', input: { plan: plan('child', steps) } }] }
    })
    const run = await it.talk('Write.')
    expect(run.state).toBe('waiting')
    const [child] = await it.runs.children(run.id)
    await expect(it.runs.undo(run.id, { conflicts: 'skip' }, ada)).rejects.toMatchObject({
      code: 'child-going',
      details: { run: child?.id },
    })
  })
})
