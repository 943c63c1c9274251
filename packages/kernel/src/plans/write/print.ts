import { STEP_KINDS, type Intent, type Plan } from '@life-os/contract'
import { stringify } from 'yaml'

const PLAN_ORDER = ['id', 'name', 'description', 'version', 'intents', 'inputs', 'budget', 'steps', 'outputs']
const STEP_ORDER = [
  'id',
  'title',
  ...STEP_KINDS.filter((kind) => kind !== 'group' && kind !== 'branch'),
  'as',
  'max',
  'concurrency',
  'input',
  'role',
  'expires',
  'after',
  'when',
  'require',
  'ensure',
  'retry',
  'timeout',
  'on-error',
  'key',
  'lane',
  'budget',
  'optional',
  'group',
  'branch',
  'steps',
  'else',
]

/** See {@link Plans.printPlan} in types.ts. Fields stand in one order; what is empty by default is left out. */
export function printPlan(plan: Plan): string {
  const ordered = inOrder({ ...plan, steps: plan.steps.map(step) }, PLAN_ORDER)
  if (Object.keys(plan.inputs).length === 0) delete ordered.inputs
  if (Object.keys(plan.outputs).length === 0) delete ordered.outputs
  if (plan.intents) ordered.intents = plan.intents.map(intent)
  return stringify(ordered, { version: '1.2', schema: 'core', lineWidth: 0, aliasDuplicateObjects: false })
}

function intent({ say, inputs, examples }: Intent): Record<string, unknown> {
  return { say, ...(inputs && { inputs }), ...(examples.length > 0 && { examples }) }
}

function inOrder(value: object, order: readonly string[]): Record<string, unknown> {
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .toSorted(([a], [b]) => rank(a) - rank(b)),
  )
}

/** A step with its fields in order, and those of the steps inside it; templates keep the order they were written in. */
function step(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const ordered = inOrder(value, STEP_ORDER)
  for (const key of ['steps', 'group', 'else']) if (Array.isArray(ordered[key])) ordered[key] = ordered[key].map(step)
  if (Array.isArray(ordered.branch))
    ordered.branch = ordered.branch.map((side: { when: unknown; steps: unknown[] }) => ({ when: side.when, steps: side.steps.map(step) }))
  const onError = ordered['on-error'] as { fallback?: unknown[] } | string | undefined // the contract allows no other shape
  if (typeof onError === 'object' && onError.fallback) ordered['on-error'] = { fallback: onError.fallback.map(step) }
  return ordered
}
