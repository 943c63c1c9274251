// What brings suspended runs back, and what it leaves alone.
import { expect, it } from 'vitest'
import { forEachStore } from '../../store/testing.ts'
import { ada, fixtureBuild, openKernel } from '../testing.ts'

const waits = (wait: string): string =>
  `id: w\nname: W\nsteps:\n  - id: nap\n    wait: ${wait}\n  - { id: then, after: [nap], set: awake }\n`
const auto = { mode: 'autopilot' as const }

forEachStore((_name, _open, freshPlace) => {
  it('an event wakes no run that was cancelled or paused while it waited', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place, { builds: [await fixtureBuild()] })
    const { runs, deps } = kernel
    const [cancelled, paused, waiting] = await Promise.all([0, 1, 2].map(async () => kernel.start(waits('{ event: "mail.*" }'), {}, auto)))
    if (!cancelled || !paused || !waiting) throw new Error('three were started')
    await runs.recover() // it listens now
    await runs.cancel(cancelled.id, ada)
    await runs.pause(paused.id, ada)
    await deps.events.publish('mail.arrived', {})
    await expect.poll(async () => (await runs.settled(waiting.id)).state, { timeout: 20_000 }).toBe('done')
    for (const run of [cancelled, paused]) await runs.settled(run.id)
    expect([(await runs.get(cancelled.id)).state, (await runs.get(paused.id)).state]).toEqual(['cancelled', 'paused'])
    const row = await deps.store.db.selectFrom('runs').select(['owner']).where('id', '=', cancelled.id).executeTakeFirstOrThrow()
    expect(row.owner, 'who looked at it and left it alone holds nothing').toBeNull()
  })

  it('a run that is taken up while Life-OS closes is held by nobody afterwards', async () => {
    await using place = await freshPlace()
    const builds = [await fixtureBuild()]
    const { ids, going } = await (async () => {
      await using kernel = await openKernel(place, { builds, instance: 'one' })
      const { runs } = kernel
      const started = await Promise.all(Array.from({ length: 8 }, async () => kernel.start(waits('{ for: 1h }'), {}, auto)))
      for (const { id } of started) await runs.pause(id, ada)
      return { ids: started.map(({ id }) => id), going: started.map(async ({ id }) => runs.resume(id, ada).catch(() => undefined)) }
    })() // it closes with all of them on their way
    await Promise.all(going)
    await using kernel = await openKernel(place, { builds, instance: 'other' })
    const held = await kernel.deps.store.db.selectFrom('runs').select('id').where('id', 'in', ids).where('owner', 'is not', null).execute()
    expect(held).toEqual([])
  })
})
