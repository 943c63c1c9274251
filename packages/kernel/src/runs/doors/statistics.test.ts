import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { forEachStore } from '../../store/testing.ts'
import { openKernel, planOf, withFolder } from '../testing.ts'

const NOTE = withFolder(`
- id: note
  tool: files.write
  input: { path: "\${{ inputs.folder }}/note.txt", content: "a note", replace: true }`)

forEachStore((_name, _open, freshPlace) => {
  it('tells how long the work takes: without what a person thinks, and of what was done alone', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const plan = planOf(NOTE).id
    const done = await kernel.approve((await kernel.preview(NOTE, { folder: kernel.folder })).run)
    expect(done.state).toBe('done')
    const hourEarlier = (done.startedAt ?? 0) - 3_600_000
    await kernel.deps.store.db.updateTable('runs').set({ started_at: hourEarlier }).where('id', '=', done.id).execute()
    expect(await kernel.runs.statistics(plan)).toMatchObject({ runs: 1, done: 1, averageTime: done.cost.time })

    writeFileSync(join(kernel.folder, 'no-folder'), '')
    const failed = await kernel.runs.settled((await kernel.preview(NOTE, { folder: join(kernel.folder, 'no-folder') })).run.id)
    expect(failed.state).toBe('failed')
    await kernel.deps.store.db.updateTable('runs').set({ started_at: hourEarlier }).where('id', '=', failed.id).execute()
    expect(await kernel.runs.statistics(plan)).toMatchObject({ runs: 2, failed: 1, averageTime: done.cost.time })
  })
})
