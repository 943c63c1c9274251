import type { Step, StepKind } from '@life-os/contract'

/** A step with what its box shows. Paths are the plan's: `sort.move`. */
export interface GraphStep {
  path: string
  id: string
  title: string
  kind: StepKind
  detail: string
  after: string[]
  children: GraphStep[]
}

const KINDS: readonly StepKind[] = ['tool', 'agent', 'plan', 'each', 'while', 'branch', 'group', 'set', 'approve', 'wait']
const kindOf = (step: Step): StepKind => KINDS.find((kind) => kind in step) ?? 'set'

function childrenOf(step: Step, path: string): GraphStep[] {
  if ('each' in step || 'while' in step) return graphSteps(step.steps, path)
  if ('group' in step) return graphSteps(step.group, path)
  if ('branch' in step)
    return [
      ...step.branch.flatMap((arm, index) => graphSteps(arm.steps, `${path}.${index}`)),
      ...(step.else ? graphSteps(step.else, `${path}.else`) : []),
    ]
  return []
}

function detailOf(step: Step): string {
  if ('tool' in step) return step.tool
  if ('agent' in step) return step.agent
  if ('plan' in step) return step.plan
  if ('each' in step) return `for each ${step.as}`
  if ('while' in step) return `at most ${step.max} times`
  if ('approve' in step) return 'a person decides'
  if ('wait' in step) return 'for' in step.wait ? step.wait.for : 'until' in step.wait ? step.wait.until : step.wait.event
  return kindOf(step)
}

/** Siblings with their edges: `after`, and each `steps.<id>` that a step's expressions read. */
export function graphSteps(steps: readonly Step[], parent = ''): GraphStep[] {
  const ids = new Set(steps.map((step) => step.id))
  return steps.map((step) => {
    const path = parent ? `${parent}.${step.id}` : step.id
    const read = [...JSON.stringify(step).matchAll(/\bsteps\.([a-z]\w*)/gi)].map((match) => match[1] ?? '')
    const after = [...new Set([...(step.after ?? []), ...read])].filter((id) => ids.has(id) && id !== step.id)
    return {
      path,
      id: step.id,
      title: step.title ?? words(step.id),
      kind: kindOf(step),
      detail: detailOf(step),
      after: after.map((id) => (parent ? `${parent}.${id}` : id)),
      children: childrenOf(step, path),
    }
  })
}
const words = (id: string): string => (id[0] ?? '').toUpperCase() + id.slice(1).replace(/_/g, ' ')

export interface Box {
  path: string
  step: GraphStep
  parent: string | null
  x: number
  y: number
  width: number
  height: number
}
export interface Edge {
  id: string
  from: string
  to: string
}

export const NODE = { width: 200, height: 56, gapX: 24, gapY: 36, padding: 16, head: 48 }

/** The steps that a step waits for, without those that another of them waits for anyway. */
function directly(step: GraphStep, byPath: ReadonlyMap<string, GraphStep>): string[] {
  const reaches = (from: string, to: string, seen: Set<string>): boolean => {
    if (seen.has(from)) return false
    seen.add(from)
    return (byPath.get(from)?.after ?? []).some((each) => each === to || reaches(each, to, seen))
  }
  return step.after.filter((path) => !step.after.some((other) => other !== path && reaches(other, path, new Set())))
}

/** Places boxes in layers from top to bottom; a container is as large as what it holds. Child places are relative to it. */
export function layoutGraph(steps: readonly GraphStep[]): { boxes: Box[]; edges: Edge[]; width: number; height: number } {
  const boxes: Box[] = []
  const edges: Edge[] = []
  const size = place(steps, null, boxes, edges, 0, 0)
  return { boxes, edges, ...size }
}

function place(
  steps: readonly GraphStep[],
  parent: string | null,
  boxes: Box[],
  edges: Edge[],
  left: number,
  top: number,
): { width: number; height: number } {
  const layer = new Map<string, number>()
  const byPath = new Map(steps.map((step) => [step.path, step]))
  const depth = (step: GraphStep, seen: readonly string[]): number => {
    const known = layer.get(step.path)
    if (known !== undefined) return known
    const before = step.after.flatMap((path) => byPath.get(path) ?? []).filter((each) => !seen.includes(each.path))
    const own = before.length === 0 ? 0 : 1 + Math.max(...before.map((each) => depth(each, [...seen, step.path])))
    layer.set(step.path, own)
    return own
  }
  const layers: GraphStep[][] = []
  for (const step of steps) (layers[depth(step, [])] ??= []).push(step)
  const rows = layers.map((row) =>
    row.map((step) => {
      const inner: Box[] = []
      const size = step.children.length > 0 ? place(step.children, step.path, inner, edges, NODE.padding, NODE.head) : null
      return {
        step,
        inner,
        width: size ? Math.max(NODE.width, size.width + NODE.padding * 2) : NODE.width,
        height: size ? size.height + NODE.head + NODE.padding : NODE.height,
      }
    }),
  )
  const widthOf = (row: { width: number }[]): number =>
    row.reduce((sum, each) => sum + each.width, 0) + NODE.gapX * Math.max(0, row.length - 1)
  const width = Math.max(NODE.width, ...rows.map(widthOf))
  let y = top
  for (const row of rows) {
    let x = left + (width - widthOf(row)) / 2
    for (const { step, inner, ...size } of row) {
      boxes.push({ path: step.path, step, parent, x, y, ...size }, ...inner)
      for (const from of directly(step, byPath)) edges.push({ id: `${from}→${step.path}`, from, to: step.path })
      x += size.width + NODE.gapX
    }
    y += Math.max(...row.map((each) => each.height)) + NODE.gapY
  }
  return { width, height: Math.max(NODE.height, y - top - NODE.gapY) }
}
