import type { Step } from '@life-os/contract'
import { expect, test } from 'vitest'
import { graphSteps, layoutGraph } from './plan-graph.ts'

const STEPS: Step[] = [
  { id: 'scan', tool: 'files.list' },
  { id: 'kinds', title: 'Recognise', tool: 'files.classify', input: { files: '${{ steps.scan.files }}' } },
  {
    id: 'sort',
    each: '${{ steps.kinds.files.filter(f, steps.scan.ok) }}',
    as: 'file',
    steps: [
      { id: 'move', tool: 'files.move' },
      { id: 'note', set: '${{ steps.move.to }}' },
    ],
  },
  { id: 'apart', wait: { for: '5s' } },
]

test('edges come from expressions and stay among siblings', () => {
  const graph = graphSteps(STEPS)
  expect(graph.map((step) => [step.path, step.kind, step.after])).toEqual([
    ['scan', 'tool', []],
    ['kinds', 'tool', ['scan']],
    ['sort', 'each', ['kinds', 'scan']],
    ['apart', 'wait', []],
  ])
  expect(graph[2]?.children.map((step) => [step.path, step.after])).toEqual([
    ['sort.move', []],
    ['sort.note', ['sort.move']],
  ])
})

test('an edge that another path implies is not drawn', () => {
  expect(layoutGraph(graphSteps(STEPS)).edges.map((edge) => edge.id)).toEqual(['sort.move→sort.note', 'scan→kinds', 'kinds→sort'])
})

test('later steps lie lower, and a container holds its steps', () => {
  const { boxes } = layoutGraph(graphSteps(STEPS))
  const at = (path: string) => boxes.find((box) => box.path === path)!
  expect(at('kinds').y).toBeGreaterThan(at('scan').y + at('scan').height)
  expect(at('apart').y).toBe(at('scan').y)
  const inner = at('sort.note')
  expect(inner.parent).toBe('sort')
  expect(inner.y + inner.height).toBeLessThan(at('sort').height)
  expect(inner.x + inner.width).toBeLessThan(at('sort').width)
})
