import { describe, expect, it } from 'vitest'
import { cycleOf, graphOf } from './graph.ts'
import { planOf, TIDY } from './samples.ts'

const edges = (steps: unknown[]) =>
  Object.fromEntries(graphOf(planOf({ id: 'p', name: 'P', steps }).steps).nodes.map((node) => [node.id, node.after]))

describe('graphOf', () => {
  it('draws data edges, order edges, and those of nested steps to their container', () => {
    expect(
      edges([
        { id: 'a', set: 1 },
        { id: 'b', set: '${{ steps.a }} and ${{ steps.zz }}' },
        { id: 'c', set: 1, after: ['b', 'a'] },
        {
          id: 'd',
          group: [
            { id: 'd1', set: '${{ steps.c }}' },
            { id: 'd2', set: '${{ steps.d1 }}', when: "${{ steps['a'] == 1 }}" },
          ],
        },
        { id: 'e', set: 1 },
      ]),
    ).toEqual({ a: [], b: ['a'], c: ['a', 'b'], d: ['a', 'c'], e: [] })
  })

  it('counts every place an expression can stand', () => {
    const reads = '${{ steps.a == 1 }}'
    expect(
      edges([
        { id: 'a', set: 1 },
        { id: 'w', set: 1, when: reads },
        { id: 'r', set: 1, require: reads },
        { id: 'n', set: 1, ensure: '${{ steps.n == steps.a }}' },
        { id: 'k', set: 1, key: reads },
        { id: 'each1', each: '${{ [steps.a] }}', steps: [{ id: 'x1', set: 1 }] },
        { id: 'while1', while: reads, max: 1, steps: [{ id: 'x2', set: 1 }] },
        { id: 'branch1', branch: [{ when: reads, steps: [{ id: 'x3', set: 1 }] }] },
        { id: 'else1', branch: [{ when: true, steps: [{ id: 'x4', set: 1 }] }], else: [{ id: 'x5', set: reads }] },
        { id: 'fall1', set: 1, 'on-error': { fallback: [{ id: 'x6', set: reads }] } },
        { id: 'ask1', approve: 'ok ${{ steps.a }}' },
        { id: 'wait1', wait: { for: '${{ steps.a }}' } },
      ]),
    ).toEqual(
      Object.fromEntries([
        ['a', []],
        ...['w', 'r', 'n', 'k', 'each1', 'while1', 'branch1', 'else1', 'fall1', 'ask1', 'wait1'].map((id) => [id, ['a']]),
      ]),
    )
  })

  it('keeps a variable of a comprehension apart from the steps', () => {
    expect(
      edges([
        { id: 'a', set: 1 },
        { id: 'b', set: '${{ [1].map(steps, steps.a) }}' },
      ]),
    ).toEqual({ a: [], b: [] })
  })

  it('orders the plan of the design', () => {
    expect(graphOf(planOf(TIDY).steps).nodes.map((node) => [node.id, node.kind, node.after])).toEqual([
      ['scan', 'tool', []],
      ['sort', 'each', ['scan']],
    ])
  })
})

describe('cycleOf', () => {
  it('names the way round', () => {
    const { steps } = planOf({
      id: 'p',
      name: 'P',
      steps: [
        { id: 'z', set: 1, after: ['a'] },
        { id: 'a', set: 1, after: ['b'] },
        { id: 'b', set: 1, after: ['c'] },
        { id: 'c', set: 1, after: ['a'] },
      ],
    })
    expect(cycleOf(graphOf(steps))).toEqual(['a', 'b', 'c', 'a'])
  })

  it('finds none in a chain of 5,000', () => {
    const steps = Array.from({ length: 5_000 }, (_, index) => ({
      id: `s${index}`,
      set: 1,
      ...(index < 4_999 && { after: [`s${index + 1}`] }),
    }))
    expect(cycleOf(graphOf(planOf({ id: 'p', name: 'P', steps }).steps))).toBeUndefined()
  })
})
