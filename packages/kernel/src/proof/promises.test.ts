// The seven promises, each as one test over the whole kernel: real store, real plugin processes, real files.
// docs/proof.md says which further tests stand behind each, and how each was seen to fail.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { Run } from '@life-os/contract'
import { manifestOf } from '../host/fixtures.ts'
import { buildFixtures, openBench } from '../plugins/testing.ts'
import { ada, builds, openKernel, withFolder } from '../runs/testing.ts'
import { forEachStore } from '../store/testing.ts'
import type { StorePlace } from '../store/testing.ts'

const NAMES = ['a.txt', 'b.txt', 'c.txt']
const MOVES = withFolder(`
- id: scan
  tool: files.list
  input: { path: "\${{ inputs.folder }}" }
- id: all
  each: "\${{ steps.scan.files }}"
  as: file
  max: 1000
  concurrency: 1
  steps:
    - id: move
      tool: files.move
      input: { from: "\${{ file.path }}", to: "\${{ inputs.folder }}/sorted/\${{ file.name }}" }`)
const NOTE = withFolder('- id: note\n  tool: trial.note\n  input: { path: "${{ inputs.folder }}/new.txt", text: x }')

function fillWith(folder: string, names: readonly string[] = NAMES): void {
  for (const name of names) writeFileSync(join(folder, name), `this is ${name}`)
}

forEachStore((_name, _open, freshPlace) => {
  it('promise 1: nothing acts without a decision, and a refusal names its rule', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const untouched = manifestOf(kernel.folder)
    const inputs = { folder: kernel.folder }

    const drafted = await kernel.start(NOTE, inputs, { mode: 'draft' })
    expect(drafted).toMatchObject({ state: 'waiting' })
    const unattended = await kernel.start(NOTE, inputs, { mode: 'autopilot' })
    expect(unattended, 'without a grant an unattended run waits').toMatchObject({ state: 'waiting' })
    const observed = await kernel.start(NOTE, inputs, { mode: 'observe' })
    expect(observed).toMatchObject({ state: 'failed', error: { code: 'gate-refused', details: { rule: expect.stringMatching(/\S/) } } })
    for (const asked of [drafted, unattended])
      expect(await kernel.approve(asked, { answer: 'refuse', reason: 'no' })).toMatchObject({ error: { code: 'approval-refused' } })
    expect(manifestOf(kernel.folder)).toEqual(untouched)

    expect(
      await kernel.start(NOTE, inputs, { mode: 'autopilot', allow: [`fs.write:${kernel.folder}/**`] }),
      'a grant is a decision',
    ).toMatchObject({ state: 'done' })
    expect(readdirSync(kernel.folder)).toEqual(['new.txt'])
  })

  it('promise 2: every change is seen before it happens, and what happens is what was seen', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    fillWith(kernel.folder)
    const before = manifestOf(kernel.folder)
    const { run, preview } = await kernel.preview(MOVES, { folder: kernel.folder })
    const shown = preview.changes.flatMap(({ change }) => (change.kind === 'file-move' ? [change.to] : [])).toSorted()
    expect(shown).toEqual(NAMES.map((name) => join(kernel.folder, 'sorted', name)))
    expect(manifestOf(kernel.folder), 'a preview changes nothing').toEqual(before)

    mkdirSync(join(kernel.folder, 'sorted'))
    fillWith(join(kernel.folder, 'sorted'), ['a.txt'])
    const drifted = await kernel.approve(run)
    expect(drifted, 'reality drifted: it asks again').toMatchObject({ state: 'waiting' })
    expect(await kernel.deps.gate.approvals.get(drifted.approval ?? '')).toMatchObject({ kind: 'drift' })
    expect(readdirSync(kernel.folder).toSorted(), 'what was seen is done, what was not waits').toEqual(['a.txt', 'sorted'])

    expect(await kernel.approve(drifted)).toMatchObject({ state: 'done' })
    expect(readdirSync(join(kernel.folder, 'sorted')).toSorted()).toEqual(['a (2).txt', ...NAMES])
    const lie = withFolder(
      '- id: lie\n  tool: trial.lie\n  input: { shown: "${{ inputs.folder }}/shown", done: "${{ inputs.folder }}/other" }',
    )
    expect(await kernel.approve((await kernel.preview(lie, { folder: kernel.folder })).run)).toMatchObject({
      state: 'failed',
      error: { code: 'change-not-approved' },
    })
    expect(readdirSync(kernel.folder)).toEqual(['sorted'])
  })

  it('promise 3: a run can be taken back, and the taking back too', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    fillWith(kernel.folder)
    const before = manifestOf(kernel.folder)
    const done = await kernel.approve((await kernel.preview(MOVES, { folder: kernel.folder })).run)
    const after = manifestOf(kernel.folder)
    expect(after).not.toEqual(before)
    const again = async (of: Run): Promise<Run> => kernel.runs.settled((await kernel.runs.undo(of.id, { conflicts: 'skip' }, ada)).id)
    const undone = await again(done)
    expect(undone).toMatchObject({ kind: 'undo', state: 'done' })
    expect(manifestOf(kernel.folder)).toEqual(before)
    expect(await again(undone)).toMatchObject({ state: 'done' })
    expect(manifestOf(kernel.folder)).toEqual(after)
  })

  it('promise 4: kill -9 loses nothing and repeats nothing', { timeout: 60_000 }, async () => {
    await using place = await freshPlace()
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lifeos-promise-')))
    try {
      fillWith(
        folder,
        Array.from({ length: 60 }, (_, index) => `${index}.txt`),
      )
      const contents = contentsOf(folder)
      await builds()
      const id = await killedInTheMiddle(place, folder)
      expect(contentsOf(folder)).toEqual(contents)
      const moved = readdirSync(join(folder, 'sorted')).length
      expect(moved, 'killed in the middle').toBeLessThan(60)

      await using kernel = await openKernel(place, { folder })
      expect(await kernel.runs.recover()).toBe(1)
      expect(await kernel.runs.settled(id)).toMatchObject({ state: 'done' })
      expect(contentsOf(folder)).toEqual(contents)
      expect(readdirSync(join(folder, 'sorted'))).toHaveLength(60)
      const { items } = await kernel.runs.journal(id, 0, 1000)
      const finished = items.flatMap(({ event }) => (event.type === 'try-finished' && event.path.startsWith('all') ? [event.path] : []))
      expect(finished.length, 'each move is journaled once').toBe(new Set(finished).size)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('promise 6: marks travel with the data through the steps, into the journal and the effects', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const plan =
      withFolder(`
- id: mail
  wait: { event: "mail.arrived", timeout: 1h }
- id: text
  set: "\${{ steps.mail.event.subject + '!' }}"
- id: clean
  after: [mail]
  set: "nothing from outside"
- id: note
  tool: trial.note
  input: { path: "\${{ inputs.folder }}/new.txt", text: "\${{ steps.text }}" }`) + '\noutputs:\n  said: "${{ steps.text }}"\n'
    const waiting = await kernel.start(plan, { folder: kernel.folder }, { mode: 'autopilot', allow: [`fs.write:${kernel.folder}/**`] })
    await kernel.deps.events.publish('mail.arrived', { subject: 'hello' }, ['private', 'untrusted'])
    await expect.poll(async () => (await kernel.runs.get(waiting.id)).state).not.toBe('waiting')
    const run = await kernel.runs.settled(waiting.id)
    expect(run).toMatchObject({ state: 'done', labels: ['private', 'untrusted'] })
    const { items } = await kernel.runs.journal(run.id, 0, 100)
    const labels = Object.fromEntries(
      items.flatMap(({ event }) =>
        'output' in event && 'path' in event && event.output ? [[event.path, [...event.output.labels].toSorted()]] : [],
      ),
    )
    expect(labels).toEqual({ mail: ['private', 'untrusted'], text: ['private', 'untrusted'], clean: [], note: ['private', 'untrusted'] })
    const effect = await kernel.deps.store.db.selectFrom('effects').select('labels').where('run', '=', run.id).executeTakeFirstOrThrow()
    expect(JSON.parse(effect.labels), 'what was written carries them too').toEqual(['private', 'untrusted'])
  })

  it('promise 7: a run that would exceed its budget stops before it spends, with its work intact', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    fillWith(kernel.folder)
    const allow = [`fs.read:${kernel.folder}`, `fs.read:${kernel.folder}/**`, `fs.write:${kernel.folder}/**`]
    const stopped = await kernel.start(MOVES, { folder: kernel.folder }, { mode: 'autopilot', allow, budget: { steps: 3 } })
    expect(stopped).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded' }, cost: { steps: 3 } })
    expect(readdirSync(join(kernel.folder, 'sorted')), 'one step listed, two moved').toHaveLength(2)
    expect(contentsOf(kernel.folder)).toHaveLength(3)
    expect(stopped.undo).toMatchObject({ possible: true })
  })
})

