import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import type { Proposal } from '@life-os/contract'
import { parse } from 'yaml'
import { z } from 'zod'
import { ModelPlan } from '../model/answer.ts'
import { everyStep } from '../model/steps.ts'

/** An everyday request, and what a good plan for it is. */
export const EvalTask = z.strictObject({
  id: z.string(),
  by: z.enum(['rules', 'model']),
  say: z.string(),
  /** How often the scripted model mends its plan. */
  repairs: z.int().default(0),
  expect: z.strictObject({
    /** A stored plan as it stands. */
    plan: z.string().optional(),
    /** Tools of the plan in order; others may stand between. */
    tools: z.array(z.string()).optional(),
    /** Stored plans that it calls. */
    plans: z.array(z.string()).default([]),
    /** Tools that it must not use. */
    not: z.array(z.string()).default([]),
    /** `home/…` stands for a path below the person's home folder. */
    inputs: z.record(z.string(), z.unknown()).default({}),
    /** Inputs that it asks for. */
    missing: z.array(z.string()).default([]),
    none: z.boolean().default(false),
  }),
  /** What a scripted model answers, one attempt after the other. */
  script: z.array(ModelPlan).default([]),
})
export type EvalTask = z.infer<typeof EvalTask>

/** Reads a task set. */
export const readTasks = (text: string): EvalTask[] => z.array(EvalTask).parse(parse(text))

const inHome = (value: unknown, home: string): unknown =>
  typeof value === 'string' && /^home(\/|$)/.test(value) ? join(home, value.slice(4)) : value

/** A scripted answer with the home folder put in. */
export const scripted = (answer: ModelPlan, home: string): ModelPlan => ({
  ...answer,
  inputs: answer.inputs.map(({ name, value }) => ({ name, value: String(inHome(value, home)) })),
})

/** What is wrong with a proposal for a task; empty when it is what was expected. A model may name inputs as it likes: their values count. */
export function judge({ expect, by }: EvalTask, proposal: Proposal, home: string): string[] {
  if (expect.none) return proposal.plan === null ? [] : ['a plan where none is possible']
  if (!proposal.plan) return ['no plan']
  const steps = everyStep(proposal.plan.steps)
  const tools = steps.flatMap((step) => ('tool' in step ? [step.tool] : []))
  const called = steps.flatMap((step) => ('plan' in step ? [step.plan] : []))
  const stored = [...called, ...(proposal.planId === null ? [] : [proposal.planId])]
  const given = Object.values(proposal.inputs)
  const missing = proposal.missing.map(({ name }) => name)
  return [
    ...proposal.faults.map(({ message }) => `fault: ${message}`),
    ...(expect.plan !== undefined && !stored.includes(expect.plan) ? [`not the plan ${expect.plan}`] : []),
    ...(expect.plans.every((plan) => called.includes(plan)) ? [] : [`does not call ${expect.plans.join(', ')}`]),
    ...(inOrder(expect.tools ?? [], tools) ? [] : [`uses ${tools.join(', ')} instead of ${(expect.tools ?? []).join(', ')}`]),
    ...expect.not.filter((tool) => tools.includes(tool)).map((tool) => `uses ${tool}`),
    ...Object.entries(expect.inputs).flatMap(([name, value]) => {
      const wanted = inHome(value, home)
      const fits = by === 'rules' ? isDeepStrictEqual(proposal.inputs[name], wanted) : given.some((one) => isDeepStrictEqual(one, wanted))
      return fits ? [] : [`${name} is not ${String(wanted)}`]
    }),
    ...(by === 'rules' ? expect.missing.filter((name) => !missing.includes(name)).map((name) => `does not ask for ${name}`) : []),
    ...(expect.missing.length === 0 && missing.length > 0 ? [`asks for ${missing.join(', ')}`] : []),
    ...(expect.missing.length > 0 && missing.length === 0 ? ['asks for nothing'] : []),
  ]
}

function inOrder(wanted: readonly string[], there: readonly string[]): boolean {
  let at = 0
  for (const tool of there) if (tool === wanted[at]) at += 1
  return at === wanted.length
}
