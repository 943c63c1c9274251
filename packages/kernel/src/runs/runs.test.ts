import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { forEachStore } from '../store/testing.ts'
import { openKernel, withFolder } from './testing.ts'

const MOVES = withFolder(`
- id: scan
  tool: files.list
  input: { path: "\${{ inputs.folder }}" }
- id: each_file
  each: "\${{ steps.scan.files }}"
  as: file
  max: 1000
  steps:
    - id: move
      tool: files.move
      input: { from: "\${{ file.path }}", to: "\${{ inputs.folder }}/sorted/\${{ file.name }}" }`)

forEachStore((_name, _open, freshPlace) => {
  it('previews without touching anything, then does exactly what was approved, and undoes it', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(kernel.folder, name), name)
    const { run, preview } = await kernel.preview(MOVES, { folder: kernel.folder })
    expect(run).toMatchObject({ state: 'waiting' })
    expect(preview.summary.totals).toMatchObject({ files: 3, folders: 1, final: 0 })
    expect(readdirSync(kernel.folder).toSorted()).toEqual(['a.txt', 'b.txt', 'c.txt'])

    const done = await kernel.approve(run)
    expect(done).toMatchObject({ state: 'done', error: null, undo: { possible: true, effects: 4 } })
    expect(readdirSync(join(kernel.folder, 'sorted')).toSorted()).toEqual(['a.txt', 'b.txt', 'c.txt'])

    const undo = await kernel.runs.settled((await kernel.runs.undo(run.id, { conflicts: 'skip' }, { kind: 'person', id: 'ada' })).id)
    expect(undo).toMatchObject({ kind: 'undo', state: 'done' })
    expect(readdirSync(kernel.folder).toSorted()).toEqual(['a.txt', 'b.txt', 'c.txt'])
    expect(await kernel.runs.get(run.id)).toMatchObject({ undo: { possible: false, undoneBy: undo.id } })

    const redo = await kernel.runs.settled((await kernel.runs.undo(undo.id, { conflicts: 'skip' }, { kind: 'person', id: 'ada' })).id)
    expect(redo).toMatchObject({ state: 'done' })
    expect(readdirSync(join(kernel.folder, 'sorted')).toSorted()).toEqual(['a.txt', 'b.txt', 'c.txt'])
    expect(await kernel.runs.get(run.id)).toMatchObject({ undo: { undoneBy: null } })
  })

  it('leaves out what was unticked', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    for (const name of ['a.txt', 'b.pdf', 'c.txt']) writeFileSync(join(kernel.folder, name), name)
    const { run } = await kernel.preview(MOVES, { folder: kernel.folder })
    const done = await kernel.approve(run, { exceptGlobs: ['*.pdf'] })
    expect(done.state).toBe('done')
    expect(existsSync(join(kernel.folder, 'b.pdf'))).toBe(true)
    expect(readdirSync(join(kernel.folder, 'sorted')).toSorted()).toEqual(['a.txt', 'c.txt'])
    const { items } = await kernel.runs.changes(run.id, { limit: 50 })
    expect(items.filter((item) => item.change.kind === 'file-move').map((item) => item.state)).toEqual(['done', 'done'])
  })

  it('leaves alone what appeared since the preview', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    writeFileSync(join(kernel.folder, 'a.txt'), 'a')
    const { run } = await kernel.preview(MOVES, { folder: kernel.folder })
    writeFileSync(join(kernel.folder, 'new.txt'), 'new')
    expect((await kernel.approve(run)).state).toBe('done')
    expect(existsSync(join(kernel.folder, 'new.txt'))).toBe(true)
  })

  it('asks again when the world drifted, showing both, and does what is approved then', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    writeFileSync(join(kernel.folder, 'a.txt'), 'a')
    const { run } = await kernel.preview(MOVES, { folder: kernel.folder })
    mkdirSync(join(kernel.folder, 'sorted'))
    writeFileSync(join(kernel.folder, 'sorted', 'a.txt'), 'in the way')
    const drifted = await kernel.approve(run)
    expect(drifted.state).toBe('waiting')
    const approval = await kernel.deps.gate.approvals.get(drifted.approval ?? '')
    expect(approval).toMatchObject({ kind: 'drift' })
    expect(approval.before?.changes.some((entry) => entry.change.kind === 'file-move' && entry.change.to.endsWith('/sorted/a.txt'))).toBe(
      true,
    )
    expect(
      approval.preview?.changes.some((entry) => entry.change.kind === 'file-move' && entry.change.to.endsWith('/sorted/a (2).txt')),
    ).toBe(true)
    expect(readFileSync(join(kernel.folder, 'a.txt'), 'utf8')).toBe('a')
    expect((await kernel.approve(drifted)).state).toBe('done')
    expect(readFileSync(join(kernel.folder, 'sorted', 'a (2).txt'), 'utf8')).toBe('a')
    expect(readFileSync(join(kernel.folder, 'sorted', 'a.txt'), 'utf8')).toBe('in the way')
  })

  it('refuses a plugin that does other than it showed', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const plan = withFolder(`
- id: lie
  tool: trial.lie
  input: { shown: "\${{ inputs.folder }}/shown.txt", done: "\${{ inputs.folder }}/done.txt" }`)
    const { run } = await kernel.preview(plan, { folder: kernel.folder })
    const failed = await kernel.approve(run)
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'change-not-approved' } })
    expect(readdirSync(kernel.folder)).toEqual([])
  })

  it('answers a stale approval with a clear no', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    writeFileSync(join(kernel.folder, 'a.txt'), 'a')
    const { run } = await kernel.preview(MOVES, { folder: kernel.folder })
    await expect(kernel.approve(run, { hash: 'something else' })).rejects.toMatchObject({ code: 'approval-stale' })
    const refused = await kernel.approve(run, { answer: 'refuse', reason: 'not today' })
    expect(refused).toMatchObject({ state: 'cancelled', error: { code: 'approval-refused', message: 'Refused: not today' } })
    await expect(kernel.approve({ ...refused, approval: run.approval })).rejects.toMatchObject({ code: 'approval-answered' })
  })
})

