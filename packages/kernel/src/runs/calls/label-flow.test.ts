import { joinLabels, type Label, type Labels, type Plan, type ToolStep } from '@life-os/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBudget } from '../interpreter/budget.ts'
import { interpret } from '../interpreter/interpreter.ts'
import { createLabelFlow } from './label-flow.ts'
import { SUSPENDED, failWith, valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import type { Frame, World } from '../interpreter/world.ts'

/** Plugins as far as labels go: one process each, whose labels fall when it is started anew. */
function processes() {
  const carried = new Map<string, Labels>()
  return {
    labels: (plugin: string) => carried.get(plugin) ?? [],
    taint: (plugin: string, labels: Labels) => void carried.set(plugin, joinLabels(carried.get(plugin), labels)),
    get: () => ({}) as never, // every plugin is there; nothing of it is looked at
    restarted: (plugin: string) => void carried.delete(plugin),
  }
}

describe('labels in a process', () => {
  it('what one call reads reaches those beside it and those after it, until the process is started anew', () => {
    const plugins = processes()
    const flow = createLabelFlow(plugins)
    const one = flow.begin('p', [], [])
    const two = flow.begin('p', [], [])
    const other = flow.begin('q', [], [])
    one.add('private', '/Taxes')
    expect([one.current, two.current, other.current]).toEqual([['private'], ['private'], []])
    expect(two.sources).toEqual([{ label: 'private', from: 'p, which has seen /Taxes' }])
    expect(flow.begin('p', ['untrusted'], []).current).toEqual(['private', 'untrusted'])
    plugins.restarted('p')
    expect(flow.carried('p')).toEqual(['private', 'untrusted']) // calls are still under way
    expect(flow.busy('p')).toBe(true)
  })

  it('where a label came from is told in one breath, through however many calls and processes it went', () => {
    const flow = createLabelFlow(processes())
    const first = flow.begin('files', [], [])
    const second = flow.begin('files', [], [])
    first.add('private', '~/Downloads')
    const third = flow.begin('web', [], [])
    flow.begin('web', ['private'], second.sources)
    flow.begin('files', ['private'], third.sources)
    for (const { sources } of [second, third]) expect(sources[0]?.from).toMatch(/^(files|web), which has seen ~\/Downloads$/)
    const late = flow.begin('late', [], [])
    flow.begin('late', ['untrusted'], [])
    expect(late.sources).toEqual([{ label: 'untrusted', from: 'late, which has seen what it was given' }])
  })

  it('a fresh process without calls carries nothing, an old one all it has served', () => {
    const plugins = processes()
    const flow = createLabelFlow(plugins)
    flow.begin('p', ['private'], [])[Symbol.dispose]()
    expect([flow.busy('p'), flow.carried('p')]).toEqual([false, ['private']])
    plugins.restarted('p')
    expect(flow.carried('p')).toEqual([])
  })
})

/** A value with the labels that it must at least carry, whichever way a plan takes. */
interface Sketch {
  kind: 'read' | 'fail' | 'set' | 'when' | 'require' | 'ensure' | 'branch' | 'each' | 'while' | 'fallback' | 'continue' | 'group' | 'plan'
  own: Label[]
  from: number
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  kind: fc.constantFrom(
    'read',
    'fail',
    'set',
    'when',
    'require',
    'ensure',
    'branch',
    'each',
    'while',
    'fallback',
    'continue',
    'group',
    'plan',
  ),
  own: fc.uniqueArray(fc.constantFrom<Label>('private', 'untrusted'), { maxLength: 2 }),
  from: fc.nat(),
})
const readStep = (id: string, own: readonly Label[], input: unknown = null): ToolStep =>
  ({ id, tool: 'read', input: { own, input } }) as unknown as ToolStep // as parsePlan would make it

