import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Run } from '@life-os/contract'
import { forEachStore } from '../../store/testing.ts'
import { ada, manualClock, openKernel, planOf, withFolder, type TestKernel } from '../testing.ts'

/** A plan of pure steps and its outputs. */
function plain(steps: string, outputs = ''): string {
  return `id: trial\nname: Trial\nsteps:\n${steps.trim().replaceAll(/^/gm, '  ')}\n${outputs && `outputs:\n${outputs.trim().replaceAll(/^/gm, '  ')}\n`}`
}
async function outputsOf(kernel: TestKernel, run: Run): Promise<unknown> {
  expect(run.error).toBeNull()
  expect(run.state).toBe('done')
  return kernel.runs.outputs(run.id)
}
/** Lets everything that is ready happen, however many turns of the event loop that takes. */
async function eventually<T>(look: () => Promise<T | undefined | null | false>): Promise<T> {
  for (let turn = 0; turn < 2000; turn += 1) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('it never came')
}

forEachStore((_name, _open, freshPlace) => {
  it('runs set, each, while, branch, group and sub-plans to their outputs', async () => {
    await using place = await freshPlace()
    const sub = planOf(
      'id: double\nname: Double\ninputs:\n  n: { type: number }\nsteps:\n  - id: twice\n    set: "${{ inputs.n * 2.0 }}"\noutputs:\n  n: "${{ steps.twice }}"\n',
    )
    await using kernel = await openKernel(place, { plans: { double: sub } })
    const run = await kernel.start(
      plain(
        `
- id: list
  set: [3, 1, 2]
- id: mapped
  each: "\${{ steps.list }}"
  as: n
  max: 10
  steps:
    - id: text
      set: "item \${{ n }} at \${{ index }}"
- id: counted
  while: "\${{ index < 3 }}"
  max: 5
  steps:
    - id: turn
      set: "\${{ index }}"
- id: choice
  branch:
    - when: "\${{ size(steps.list) > 5 }}"
      steps: [{ id: many, set: many }]
  else: [{ id: few, set: few }]
- id: skipped
  when: "\${{ size(steps.list) > 9 }}"
  set: never
- id: doubled
  plan: double
  input: { n: 21 }`,
        `
mapped: "\${{ steps.mapped.map(r, r.text) }}"
counted: "\${{ steps.counted.map(r, r.turn) }}"
choice: "\${{ steps.choice.few }}"
skipped: "\${{ steps.skipped }}"
doubled: "\${{ steps.doubled.n }}"`,
      ),
    )
    expect(await outputsOf(kernel, run)).toEqual({
      mapped: ['item 3 at 0', 'item 1 at 1', 'item 2 at 2'],
      counted: [0, 1, 2],
      choice: 'few',
      skipped: null,
      doubled: 42,
    })
  })

  it('retries with backoff until it works, and says how often', async () => {
    await using place = await freshPlace()
    const clock = manualClock()
    await using kernel = await openKernel(place, { clock })
    const file = join(kernel.folder, 'lines')
    writeFileSync(file, '')
    const plan = withFolder(`
- id: count
  tool: trial.count
  input: { path: "\${{ inputs.folder }}/lines", until: 2 }
  retry: { tries: 5, wait: 1s, factor: 2, max: 10s }`)
    const { id } = await kernel.runs.start(
      { plan: planOf(plan), inputs: { folder: kernel.folder }, mode: 'autopilot', priority: 0, allow: [] },
      ada,
    )
    for (const lines of ['one\n', 'one\ntwo\n']) {
      await eventually(
        async () =>
          (await kernel.runs.journal(id, 0, 1000)).items.filter(({ event }) => event.type === 'try-failed').length ===
          lines.split('\n').length - 1,
      )
      await eventually(async () => clock.sleeping() > 0)
      writeFileSync(file, lines)
      await clock.advance(11_000)
    }
    const done = await kernel.runs.settled(id)
    expect(done).toMatchObject({ state: 'done', error: null })
    const waits = (await kernel.runs.journal(id, 0, 1000)).items.flatMap(({ at, event }) =>
      event.type === 'try-failed' ? [(event.retryAt ?? 0) - at] : [],
    )
    expect(waits).toHaveLength(2)
    expect(waits[0]).toBeGreaterThanOrEqual(500)
    expect(waits[0]).toBeLessThanOrEqual(1000)
    expect(waits[1]).toBeGreaterThanOrEqual(1000)
    expect(waits[1]).toBeLessThanOrEqual(2000)
  })

  it('goes on, falls back or rolls its group back when a step fails', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const failing = (handler: string): string =>
      withFolder(`
- id: both
  group:
    - id: note
      tool: trial.note
      input: { path: "\${{ inputs.folder }}/note.txt", text: hello }
    - id: fails
      after: [note]
      tool: trial.count
      input: { path: "\${{ inputs.folder }}/missing", until: 1 }
      on-error: ${handler}`)
    const allow = [`fs.write:${kernel.folder}/**`]
    const run = (handler: string) => kernel.start(failing(handler), { folder: kernel.folder }, { mode: 'autopilot', allow })
    expect(await run('continue')).toMatchObject({ state: 'done', progress: { failed: 1 } })
    expect(readdirSync(kernel.folder)).toEqual(['note.txt'])
    expect(await run('{ fallback: [{ id: other, set: instead }] }')).toMatchObject({ state: 'done' })
    const before = readdirSync(kernel.folder).toSorted()
    expect(await run('undo')).toMatchObject({ state: 'failed', errorPath: 'both.fails' })
    expect(readdirSync(kernel.folder).toSorted()).toEqual(before)
    expect(await run('fail')).toMatchObject({ state: 'failed', errorPath: 'both.fails' })
  })

  it('asks a person about an error, and retries', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const waiting = await kernel.start(
      withFolder('- id: count\n  tool: trial.count\n  on-error: ask\n  input: { path: "${{ inputs.folder }}/lines", until: 1 }'),
      { folder: kernel.folder },
      { mode: 'autopilot' },
    )
    expect(waiting.state).toBe('waiting')
    expect(await kernel.deps.gate.approvals.get(waiting.approval ?? '')).toMatchObject({ kind: 'error', step: 'count' })
    writeFileSync(join(kernel.folder, 'lines'), 'one\n')
    expect(await kernel.approve(waiting, { answer: 'retry' })).toMatchObject({ state: 'done' })
  })

  it('fails, and is retried from the failed step without repeating the others', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const plan = withFolder(`
- id: note
  tool: trial.note
  input: { path: "\${{ inputs.folder }}/note.txt", text: hello }
- id: count
  after: [note]
  tool: trial.count
  input: { path: "\${{ inputs.folder }}/lines", until: 1 }`)
    const failed = await kernel.start(plan, { folder: kernel.folder }, { mode: 'autopilot', allow: [`fs.write:${kernel.folder}/**`] })
    expect(failed).toMatchObject({ state: 'failed', errorPath: 'count' })
    writeFileSync(join(kernel.folder, 'lines'), 'one\n')
    await kernel.runs.retry(failed.id, undefined, ada)
    expect(await kernel.runs.settled(failed.id)).toMatchObject({ state: 'done', error: null })
    expect(readdirSync(kernel.folder).toSorted()).toEqual(['lines', 'note.txt'])
  })

  it('checks what must hold before and after', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    expect(await kernel.start(plain('- id: a\n  require: "${{ 1 > 2 }}"\n  set: 1'))).toMatchObject({
      state: 'failed',
      error: { code: 'require-failed' },
    })
    expect(await kernel.start(plain('- id: a\n  ensure: "${{ steps.a > 2 }}"\n  set: 1'))).toMatchObject({
      state: 'failed',
      error: { code: 'ensure-failed' },
    })
    expect(await kernel.start(plain('- id: a\n  while: "${{ true }}"\n  max: 3\n  steps: [{ id: b, set: 1 }]'))).toMatchObject({
      state: 'failed',
      error: { code: 'while-too-long' },
    })
  })

  it('waits on time across a restart', async () => {
    await using place = await freshPlace()
    const clock = manualClock()
    const plan = plain('- id: nap\n  wait: { for: 2h }\n- id: then\n  after: [nap]\n  set: awake', 'said: "${{ steps.then }}"')
    let id = ''
    {
      await using kernel = await openKernel(place, { clock })
      id = (await kernel.start(plan, {}, { mode: 'autopilot' })).id
      expect(await kernel.runs.get(id)).toMatchObject({ state: 'waiting' })
    }
    await using kernel = await openKernel(place, { clock })
    await kernel.runs.recover()
    expect(await kernel.runs.get(id)).toMatchObject({ state: 'waiting' })
    await clock.advance(7_200_000)
    expect(
      await eventually(async () => {
        const run = await kernel.runs.get(id)
        return run.state === 'done' && run
      }),
    ).toMatchObject({ state: 'done' })
    expect(await kernel.runs.outputs(id)).toEqual({ said: 'awake' })
  })

  it('waits on an event, also one published before it was looked for again, and gives up in time', async () => {
    await using place = await freshPlace()
    const clock = manualClock()
    const plan = plain('- id: mail\n  wait: { event: "mail.*", timeout: 1h }', 'subject: "${{ steps.mail.event.subject }}"')
    let id = ''
    {
      await using kernel = await openKernel(place, { clock })
      id = (await kernel.start(plan, {}, { mode: 'autopilot' })).id
    }
    await using kernel = await openKernel(place, { clock })
    await kernel.deps.events.publish('mail.arrived', { subject: 'hello' })
    await kernel.runs.recover()
    await eventually(async () => (await kernel.runs.get(id)).state === 'done')
    expect(await kernel.runs.outputs(id)).toEqual({ subject: 'hello' })

    const second = await kernel.start(plan, {}, { mode: 'autopilot' })
    await clock.advance(3_600_001)
    expect(
      await eventually(async () => {
        const run = await kernel.runs.get(second.id)
        return run.state === 'failed' && run
      }),
    ).toMatchObject({ error: { code: 'wait-timeout' } })
  })

  it('asks in the middle, holding nothing, and lets the approval expire', async () => {
    await using place = await freshPlace()
    const clock = manualClock()
    await using kernel = await openKernel(place, { clock })
    const plan = plain(
      '- id: ok\n  approve: Send it?\n  expires: 1h\n- id: then\n  after: [ok]\n  set: "${{ steps.ok.approved }}"',
      'said: "${{ steps.then }}"',
    )
    const first = await kernel.start(plan, {}, { mode: 'autopilot' })
    expect(first.state).toBe('waiting')
    expect(
      await kernel.deps.store.db.selectFrom('runs').select(['owner', 'lease_until']).where('id', '=', first.id).executeTakeFirst(),
    ).toEqual({ owner: null, lease_until: null })
    expect(await kernel.approve(first)).toMatchObject({ state: 'done' })
    const second = await kernel.start(plan, {}, { mode: 'autopilot' })
    await clock.advance(3_600_001)
    expect(
      await eventually(async () => {
        const run = await kernel.runs.get(second.id)
        return run.state === 'failed' && run
      }),
    ).toMatchObject({ error: { code: 'approval-expired' } })
  })

  it('stops at its budget with its work intact', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const plan = withFolder(`
- id: many
  each: "\${{ ['a', 'b', 'c', 'd'] }}"
  as: name
  max: 4
  concurrency: 1
  steps:
    - id: note
      tool: trial.note
      input: { path: "\${{ inputs.folder }}/\${{ name }}", text: x }`)
    const stopped = await kernel.start(
      plan,
      { folder: kernel.folder },
      { mode: 'autopilot', allow: [`fs.write:${kernel.folder}/**`], budget: { steps: 2 } },
    )
    expect(stopped).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded' } })
    expect(readdirSync(kernel.folder).toSorted()).toEqual(['a', 'b'])
  })

  it('cancels what is in flight; pauses and resumes', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const { id } = await kernel.runs.start(
      { plan: planOf(plain('- id: long\n  tool: trial.wait\n  input: {}')), inputs: {}, mode: 'autopilot', priority: 0, allow: [] },
      ada,
    )
    await eventually(async () => (await kernel.runs.steps(id, { limit: 5 })).items.some((step) => step.state === 'running'))
    expect(await kernel.runs.cancel(id, ada)).toMatchObject({ state: 'cancelled' })
    await expect(kernel.runs.resume(id, ada)).rejects.toMatchObject({ code: 'run-over' })

    const napping = await kernel.start(plain('- id: nap\n  wait: { for: 1h }'), {}, { mode: 'autopilot' })
    expect(await kernel.runs.pause(napping.id, ada)).toMatchObject({ state: 'paused' })
    await kernel.runs.resume(napping.id, ada)
    expect(await kernel.runs.settled(napping.id)).toMatchObject({ state: 'waiting' })
  })

  it('stops everything at once, lets nothing through until lifted, and remembers it over a restart', async () => {
    await using place = await freshPlace()
    const note = withFolder('- id: note\n  tool: trial.note\n  input: { path: "${{ inputs.folder }}/a", text: x }')
    {
      await using kernel = await openKernel(place)
      const { id } = await kernel.runs.start(
        { plan: planOf(plain('- id: long\n  tool: trial.wait\n  input: {}')), inputs: {}, mode: 'autopilot', priority: 0, allow: [] },
        ada,
      )
      await eventually(async () => (await kernel.runs.steps(id, { limit: 5 })).items.some((step) => step.state === 'running'))
      const { run } = await kernel.preview(note, { folder: kernel.folder })
      expect(await kernel.runs.stopAll(ada)).toEqual({ stopped: 1 })
      expect(await kernel.runs.settled(id)).toMatchObject({ state: 'stopped' })
      await expect(kernel.approve(run)).rejects.toMatchObject({ code: 'emergency-stop' })
      const refused = await kernel.start(note, { folder: kernel.folder }, { mode: 'autopilot', allow: [`fs.write:${kernel.folder}/**`] })
      expect(refused).toMatchObject({ state: 'stopped', error: { code: 'emergency-stop' } })
      expect(existsSync(join(kernel.folder, 'a'))).toBe(false)
    }
    await using kernel = await openKernel(place)
    expect(kernel.runs.stopped()).toBe(true)
    await kernel.runs.liftStop(ada)
    expect(
      await kernel.start(note, { folder: kernel.folder }, { mode: 'autopilot', allow: [`fs.write:${kernel.folder}/**`] }),
    ).toMatchObject({ state: 'done' })
  })

  it('asks in autopilot where no grant covers a change, and remembers the answer for the plan', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const note = withFolder('- id: note\n  tool: trial.note\n  input: { path: "${{ inputs.folder }}/a", text: x }')
    const asked = await kernel.start(note, { folder: kernel.folder }, { mode: 'autopilot' })
    expect(asked.state).toBe('waiting')
    expect(existsSync(join(kernel.folder, 'a'))).toBe(false)
    expect(await kernel.approve(asked, { remember: 'always' })).toMatchObject({ state: 'done' })
    const again = await kernel.start(note, { folder: kernel.folder }, { mode: 'autopilot' })
    expect(again).toMatchObject({ state: 'done' })
    expect(readdirSync(kernel.folder).toSorted()).toEqual(['a', 'a (2)'])
  })

  it('only looks in observe', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const note = withFolder('- id: note\n  tool: trial.note\n  input: { path: "${{ inputs.folder }}/a", text: x }')
    expect(await kernel.start(note, { folder: kernel.folder }, { mode: 'observe' })).toMatchObject({
      state: 'failed',
      error: { code: 'gate-refused' },
    })
    expect(readdirSync(kernel.folder)).toEqual([])
  })
})