forEachStore((_name, _open, freshPlace) => {
  it('previews again with other inputs, and forgets what was seen of the old ones', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    mkdirSync(join(kernel.folder, 'one'))
    mkdirSync(join(kernel.folder, 'two'))
    writeFileSync(join(kernel.folder, 'one', 'a.txt'), 'a')
    writeFileSync(join(kernel.folder, 'two', 'b.txt'), 'b')
    const { run } = await kernel.preview(MOVES, { folder: join(kernel.folder, 'one') })
    const detail = await kernel.runs.edit(run.approval ?? '', { folder: join(kernel.folder, 'two') }, [], { kind: 'person', id: 'ada' })
    expect(detail.preview?.changes.flatMap((entry) => (entry.change.kind === 'file-move' ? [entry.change.from] : []))).toEqual([
      join(kernel.folder, 'two', 'b.txt'),
    ])
    expect(await kernel.approve(await kernel.runs.get(run.id))).toMatchObject({ state: 'done' })
    expect(readdirSync(join(kernel.folder, 'two', 'sorted'))).toEqual(['b.txt'])
    expect(readdirSync(join(kernel.folder, 'one'))).toEqual(['a.txt'])
  })

  it('follows a folder given as a link to where it leads', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    mkdirSync(join(kernel.folder, 'real'))
    writeFileSync(join(kernel.folder, 'real', 'a.txt'), 'a')
    symlinkSync(join(kernel.folder, 'real'), join(kernel.folder, 'link'))
    const { run, preview } = await kernel.preview(MOVES, { folder: join(kernel.folder, 'link') })
    expect(preview.summary.totals.files).toBe(1)
    expect(await kernel.approve(run)).toMatchObject({ state: 'done' })
    expect(readdirSync(join(kernel.folder, 'real', 'sorted'))).toEqual(['a.txt'])
  })
})

forEachStore((_name, _open, freshPlace) => {
  it('asks again before it removes a file that was edited after the approval', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const file = join(kernel.folder, 'copy.txt')
    writeFileSync(file, 'same')
    const { run } = await kernel.preview(
      withFolder('- id: away\n  tool: files.remove\n  input: { path: "${{ inputs.folder }}/copy.txt" }'),
      { folder: kernel.folder },
    )
    writeFileSync(file, 'mine')
    utimesSync(file, new Date(), new Date(Date.now() + 5000))
    const asked = await kernel.approve(run)
    expect(asked.state).toBe('waiting')
    expect(await kernel.deps.gate.approvals.get(asked.approval ?? '')).toMatchObject({ kind: 'drift' })
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(await kernel.approve(asked)).toMatchObject({ state: 'done' })
    expect(existsSync(file)).toBe(false)
  })
})
