import type { Plan, Step } from '@life-os/contract'
import { childLists } from '../steps.ts'
import type { CheckContext } from '../types.ts'
import type { Type } from './types.ts'

/** How deep sub-plans may call sub-plans. */
export const MOST_DEEP = 16

/** The sub-plans of one check, each looked up and measured once. */
export class SubPlans {
  /** Types of outputs by plan, kept here so that each plan is typed once. */
  readonly outputs = new Map<string, Type>()
  readonly #context: CheckContext
  readonly #found = new Map<string, Plan | undefined>()
  readonly #chains = new Map<string, readonly string[]>()

  constructor(context: CheckContext, root: Plan) {
    this.#context = context
    this.#found.set(root.id, root)
  }

  get(id: string): Plan | undefined {
    if (!this.#found.has(id)) this.#found.set(id, this.#context.plan(id))
    return this.#found.get(id)
  }

  /** The longest chain of calls from a plan down, itself first; one that calls itself ends with its own id again. */
  chain(id: string, above: readonly string[] = []): readonly string[] {
    if (above.includes(id) || above.length > MOST_DEEP) return [id]
    const known = this.#chains.get(id)
    if (known) return known
    let longest: readonly string[] = []
    for (const called of calledBy(this.get(id)?.steps ?? [])) {
      const below = this.chain(called, [...above, id])
      if (below.length > longest.length || repeats([...above, id, ...below])) longest = below
      if (repeats([...above, id, ...below])) return [id, ...below]
    }
    const chain = [id, ...longest]
    this.#chains.set(id, chain)
    return chain
  }
}

export const repeats = (chain: readonly string[]): boolean => new Set(chain).size < chain.length

function calledBy(steps: readonly Step[]): ReadonlySet<string> {
  const called = new Set<string>()
  const stack = [...steps]
  for (let step = stack.pop(); step; step = stack.pop()) {
    if ('plan' in step) called.add(step.plan)
    for (const list of childLists(step)) stack.push(...list.steps)
  }
  return called
}
