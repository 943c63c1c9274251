import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan, Run, Step } from '@life-os/contract'
import { checkPlan, parsePlan } from '../../plans/index.ts'
import { ada, fixtureBuild, openKernel, type TestKernel } from '../../runs/testing.ts'
import { freshPlace } from '../../store/testing.ts'
import { createProofs, recallTool, type Proofs } from './recall.ts'
import { leftOf } from './replan.ts'

let kernel: TestKernel
let proofs: Proofs
let folder: string
let number = 0
beforeAll(async () => {
  kernel = await openKernel(await freshPlace('sqlite'), {
    builds: [await fixtureBuild()],
    tools: ({ store }) => [recallTool(store, (proofs = createProofs(store.db)))],
  })
}, 120_000)
afterAll(() => kernel[Symbol.asyncDispose]())

/** A folder of its own for each run, with a gate that lets nobody pass. */
function place(): string {
  folder = mkdtempSync(join(tmpdir(), `lifeos-rest-${(number += 1)}-`))
  mkdirSync(join(folder, 'out'))
  writeFileSync(join(folder, 'gate'), '')
  return folder
}
const start = async (plan: Plan, inputs: Record<string, unknown>): Promise<Run> => {
  const begun = await kernel.runs.start(
    { plan, inputs, mode: 'autopilot', priority: 0, allow: [`fs.write:${folder}/**`, `fs.read:${folder}/**`] },
    ada,
  )
  return kernel.runs.settled(begun.id)
}
const effectsOf = async (run: Run): Promise<string[]> => {
  const { items } = await kernel.runs.effects(run.id, { limit: 200 })
  return items.flatMap(({ change }) => ('path' in change ? [change.path] : [])).toSorted()
}
const planOf = (source: unknown): Plan => {
  const parsed = parsePlan(source)
  if (!parsed.ok) throw new Error(parsed.faults.map((fault) => `${fault.path}: ${fault.message}`).join('\n'))
  return parsed.plan
}
const left = (id: string) => leftOf(id, { runs: kernel.runs, proofs })

type Node =
  | { kind: 'note' }
  | { kind: 'gate'; turn: number }
  | { kind: 'group'; inner: Node[] }
  | { kind: 'each' | 'while'; turns: number; inner: Node[] }
  | { kind: 'branch'; taken: boolean; inner: Node[]; other: Node[] }

const { nodes } = fc.letrec<{ nodes: Node[]; node: Node }>((tie) => ({
  nodes: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constant<Node>({ kind: 'note' }),
    fc.integer({ min: 0, max: 2 }).map((turn): Node => ({ kind: 'gate', turn })),
    tie('nodes').map((inner): Node => ({ kind: 'group', inner })),
    fc
      .tuple(fc.constantFrom('each' as const, 'while' as const), fc.integer({ min: 1, max: 3 }), tie('nodes'))
      .map(([kind, turns, inner]): Node => ({ kind, turns, inner })),
    fc.tuple(fc.boolean(), tie('nodes'), tie('nodes')).map(([taken, inner, other]): Node => ({ kind: 'branch', taken, inner, other })),
  ),
}))

/** Steps one after the other, each note with a path of its own turn; a gate stops the run where its turn comes. */
function stepsOf(list: readonly Node[], loops: readonly string[], next: { id: number }): Step[] {
  const turn = loops.map((loop) => `-\${{ steps.${loop} }}`).join('')
  let before: string | undefined
  return list.flatMap((node): Step[] => {
    const id = `s${(next.id += 1)}`
    const after = before === undefined ? {} : { after: [before] }
    before = id
    switch (node.kind) {
      case 'note':
        return [{ id, ...after, tool: 'trial.note', input: { path: `\${{ inputs.folder }}/out/${id}${turn}.txt`, text: id } }]
      case 'gate':
        return [
          {
            id,
            ...after,
            tool: 'trial.count',
            input: {
              path: '${{ inputs.folder }}/gate',
              until: loops.length > 0 ? `\${{ steps.${loops.at(-1)} == ${node.turn} ? 1 : 0 }}` : 1,
            },
          },
        ]
      case 'group':
        return [{ id, ...after, group: stepsOf(node.inner, loops, next) }]
      case 'branch':
        return [
          {
            id,
            ...after,
            branch: [{ when: `\${{ inputs.folder != ${node.taken ? "''" : 'inputs.folder'} }}`, steps: stepsOf(node.inner, loops, next) }],
            else: stepsOf(node.other, loops, next),
          },
        ]
      case 'each':
      case 'while': {
        const at = `${id}at`
        const steps: Step[] = [
          { id: at, set: '${{ index }}' },
          { id: `${id}in`, after: [at], group: stepsOf(node.inner, [...loops, at], next) },
        ]
        return node.kind === 'each'
          ? [
              {
                id,
                ...after,
                each: `\${{ [${Array.from({ length: node.turns }, (_, index) => index).join(', ')}] }}`,
                as: 'turn',
                concurrency: 1,
                steps,
              },
            ]
          : [{ id, ...after, while: `\${{ index < ${node.turns} }}`, max: node.turns, steps }]
      }
    }
  })
}