/** One step after another, each reading an earlier one in its own way; and what each must carry. */
function planOf(sketches: readonly Sketch[]): { plan: Plan; must: Map<string, Labels> } {
  const must = new Map<string, Labels>([['s', []]])
  const steps: unknown[] = [readStep('s', [])]
  sketches.forEach((one, index) => {
    const id = `s${index}`
    const earlier = [...must.keys()]
    const from = earlier[one.from % earlier.length] ?? 's'
    const value = `steps.${from}`
    const read = `\${{ ${value} }}`
    const holds = `\${{ ${value} != 'no such value' }}`
    const inner = readStep('inner', one.own)
    const shapes: Record<Sketch['kind'], unknown> = {
      read: readStep(id, one.own, read),
      fail: { ...readStep(id, one.own, read), tool: 'fail', 'on-error': 'continue' },
      continue: { ...readStep(id, one.own), tool: 'fail', when: holds, 'on-error': 'continue' },
      set: { id, set: { a: [read] } },
      when: { ...readStep(id, one.own), when: holds },
      require: { ...readStep(id, one.own), require: holds },
      ensure: { ...readStep(id, one.own), ensure: holds },
      branch: {
        id,
        branch: [
          { when: `\${{ ${value} == 'no such value' }}`, steps: [] },
          { when: holds, steps: [inner] },
        ],
      },
      each: { id, each: `\${{ [${value}, 1] }}`, as: 'item', steps: [inner] },
      while: { id, while: `\${{ index < 1 && ${value} != 'no such value' }}`, max: 3, steps: [inner] },
      fallback: { ...readStep(id, [], read), tool: 'fail', 'on-error': { fallback: [inner] } },
      group: { id, group: [readStep('inner', one.own, read)] },
      plan: { id, plan: 'sub', input: { given: read } },
    }
    steps.push(shapes[one.kind])
    must.set(id, joinLabels(must.get(from), one.kind === 'set' || one.kind === 'plan' ? [] : one.own))
  })
  const outputs = Object.fromEntries([...must.keys()].map((id) => [id, `\${{ steps.${id} }}`]))
  return { plan: { id: 'p', name: 'p', version: '1.0.0', inputs: {}, steps, outputs } as unknown as Plan, must } // as parsePlan would make it
}

const sub = {
  id: 'sub',
  name: 'sub',
  version: '1.0.0',
  inputs: { given: { type: 'any' } },
  steps: [{ id: 'inside', set: '${{ inputs.given }}' }],
  outputs: { out: '${{ steps.inside }}' },
} as unknown as Plan // as parsePlan would make it

/** A world whose only tools answer with labels of their own, or fail with them. */
function worldOf(finished: Map<string, Outcome>): World {
  return {
    phase: 'run',
    run: { id: 'r', startedAt: 0 },
    halted: () => false,
    note: (event) => {
      if (event.type === 'step-skipped' || event.type === 'step-failed') finished.set(event.path, valueOutcome(null, event.labels))
    },
    plan: () => sub,
    finished: async (path) => finished.get(path) ?? null,
    async finish(path, value, labels) {
      finished.set(path, valueOutcome(value, labels))
    },
    async callTool(step, given, _scope, frame) {
      const { own } = (given.known ? given.value : { own: [] }) as { own: Label[] } // as readStep gives it
      const labels = joinLabels(frame.labels, given.labels, own)
      const outcome = step.tool === 'fail' ? failWith(frame.path, 'failed', 'failed', labels) : valueOutcome({ got: 'it' }, labels)
      if (outcome.kind === 'value') finished.set(frame.path, outcome)
      return outcome
    },
    approve: async () => valueOutcome(null, []),
    wait: async () => valueOutcome(null, []),
    askAboutError: async () => 'stop',
    rollBack: async () => null,
    failure: () => null,
    spent: () => null,
    raised: () => undefined,
    agent: () => undefined,
    callAgent: async (_step, _input, _scope, frame) => failWith(frame.path, 'agent-unknown', 'none here', frame.labels),
    question: async () => 'suspended',
    startPlan: async () => SUSPENDED,
  }
}

describe('no step drops a label', () => {
  const frame = (): Frame => ({
    path: '',
    labels: [],
    budget: createBudget({}, { tokens: 0, micros: 0, time: 0, steps: 0 }),
    signal: new AbortController().signal,
    depth: 0,
    possible: false,
  })
  const holds = (got: Labels, least: Labels | undefined): boolean => (least ?? []).every((label) => got.includes(label))

  it('whatever a plan of a few steps does, and also when it is gone through again from its journal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sketch, { minLength: 1, maxLength: 6 }), async (sketches) => {
        const { plan, must } = planOf(sketches)
        const finished = new Map<string, Outcome>()
        for (const time of ['first', 'again']) {
          const outcome = await interpret(plan, {}, worldOf(finished), frame())
          expect(outcome.kind, `${time}: ${JSON.stringify(outcome)}`).toBe('value')
          for (const [id, least] of must) {
            const only = await interpret({ ...plan, outputs: { one: `\${{ steps.${id} }}` } }, {}, worldOf(finished), frame())
            expect(
              'labels' in only && holds(only.labels, least),
              `${time}, ${id} of ${JSON.stringify(plan.steps)}: ${JSON.stringify(only)} lacks ${least.join()}`,
            ).toBe(true)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
