import { stepKind, type Step } from '@life-os/contract'
import { compileTemplate } from './expressions/compile.ts'
import { childLists, templatesOf, textsOf } from './steps.ts'
import type { Graph, GraphNode } from './types.ts'

/** See {@link Plans.graphOf} in types.ts. Edges keep the plan's order; a step that needs itself keeps that edge, for `cycleOf` to find. */
export function graphOf(steps: readonly Step[]): Graph {
  const ids = steps.map((step) => step.id)
  const siblings = new Set(ids)
  const place = new Map(ids.map((id, index) => [id, index]))
  const nodes = steps.map((step, index): GraphNode => {
    const needed = new Set<string>(step.after?.filter((id) => siblings.has(id)))
    for (const id of readsOf(step)) {
      if (id === EVERY) for (const earlier of ids.slice(0, index)) needed.add(earlier)
      else if (siblings.has(id)) needed.add(id)
    }
    return { id: step.id, kind: stepKind(step), step, after: [...needed].toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)) }
  })
  return { nodes }
}

/** Stands for a read of `steps` that names no step: it waits for all that stand before it. */
const EVERY = '*'

/** The steps that a step's own expressions and those inside it read. Ids declared inside it are its own affair. */
function readsOf(step: Step): ReadonlySet<string> {
  const reads = new Set<string>()
  for (const { value, field } of templatesOf(step)) {
    for (const id of stepsReadBy(value)) if (field !== 'ensure' || id !== step.id) reads.add(id)
  }
  for (const list of childLists(step)) {
    const own = new Set(list.steps.map((child) => child.id))
    for (const child of list.steps) {
      for (const id of [...readsOf(child), ...(child.after ?? [])])
        if (!own.has(id) && (list.role !== 'fallback' || id !== step.id)) reads.add(id)
    }
  }
  return reads
}

/** The ids of the steps that a template reads; an expression that cannot be read reads none, the checker reports it. */
export function stepsReadBy(template: unknown): ReadonlySet<string> {
  const reads = new Set<string>()
  for (const { text } of textsOf(template)) {
    const compiled = compileTemplate(text)
    if (!compiled?.ok) continue
    for (const expression of compiled.expressions) {
      for (const { root, key } of expression.references) if (root === 'steps') reads.add(key ?? EVERY)
    }
  }
  return reads
}

/** The first cycle among these nodes as the ids along it, the first one again at the end; undefined when there is an order. */
export function cycleOf(graph: Graph): readonly string[] | undefined {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const done = new Set<string>()
  for (const start of graph.nodes) {
    const trail: { id: string; next: number }[] = [{ id: start.id, next: 0 }]
    const open = new Set<string>([start.id])
    for (let top = trail.at(-1); top && !done.has(top.id); top = trail.at(-1)) {
      const following = nodes.get(top.id)?.after[top.next]
      top.next += 1
      if (following === undefined) {
        done.add(top.id)
        open.delete(top.id)
        trail.pop()
      } else if (open.has(following))
        return [...trail.slice(trail.findIndex((entry) => entry.id === following)).map((entry) => entry.id), following]
      else if (!done.has(following)) {
        trail.push({ id: following, next: 0 })
        open.add(following)
      }
    }
  }
  return undefined
}