describe('the rest of a run', () => {
  it('with what was done is the whole, and nothing that was done is done again', async () => {
    let failures = 0
    await fc.assert(
      fc.asyncProperty(fc.array(nodes, { minLength: 1, maxLength: 3 }), async (lists) => {
        const steps = stepsOf(lists.flat(), [], { id: 0 })
        const plan = planOf({ id: 'trial', name: 'Trial', inputs: { folder: { type: 'path' } }, steps })
        place()
        const first = await start(plan, { folder })
        const done = await effectsOf(first)
        writeFileSync(join(folder, 'gate'), '\n')
        if (first.state !== 'done') {
          failures += 1
          expect(first).toMatchObject({ state: 'failed' })
          const { rest } = await left(first.id)
          const context = {
            tool: (id: string) =>
              kernel.deps.plugins.tool(id) ?? kernel.deps.tools?.find((tool) => tool.description.id === id)?.description,
            plan: () => undefined,
          }
          expect(checkPlan(rest.plan, context)).toEqual([])
          const second = await start(rest.plan, { folder })
          expect(second).toMatchObject({ state: 'done', error: null })
          const more = await effectsOf(second)
          expect(more.filter((path) => done.includes(path))).toEqual([])
          done.push(...more)
        }
        const written = readdirSync(join(folder, 'out')).map((name) => join(folder, 'out', name))
        expect(done.toSorted()).toEqual(written.toSorted())
        rmSync(folder, { recursive: true })
        place()
        writeFileSync(join(folder, 'gate'), '\n')
        const whole = await start(plan, { folder })
        expect(whole).toMatchObject({ state: 'done' })
        expect(written.map((path) => path.split('/').at(-1)).toSorted()).toEqual(readdirSync(join(folder, 'out')).toSorted())
        rmSync(folder, { recursive: true })
      }),
      { numRuns: 25 },
    )
    expect(failures).toBeGreaterThan(4)
  }, 240_000)
})

