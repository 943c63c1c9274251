import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Actor } from '@life-os/contract'
import { forEachStore } from '../../store/testing.ts'
import { fixtureBuild, openKernel, planOf } from '../testing.ts'

const clerk: Actor = { kind: 'agent', id: 'clerk', name: 'Clerk' }

forEachStore((_name, _open, freshPlace) => {
  it('what was allowed to a saved plan does not serve an agent that starts it: its inputs are a model’s choice', async () => {
    await using place = await freshPlace()
    const plan = planOf(
      'id: look\nname: Look\ninputs:\n  at: { type: text }\nsteps:\n  - id: look\n    tool: trial.count\n    input: { path: "${{ inputs.at }}", until: 0 }\n',
    )
    await using kernel = await openKernel(place, { plans: { look: plan }, builds: [await fixtureBuild()] })
    const file = join(kernel.folder, 'a.txt')
    writeFileSync(file, 'hello')
    const { grants } = kernel.deps.gate
    await grants.add(
      { subject: { kind: 'plan', id: 'look' }, permission: 'fs.read:**', verdict: 'allow', expiresAt: null },
      'settings',
      'ada',
    )
    const request = { plan: 'look', inputs: { at: file }, mode: 'autopilot' as const, priority: 0, allow: [] }
    const person = await kernel.runs.start(request, { kind: 'person', id: 'ada', name: 'Ada' })
    expect((await kernel.runs.settled(person.id)).state).toBe('done')
    const agents = await kernel.runs.start(request, clerk)
    const waiting = await kernel.runs.settled(agents.id)
    expect(waiting.state).toBe('waiting')
    const done = await kernel.approve(waiting, { remember: 'always' })
    expect(done.state).toBe('done')
    const remembered = await grants.current()
    expect(remembered.map(({ subject }) => subject)).toContainEqual({ kind: 'agent', id: 'clerk' })
    const again = await kernel.runs.start(request, clerk)
    expect((await kernel.runs.settled(again.id)).state).toBe('done')
  })
})
