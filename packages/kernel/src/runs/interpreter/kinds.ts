import {
  joinLabels,
  type AgentStep,
  type ApproveStep,
  type BranchStep,
  type EachStep,
  type GroupStep,
  type PlanStep,
  type SetStep,
  type StepKind,
  type ToolStep,
  type WaitStep,
  type WhileStep,
} from '@life-os/contract'
import { UNKNOWN, evaluate, test, type Scope } from '../../plans/index.ts'
import { finishContainer, inner, rollBackIfAsked, type RunSteps } from './container.ts'
import { runEach, runWhile } from './loops.ts'
import { failWith, valueOutcome, type Outcome } from './outcome.ts'
import { childPath } from './paths.ts'
import type { Frame, World } from './world.ts'

const MAX_DEPTH = 16

type RunKind<Kind> = (step: Kind, scope: Scope, world: World, frame: Frame, runSteps: RunSteps) => Promise<Outcome>
interface StepOf {
  tool: ToolStep
  agent: AgentStep
  plan: PlanStep
  each: EachStep
  while: WhileStep
  branch: BranchStep
  group: GroupStep
  set: SetStep
  approve: ApproveStep
  wait: WaitStep
}

/** What each kind of step does. */
export const RUN_KIND: { [Kind in StepKind]: RunKind<StepOf[Kind]> } = {
  tool: async (step, scope, world, frame) => world.callTool(step, evaluate(step.input ?? {}, scope), scope, frame),
  agent: runAgent,
  plan: runPlanStep,
  each: runEach,
  while: runWhile,
  branch: runBranch,
  group: runGroup,
  set: runSet,
  approve: async (step, scope, world, frame) => {
    const message = evaluate(step.approve, scope)
    return world.approve(step, message.known ? String(message.value) : (message.pattern ?? step.approve), {
      ...frame,
      labels: joinLabels(frame.labels, message.labels),
    })
  },
  wait: async (step, scope, world, frame) => world.wait(step, scope, frame),
}

async function runAgent(step: AgentStep, scope: Scope, world: World, frame: Frame): Promise<Outcome> {
  world.note({ type: 'step-started', path: frame.path })
  return finishContainer(await world.callAgent(step, evaluate(step.input ?? {}, scope), scope, frame), world, frame)
}

async function runSet(step: SetStep, scope: Scope, world: World, frame: Frame): Promise<Outcome> {
  const result = evaluate(step.set, scope)
  const labels = joinLabels(frame.labels, result.labels)
  if (!result.known) return { kind: 'unknown', labels }
  await world.finish(frame.path, result.value, labels)
  return valueOutcome(result.value, labels)
}

async function runGroup(step: GroupStep, scope: Scope, world: World, frame: Frame, runSteps: RunSteps): Promise<Outcome> {
  world.note({ type: 'step-started', path: frame.path })
  const outcome = await runSteps(step.group, inner(scope), world, frame)
  return finishContainer(await rollBackIfAsked(outcome, world, frame), world, frame)
}

async function runBranch(step: BranchStep, scope: Scope, world: World, frame: Frame, runSteps: RunSteps): Promise<Outcome> {
  world.note({ type: 'step-started', path: frame.path })
  let labels = frame.labels
  const sides = [
    ...step.branch.map((side, index) => ({ name: `case${index}`, ...side })),
    ...(step.else ? [{ name: 'else', when: true, steps: step.else }] : []),
  ]
  let possible = false
  let value: Record<string, unknown> = {}
  for (const side of sides) {
    const told = test(side.when, scope)
    labels = joinLabels(labels, told.labels)
    if (told.known && told.value !== true) {
      for (const child of side.steps) value[child.id] = null
      continue
    }
    possible ||= !told.known
    const outcome = await runSteps(side.steps, inner(scope), world, {
      ...frame,
      path: childPath(frame.path, side.name),
      labels,
      possible: frame.possible || possible,
    })
    if (outcome.kind === 'failed' || outcome.kind === 'suspended') return outcome
    if (outcome.kind === 'value') value = { ...value, ...(outcome.value as Record<string, unknown>) } // runSteps answers a record
    labels = joinLabels(labels, outcome.labels)
    possible ||= outcome.kind === 'unknown'
    if (told.known) {
      for (const other of sides.slice(sides.indexOf(side) + 1)) for (const child of other.steps) value[child.id] ??= null
      break
    }
  }
  return finishContainer(possible ? { kind: 'unknown', labels } : valueOutcome(value, labels), world, frame)
}

async function runPlanStep(step: PlanStep, scope: Scope, world: World, frame: Frame, runSteps: RunSteps): Promise<Outcome> {
  if (frame.depth >= MAX_DEPTH)
    return failWith(frame.path, 'plan-too-deep', `Plans may call plans at most ${MAX_DEPTH} deep.`, frame.labels)
  const plan = world.plan(step.plan)
  if (!plan) return failWith(frame.path, 'plan-unknown', `There is no plan ${step.plan}.`, frame.labels)
  world.note({ type: 'step-started', path: frame.path })
  const inputs: Scope['inputs'] = {}
  for (const [name, template] of Object.entries({ ...defaultsOf(plan.inputs), ...step.input })) {
    const given = evaluate(template, scope)
    inputs[name] = { value: given.known ? given.value : UNKNOWN, labels: joinLabels(frame.labels, given.labels) }
  }
  const own: Scope = { inputs, steps: {}, vars: { run: { value: world.run, labels: [] } } }
  const outcome = await runSteps(plan.steps, own, world, { ...frame, depth: frame.depth + 1 })
  if (outcome.kind === 'failed' || outcome.kind === 'suspended') return rollBackIfAsked(outcome, world, frame)
  const outputs = evaluate(plan.outputs, own)
  return finishContainer(
    outputs.known
      ? valueOutcome(outputs.value, joinLabels(outcome.labels, outputs.labels))
      : { kind: 'unknown', labels: joinLabels(outcome.labels, outputs.labels) },
    world,
    frame,
  )
}

function defaultsOf(inputs: Record<string, { default?: unknown; optional?: boolean | undefined }>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([, input]) => input.default !== undefined || input.optional)
      .map(([name, input]) => [name, input.default ?? null]),
  )
}
