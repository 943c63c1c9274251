import { expect, it } from 'vitest'
import { forEachStore } from '../../store/testing.ts'
import { openKernel } from '../testing.ts'

forEachStore((_name, _open, freshPlace) => {
  it('of two questions that wait side by side the second is the run’s own once the first is answered', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const plan = 'id: two\nname: Two\nsteps:\n  - id: left\n    approve: Left?\n  - id: right\n    approve: Right?\n'
    const first = await kernel.approve(await kernel.start(plan))
    expect(first.state).toBe('waiting')
    const { items } = await kernel.deps.gate.approvals.list({ run: first.id, state: 'waiting', limit: 10 })
    expect(items.map(({ step }) => step).toSorted()).toEqual(['left', 'right'])
    const second = await kernel.approve(first)
    expect(second.state).toBe('waiting')
    const asked = await kernel.deps.gate.approvals.get(second.approval ?? '')
    expect(asked.state).toBe('waiting')
    expect(asked.id).not.toBe(first.approval)
    expect((await kernel.approve(second)).state).toBe('done')
  })
})
