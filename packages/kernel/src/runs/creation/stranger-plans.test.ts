import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Plan } from '@life-os/contract'
import { forEachStore } from '../../store/testing.ts'
import { fixtureBuild, openKernel, planOf } from '../testing.ts'

const reads = (path: string, name = 'Look') =>
  planOf(`id: look\nname: ${name}\nsteps:\n  - id: look\n    tool: trial.count\n    input: { path: "${path}", until: 0 }\n`)
const caller = planOf('id: mine\nname: Mine\nsteps:\n  - id: theirs\n    plan: look\n')

forEachStore((_name, _open, freshPlace) => {
  const open = async (place: Awaited<ReturnType<typeof freshPlace>>, plans: Record<string, Plan>) => {
    const kernel = await openKernel(place, { plans, builds: [await fixtureBuild()] })
    kernel.deps.plans.isStranger = async (id) => id === 'look'
    const file = join(kernel.folder, 'a.txt')
    writeFileSync(file, 'hello')
    const run = async (plan: string) => await kernel.start('id: x\nname: X\nsteps: [{ id: a, set: 1 }]', {}, { plan, mode: 'autopilot' })
    return { kernel, file, run }
  }

  it('what was allowed to a stranger’s plan for good holds for its text, not for the next one under its id', async () => {
    await using place = await freshPlace()
    const plans: Record<string, Plan> = { mine: caller }
    const { kernel, file, run } = await open(place, plans)
    await using _kernel = kernel
    plans['look'] = reads(file)
    expect((await kernel.approve(await run('look'), { remember: 'always' })).state).toBe('done')
    expect((await run('look')).state).toBe('done')
    plans['look'] = reads(file, 'An update')
    expect((await run('look')).state).toBe('waiting')
  })

  it('nor does what was allowed to a plan that calls it', async () => {
    await using place = await freshPlace()
    const plans: Record<string, Plan> = { mine: caller }
    const { kernel, file, run } = await open(place, plans)
    await using _kernel = kernel
    plans['look'] = reads(file)
    expect((await kernel.approve(await run('mine'), { remember: 'always' })).state).toBe('done')
    expect((await run('mine')).state).toBe('done')
    plans['look'] = reads(file, 'An update')
    expect((await run('mine')).state).toBe('waiting')
  })

  it('what was denied to its id stays denied, whatever its text', async () => {
    await using place = await freshPlace()
    const plans: Record<string, Plan> = {}
    const { kernel, file, run } = await open(place, plans)
    await using _kernel = kernel
    plans['look'] = reads(file)
    const subject = { kind: 'plan', id: 'look' } as const
    await kernel.deps.gate.grants.add({ subject, permission: 'fs.read:**', verdict: 'deny', expiresAt: null }, 'settings', 'ada')
    expect(await run('look')).toMatchObject({ state: 'failed', error: { code: 'gate-refused' } })
  })
})
