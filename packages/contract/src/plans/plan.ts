import { z } from 'zod'
import { Duration } from '../common/values.ts'
import { Budget } from './budget.ts'
import { PlanInput } from './inputs.ts'

export const Identifier = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, 'a letter, then letters, digits or _')
export const PlanId = z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?$/, 'lower-case words joined by -')
export const Lane = z.enum(['cpu', 'io', 'llm', 'gpu', 'browser'])
export type Lane = z.infer<typeof Lane>

export const Retry = z.strictObject({
  tries: z.int().min(1).max(100),
  wait: Duration.default('200ms'),
  factor: z.number().min(1).max(10).default(2),
  max: Duration.default('30s'),
})
export type Retry = z.infer<typeof Retry>

/** An expression, `${{ … }}` as the whole text. */
export const Expression = z.string().regex(/^\s*\$\{\{[\s\S]*\}\}\s*$/, 'an expression: ${{ … }}')
const When = z.union([Expression, z.boolean()])

export type OnError = 'fail' | 'continue' | 'ask' | 'undo' | { fallback: Step[] }

interface StepCommon {
  id: string
  title?: string | undefined
  after?: string[] | undefined
  when?: string | boolean | undefined
  require?: string | undefined
  ensure?: string | undefined
  retry?: Retry | undefined
  timeout?: string | undefined
  'on-error'?: OnError | undefined
  key?: string | undefined
  lane?: Lane | undefined
  budget?: Budget | undefined
  optional?: boolean | undefined
}
export type ToolStep = StepCommon & { tool: string; input?: Record<string, unknown> | undefined }
export type AgentStep = StepCommon & { agent: string; input?: Record<string, unknown> | undefined }
export type PlanStep = StepCommon & { plan: string; input?: Record<string, unknown> | undefined }
export type EachStep = StepCommon & { each: string; as: string; max?: number | undefined; concurrency?: number | undefined; steps: Step[] }
export type WhileStep = StepCommon & { while: string; max: number; steps: Step[] }
export type BranchStep = StepCommon & { branch: { when: string | boolean; steps: Step[] }[]; else?: Step[] | undefined }
export type GroupStep = StepCommon & { group: Step[] }
export type SetStep = StepCommon & { set: unknown }
export type ApproveStep = StepCommon & { approve: string; role?: 'member' | 'admin' | undefined; expires?: string | undefined }
export type WaitStep = StepCommon & { wait: { for: string } | { until: string } | { event: string; timeout?: string | undefined } }
export type Step = ToolStep | AgentStep | PlanStep | EachStep | WhileStep | BranchStep | GroupStep | SetStep | ApproveStep | WaitStep

/** The key that tells a step's kind. */
export const STEP_KINDS = ['tool', 'agent', 'plan', 'each', 'while', 'branch', 'group', 'set', 'approve', 'wait'] as const
export type StepKind = (typeof STEP_KINDS)[number]

/** The kind of a parsed step. */
export function stepKind(step: Step): StepKind {
  for (const kind of STEP_KINDS) if (kind in step) return kind
  throw new Error('a step without a kind cannot be parsed')
}

export const Steps: z.ZodType<Step[]> = z.lazy(() => z.array(Step).min(1))

const stepCommon = {
  id: Identifier,
  title: z.string().optional(),
  after: z.array(Identifier).optional(),
  when: When.optional(),
  require: Expression.optional(),
  ensure: Expression.optional(),
  retry: Retry.optional(),
  timeout: Duration.optional(),
  'on-error': z.union([z.enum(['fail', 'continue', 'ask', 'undo']), z.strictObject({ fallback: Steps })]).optional(),
  key: z.string().optional(),
  lane: Lane.optional(),
  budget: Budget.optional(),
  optional: z.boolean().optional(),
}
const input = z.record(z.string(), z.unknown()).optional()

/** The schema of each kind. A step is parsed by its own kind's alone, so that its faults are that kind's and nesting costs nothing twice. */
export const STEP_SCHEMAS: Readonly<Record<StepKind, z.ZodType<Step>>> = {
  tool: z.strictObject({ ...stepCommon, tool: z.string(), input }),
  agent: z.strictObject({ ...stepCommon, agent: z.string(), input }),
  plan: z.strictObject({ ...stepCommon, plan: z.string(), input }),
  each: z.strictObject({
    ...stepCommon,
    each: Expression,
    as: Identifier.default('item'),
    max: z.int().min(1).optional(),
    concurrency: z.int().min(1).max(1000).optional(),
    steps: Steps,
  }),
  while: z.strictObject({ ...stepCommon, while: Expression, max: z.int().min(1), steps: Steps }),
  branch: z.strictObject({ ...stepCommon, branch: z.array(z.strictObject({ when: When, steps: Steps })).min(1), else: Steps.optional() }),
  group: z.strictObject({ ...stepCommon, group: Steps }),
  set: z.strictObject({ ...stepCommon, set: z.unknown() }),
  approve: z.strictObject({
    ...stepCommon,
    approve: z.string(),
    role: z.enum(['member', 'admin']).optional(),
    expires: Duration.optional(),
  }),
  wait: z.strictObject({
    ...stepCommon,
    wait: z.union([
      z.strictObject({ for: z.string() }),
      z.strictObject({ until: z.string() }),
      z.strictObject({ event: z.string(), timeout: Duration.optional() }),
    ]),
  }),
}

/** A step: exactly one key of {@link STEP_KINDS} tells its kind. A kind that is missing or doubled is an issue with `params.fault`. */
export const Step: z.ZodType<Step> = z.unknown().transform((value, context): Step => {
  const fail = (fault: string, message: string) => {
    context.addIssue({ code: 'custom', message, params: { fault } })
    return z.NEVER
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail('step-invalid', 'a step is a map with an id and a kind')
  const kinds = STEP_KINDS.filter((kind) => Object.hasOwn(value, kind))
  const kind = kinds[0]
  if (!kind) return fail('step-kind-missing', `a step needs one of: ${STEP_KINDS.join(', ')}`)
  if (kinds.length > 1)
    return fail('step-kind-double', `a step has one kind, this one has ${kinds.join(' and ')}: keep one and move the other to its own step`)
  const parsed = STEP_SCHEMAS[kind].safeParse(value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as (typeof context.issues)[number]) // a finished issue is a raw one with its message
  return z.NEVER
})

/**
 * A way of saying what a plan does, understood without any model: words, with inputs in braces, `tidy {folder}`.
 * `inputs`: what the saying sets beside them. `examples` are run as tests.
 */
export const Intent = z.strictObject({
  say: z.string().min(3).max(200),
  inputs: z.record(Identifier, z.unknown()).optional(),
  examples: z.array(z.string().min(1).max(200)).max(20).default([]),
})
export type Intent = z.infer<typeof Intent>

/** A plan: data, a graph of steps. Saved and versioned it is called a workflow in the UI. */
export const Plan = z.strictObject({
  id: PlanId,
  name: z.string().min(1),
  description: z.string().optional(),
  intents: z.array(Intent).max(50).optional(),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0')
    .default('1.0.0'),
  inputs: z.record(Identifier, PlanInput).default({}),
  budget: Budget.optional(),
  steps: Steps,
  outputs: z.record(Identifier, z.unknown()).default({}),
})
export type Plan = z.infer<typeof Plan>

/** One fault of a plan, with the place a person can open. `path` is dotted, lines and columns start at 1. */
export const PlanFault = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
})
export type PlanFault = z.infer<typeof PlanFault>