describe('replanning', () => {
  const NOTES = (more: unknown[]) =>
    planOf({
      id: 'notes',
      name: 'Notes',
      inputs: { folder: { type: 'path' } },
      steps: [{ id: 'first', tool: 'trial.note', input: { path: '${{ inputs.folder }}/out/first.txt', text: 'x' } }, ...more],
      outputs: { first: '${{ steps.first.path }}' },
    })
  const GATE = { id: 'gate', after: ['first'], tool: 'trial.count', input: { path: '${{ inputs.folder }}/gate', until: 1 } }

  it('keeps what finished steps gave for all that reads them', async () => {
    place()
    const first = await start(
      NOTES([GATE, { id: 'told', after: ['gate'], tool: 'trial.echo', input: { value: '${{ steps.first.path }}' } }]),
      { folder },
    )
    writeFileSync(join(folder, 'gate'), '\n')
    const { rest, notices } = await left(first.id)
    expect(notices.map(({ code }) => code)).toEqual(['run-failed', 'replan-finished'])
    expect(rest.finished).toEqual(['first'])
    const second = await start(rest.plan, { folder })
    expect(second.state).toBe('done')
    expect(await kernel.runs.outputs(second.id)).toEqual({ first: join(folder, 'out/first.txt') })
  })

  it('asks before it does what may have been done in part', async () => {
    place()
    const paths = [`${folder}/out/a.txt`, `${folder}/out/b.txt`]
    const first = await start(
      planOf({
        id: 'p',
        name: 'P',
        inputs: {},
        steps: [{ id: 'both', title: 'Write both', tool: 'trial.more', input: { path: paths[0], other: '/nowhere/b.txt', late: true } }],
      }),
      {},
    )
    const ended = first.state === 'waiting' ? await kernel.runs.cancel(first.id, ada) : first
    const { rest } = await left(ended.id)
    expect(rest.plan.steps).toMatchObject([
      { id: 'both_again', approve: expect.stringContaining('Write both') as string },
      { id: 'both', after: ['both_again'] },
    ])
  })

  it('says why where nothing is left, or the run goes on', async () => {
    place()
    const done = await start(NOTES([]), { folder })
    await expect(left(done.id)).rejects.toMatchObject({ code: 'replan-done' })
    const waiting = await start(NOTES([{ id: 'ask', after: ['first'], approve: 'Go on?' }]), { folder })
    expect(waiting.state).toBe('waiting')
    await expect(left(waiting.id)).rejects.toMatchObject({ code: 'replan-not-ended' })
    await kernel.runs.cancel(waiting.id, ada)
    expect((await left(waiting.id)).rest.plan.steps.map(({ id }) => id)).toEqual(['first_before', 'first', 'ask'])
  })

  it('lets no plan but its own read what a run did', async () => {
    place()
    const first = await start(NOTES([GATE]), { folder })
    const spy = (proof: string) =>
      planOf({ id: 'spy', name: 'Spy', steps: [{ id: 'look', tool: 'life-os.recall', input: { run: first.id, step: 'first', proof } }] })
    expect(await start(spy('0'.repeat(64)), {})).toMatchObject({ state: 'failed', error: { code: 'replan-proof' } })
    expect(await start(spy(await proofs.of(first.id)), {})).toMatchObject({ state: 'done' })
    writeFileSync(join(folder, 'gate'), '\n')
    await kernel.runs.retry(first.id, undefined, ada)
    expect(await kernel.runs.settled(first.id)).toMatchObject({ state: 'done' })
    expect(await start(spy(await proofs.of(first.id)), {})).toMatchObject({ state: 'failed', error: { code: 'replan-not-ended' } })
  })

  it('carries the labels of what it recalls', async () => {
    place()
    await kernel.labels.setFolder(join(folder, 'gate'), ['private'], 'ada')
    writeFileSync(join(folder, 'gate'), '\n')
    const read = { id: 'read', tool: 'trial.count', input: { path: '${{ inputs.folder }}/gate', until: 0 } }
    const first = await start(
      planOf({
        id: 'p',
        name: 'P',
        inputs: { folder: { type: 'path' } },
        steps: [read, { ...GATE, after: ['read'], input: { ...GATE.input, until: 9 } }],
      }),
      { folder },
    )
    const { items } = await kernel.runs.journal(first.id, 0, 200)
    const before = items.flatMap(({ event }) => (event.type === 'try-finished' && event.path === 'read' ? [event.output.labels] : []))
    const { rest } = await left(first.id)
    writeFileSync(join(folder, 'gate'), '\n'.repeat(10))
    const second = await start(rest.plan, { folder })
    const journal = await kernel.runs.journal(second.id, 0, 200)
    const after = journal.items.flatMap(({ event }) =>
      event.type === 'step-finished' && event.path === 'read' ? [event.output.labels] : [],
    )
    expect([before, after]).toEqual([[['private']], [['private']]])
  })

  it('leaves whole what an agent or another plan was in the middle of', async () => {
    place()
    const inner = NOTES([GATE])
    const plan = planOf({
      id: 'outer',
      name: 'Outer',
      inputs: { folder: { type: 'path' } },
      steps: [{ id: 'sub', plan: 'notes', input: { folder: '${{ inputs.folder }}' } }],
    })
    kernel.deps.plans.find = async (id) => (id === 'notes' ? inner : null)
    const first = await start(plan, { folder })
    await expect(left(first.id)).rejects.toMatchObject({ code: 'replan-inside' })
  })
})
