import { stepKind, type Plan, type Step, type ToolDescription } from '@life-os/contract'
import { childLists } from '../../plans/index.ts'

/** What a person is told of each step, by its path in the plan. */
export interface Explained {
  path: string
  tool: string | null
  words: string
}

type Describe = (tool: string) => ToolDescription | undefined

/** A sentence a step, in the plan's order: from its title, else from what its tool is called; `words` of whoever made the plan win. */
export function explain(plan: Plan, describe: Describe, words: ReadonlyMap<string, string> = new Map()): Explained[] {
  return walk(plan.steps, '', (step, path) => ({
    path,
    tool: 'tool' in step ? step.tool : null,
    words: sentence(words.get(path) ?? words.get(step.id) ?? step.title ?? byKind(step, describe)),
  }))
}

function walk(steps: readonly Step[], parent: string, make: (step: Step, path: string) => Explained): Explained[] {
  return steps.flatMap((step) => {
    if (stepKind(step) === 'set') return []
    const path = parent === '' ? step.id : `${parent}.${step.id}`
    const inner = childLists(step).flatMap((list) => walk(list.steps, path + below(list.role, list.index), make))
    return [make(step, path), ...inner]
  })
}

/** As step paths name the sides of a branch and what follows a failure. */
function below(role: ReturnType<typeof childLists>[number]['role'], index: number): string {
  if (role === 'case') return `.case${index}`
  return role === 'else' ? '.else' : role === 'fallback' ? '.fallback' : ''
}

function byKind(step: Step, describe: Describe): string {
  if ('tool' in step) return describe(step.tool)?.title ?? step.tool
  if ('agent' in step) return `Ask the agent ${step.agent}`
  if ('plan' in step) return `Run the plan ${step.plan}`
  if ('each' in step) return `For each ${step.as}`
  if ('while' in step) return `Repeat, at most ${step.max} times`
  if ('branch' in step) return 'Choose what fits'
  if ('group' in step) return 'Do these together'
  if ('approve' in step) return `Ask you: ${step.approve}`
  return 'wait' in step ? 'Wait' : 'Work something out'
}

const sentence = (text: string): string => (/[.?!…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`)

/** The whole in a sentence or two: what it is called, and with what. */
export function summaryOf(plan: Plan, inputs: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(plan.inputs).flatMap(([name, input]) => {
    const value = inputs[name]
    if (value === undefined || value === null || input.type === 'secret') return []
    return [`${input.title ?? name}: ${shown(value)}`]
  })
  return `${plan.name}${told.length > 0 ? ` — ${told.join(', ')}` : ''}.`
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
