import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { buildPlugins } from '../../../../../tools/build/plugins.ts'
import { forEachStore } from '../../store/testing.ts'
import { ada, manualClock, openKernel, withFolder } from '../testing.ts'

const remove = withFolder('- id: remove\n  tool: files.remove\n  input: { path: "${{ inputs.folder }}/a.txt" }')
const DAY = 86_400_000

forEachStore((_name, _open, freshPlace) => {
  it('can be undone until the date shown, and is final after it', async () => {
    await using place = await freshPlace()
    const clock = manualClock()
    await using kernel = await openKernel(place, { clock })
    writeFileSync(join(kernel.folder, 'a.txt'), 'a')
    const done = await kernel.approve((await kernel.preview(remove, { folder: kernel.folder })).run)
    expect(done.undo).toMatchObject({ possible: true, until: clock.now() + 30 * DAY })
    await kernel.runs.prune()
    expect((await kernel.runs.trash({ limit: 50 })).total).toBe(1)
    await clock.advance(30 * DAY)
    expect(await kernel.runs.prune()).toMatchObject({ effects: 1 })
    expect((await kernel.runs.trash({ limit: 50 })).total).toBe(0)
    await expect(kernel.runs.undo(done.id, { conflicts: 'skip' }, ada)).rejects.toMatchObject({
      code: 'undo-empty',
      message: 'Everything this run did is final.',
    })
  })

  it('lets the oldest go when the trash is beyond its limit', async () => {
    await using place = await freshPlace()
    const clock = manualClock()
    await using kernel = await openKernel(place, { clock, trashLimit: 5 })
    for (const content of ['old', 'newer']) {
      writeFileSync(join(kernel.folder, 'a.txt'), content)
      await kernel.approve((await kernel.preview(remove, { folder: kernel.folder })).run)
      await clock.advance(1000)
    }
    await kernel.runs.prune()
    const { items } = await kernel.runs.trash({ limit: 50 })
    expect(items.map((item) => item.size)).toEqual([5])
  })

  it('shows what is left again when a plugin changed since the approval', async () => {
    await using place = await freshPlace()
    const root = mkdtempSync(join(tmpdir(), 'lifeos-plugins-'))
    const folder = mkdtempSync(join(tmpdir(), 'lifeos-work-'))
    try {
      cpSync(fileURLToPath(new URL('../fixtures/plugins', import.meta.url)), join(root, 'plugins'), { recursive: true })
      const out = join(root, 'dist')
      await buildPlugins({ root, out })
      const plan = withFolder(
        '- id: first\n  tool: trial.note\n  input: { path: "${{ inputs.folder }}/first", text: x }\n- id: ok\n  after: [first]\n  approve: Go on?\n- id: second\n  after: [ok]\n  tool: trial.note\n  input: { path: "${{ inputs.folder }}/second", text: x }',
      )
      let id = ''
      {
        await using kernel = await openKernel(place, { folder, builds: [out] })
        const waiting = await kernel.approve((await kernel.preview(plan, { folder })).run)
        expect(waiting.state).toBe('waiting')
        expect(readdirSync(folder)).toEqual(['first'])
        id = waiting.id
      }
      const source = join(root, 'plugins', 'trial', 'src', 'index.ts')
      writeFileSync(source, readFileSync(source, 'utf8').replace("'Writes a small file.'", "'Writes one small file.'"))
      await buildPlugins({ root, out })
      await using kernel = await openKernel(place, { folder, builds: [out] })
      const again = await kernel.approve(await kernel.runs.get(id))
      expect(again.state).toBe('waiting')
      const detail = await kernel.deps.gate.approvals.get(again.approval ?? '')
      expect(detail.kind).toBe('preview')
      expect(detail.preview?.summary.warnings).toMatchObject([{ code: 'plugin-changed' }])
      expect(detail.preview?.changes.map((entry) => entry.step)).toEqual(['second'])
      expect(existsSync(join(folder, 'second'))).toBe(false)
      const settled = await kernel.approve(again)
      const done = settled.state === 'waiting' ? await kernel.approve(settled) : settled
      expect(done).toMatchObject({ state: 'done' })
      expect(readdirSync(folder).toSorted()).toEqual(['first', 'second'])
    } finally {
      rmSync(root, { recursive: true, force: true })
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