it('promise 5: a plugin has no ambient power', async () => {
  await buildFixtures()
  await using bench = await openBench()
  const reach = (what: string, argument = ''): Promise<unknown> => bench.call('rogue.reach', { what, argument })
  for (const what of ['import-fs', 'import-net', 'import-process', 'import-worker', 'builtin-fs', 'binding'])
    expect(await reach(what), what).toBe('refused: ERR_ACCESS_DENIED')
  for (const file of ['/etc/passwd', '/proc/self/environ', fileURLToPath(import.meta.url)])
    expect(await reach('load-file', file), file).toBe('refused: ERR_ACCESS_DENIED')

  let connections = 0
  const server = createServer(() => {
    connections += 1
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const place = server.address()
  expect(await reach('connect', String(typeof place === 'object' ? place?.port : ''))).toBe('refused: ERR_ACCESS_DENIED')
  expect(connections).toBe(0)
  server.close()
})

/** The SHA-256 of every file that is not empty, whatever it is called. */
const contentsOf = (folder: string): string[] =>
  manifestOf(folder)
    .flatMap((line) => / file [1-9]\d* ([0-9a-f]{64}) /.exec(line)?.[1] ?? [])
    .toSorted()

/** Approves the plan in a process of its own that kills itself after some commits; answers the run. */
async function killedInTheMiddle(place: StorePlace, folder: string): Promise<string> {
  const program = fileURLToPath(new URL('../runs/fixtures/worker.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, JSON.stringify({ home: place.home, url: place.url, folder, killAfter: 12 })],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (order: object): Promise<{ run?: Run }> => {
    child.stdin.write(`${JSON.stringify(order)}\n`)
    return JSON.parse((await lines.next()).value ?? '{}') as { run?: Run } // one JSON document a line
  }
  await lines.next() // ready
  const { run } = await ask({ do: 'preview', plan: MOVES, inputs: { folder } })
  child.stdin.write(`${JSON.stringify({ do: 'approve', run: run?.id })}\n`)
  const [, signal] = (await ended) as [number | null, string | null] // as Node documents `exit`
  expect(signal).toBe('SIGKILL')
  return run?.id ?? ''
}
