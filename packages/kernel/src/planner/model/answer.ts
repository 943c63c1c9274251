import { isDeepStrictEqual } from 'node:util'
import type { Plan, PlanFault, PlanInput, Step, ToolDescription } from '@life-os/contract'
import { z } from 'zod'
import type { PlanBook } from '../../planbook/index.ts'
import { checkPlan, childLists, parseInputs, parsePlan } from '../../plans/index.ts'
import type { Places } from '../places.ts'
import { placed, type Kept } from '../replan/kept.ts'
import { RECALL } from '../replan/rest.ts'
import { isAmong, wholePath } from './mentioned.ts'

/** What the planner answers with. A small model may leave the lists out. */
export const ModelPlan = z.object({
  plan: z.string(),
  inputs: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  words: z.array(z.object({ path: z.string(), words: z.string() })).default([]),
  missing: z.array(z.object({ name: z.string(), question: z.string() })).default([]),
  summary: z.string().default(''),
  alternative: z.string().default(''),
})
export type ModelPlan = z.infer<typeof ModelPlan>

/** What a plan of a model may rest on. */
export interface Bounds {
  /** Places that were spoken of; a path lies below one. */
  places: readonly string[]
  /** Inputs that are given already, when a run is gone on with. */
  given: Readonly<Record<string, unknown>>
  /** Steps that must stand in it as they are: what recalls a finished step. */
  keep: readonly Kept[]
}
export interface Read {
  plan: Plan | null
  inputs: Record<string, unknown>
  faults: PlanFault[]
}
export interface ReadDeps {
  plans: Pick<PlanBook, 'contextFor'>
  /** Tools that the plan may name. */
  tool(id: string): ToolDescription | undefined
  places: Pick<Places, 'home'>
}

/** A model's plan, parsed, checked, and held to what was said: no tool, path or input that is not there. */
export async function readModelPlan(answer: ModelPlan, bounds: Bounds, deps: ReadDeps): Promise<Read> {
  const parsed = parsePlan(answer.plan)
  if (!parsed.ok) return { plan: null, inputs: {}, faults: parsed.faults }
  const { plan, positions } = parsed
  const context = { ...(await deps.plans.contextFor(plan)), tool: deps.tool }
  const { inputs, faults } = inputsOf(plan, answer, bounds, deps)
  const all = [
    ...checkPlan(plan, context, positions),
    ...faults,
    ...literalPaths(plan.steps, 'steps', bounds, deps),
    ...notKept(plan.steps, bounds),
  ]
  return { plan, inputs, faults: all }
}

function inputsOf(plan: Plan, answer: ModelPlan, { places: allowed, given }: Bounds, { places }: ReadDeps): Omit<Read, 'plan'> {
  const faults: PlanFault[] = []
  const asked = new Set(answer.missing.map(({ name }) => name))
  const said = Object.fromEntries(answer.inputs.filter(({ name }) => !asked.has(name)).map(({ name, value }) => [name, value]))
  const inputs: Record<string, unknown> = {}
  for (const [name, value] of Object.entries({ ...given, ...said })) {
    const input = plan.inputs[name]
    const path = input && isPath(input) && typeof value === 'string' && !Object.hasOwn(given, name)
    if (path && !isAmong(value, allowed, places)) faults.push(madeUp(value, `inputs.${name}`))
    inputs[name] = path ? wholePath(value, places) : value
  }
  try {
    const open = Object.fromEntries(Object.entries(plan.inputs).filter(([name]) => !asked.has(name) || Object.hasOwn(inputs, name)))
    const taken = parseInputs(open, inputs)
    return { inputs: Object.fromEntries(Object.entries(taken).filter(([name]) => Object.hasOwn(inputs, name))), faults }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { inputs, faults: [...faults, { code: 'input-invalid', message, path: 'inputs' }] }
  }
}

const isPath = (input: PlanInput): boolean => input.type === 'path' || input.type === 'file'

const madeUp = (path: string, at: string): PlanFault => ({
  code: 'path-made-up',
  message: `Nobody spoke of “${path}”. Use a place that was named, or declare an input and ask for it in missing.`,
  path: at,
})

/** Paths written into steps, where a tool's needs say that a field is one. */
function literalPaths(steps: readonly Step[], at: string, { places: allowed }: Bounds, deps: ReadDeps): PlanFault[] {
  return steps.flatMap((step, index) => {
    const path = `${at}.${index}`
    const fields = 'tool' in step ? pathFields(deps.tool(step.tool)) : []
    const input = 'tool' in step ? (step.input ?? {}) : {}
    const own = fields.flatMap((field) => {
      const value = input[field]
      const fixed = typeof value === 'string' ? (value.split('${{')[0] ?? '') : ''
      return /^[/~]/.test(fixed) && !isAmong(fixed, allowed, deps.places) ? [madeUp(fixed, `${path}.input.${field}`)] : []
    })
    return [
      ...own,
      ...childLists(step).flatMap((list) =>
        literalPaths(list.steps, `${path}.${list.path.join('.')}`, { places: allowed, given: {}, keep: [] }, deps),
      ),
    ]
  })
}

const pathFields = (tool: ToolDescription | undefined): string[] =>
  Object.entries(tool?.needs ?? {}).flatMap(([kind, fields]) =>
    kind.startsWith('fs.') ? fields.filter((field) => /^\w+$/.test(field)) : [],
  )

/** What is done stays done: its steps are there as they were, in what they were in, and nothing else recalls. */
function notKept(steps: readonly Step[], { keep }: Bounds): PlanFault[] {
  const all = placed(steps)
  const changed = keep.filter((kept) => !all.some(({ path, step }) => path === kept.path && isDeepStrictEqual(step, kept.step)))
  const more = all.filter(({ path, step }) => step['tool'] === RECALL && !keep.some((kept) => kept.path === path))
  return [
    ...changed.map(({ path, step }) => ({
      code: 'replan-finished-changed',
      message: `Step ${String(step['id'])} stands for what is done: keep it exactly as it was.`,
      path,
    })),
    ...more.map(({ path }) => ({ code: 'tool-unknown', message: `This step may not use ${RECALL}.`, path })),
  ]
}
