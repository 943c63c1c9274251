import { joinLabels, milliseconds, stepKind, type Labels, type Plan, type Step } from '@life-os/contract'
import { UNKNOWN, evaluate, graphOf, labelsRead, test, type Graph, type Scope } from '../../plans/index.ts'
import { RUN_KIND } from './kinds.ts'
import { NEVER_CAUGHT, SUSPENDED, failWith, failedOutcome, valueOutcome, type Outcome } from './outcome.ts'
import { ownAccount } from './own-account.ts'
import { childPath } from './paths.ts'
import { rollBackIfAsked } from './container.ts'
import type { Frame, World } from './world.ts'

/** Runs a plan to its outputs, in whichever world. Resuming is running again: what the journal holds is not repeated. */
export async function interpret(plan: Plan, inputs: Scope['inputs'], world: World, frame: Frame): Promise<Outcome> {
  const started = { value: world.run, labels: [] }
  const scope: Scope = { inputs, steps: {}, vars: { run: started } }
  const outcome = await runSteps(plan.steps, scope, world, frame)
  if (outcome.kind !== 'value' && outcome.kind !== 'unknown') return rollBackIfAsked(outcome, world, frame)
  const work = async (): Promise<Outcome> => {
    const outputs = evaluate(plan.outputs, scope)
    return outputs.known ? valueOutcome(outputs.value, outputs.labels) : { kind: 'unknown', labels: outputs.labels }
  }
  return guarded('', frame, work, () => labelsRead(plan.outputs, scope))
}

const graphs = new WeakMap<readonly Step[], Graph>()

function graphFor(steps: readonly Step[]): Graph {
  let graph = graphs.get(steps)
  if (!graph) graphs.set(steps, (graph = graphOf(steps)))
  return graph
}

/**
 * Runs sibling steps, each as soon as what it needs is there. `scope.steps` receives their outputs. The value is the
 * record of outputs by id. After a failure nothing new starts and what is in flight is awaited.
 */
export async function runSteps(steps: readonly Step[], scope: Scope, world: World, frame: Frame): Promise<Outcome> {
  const outputs: Record<string, unknown> = {}
  let labels: Labels = frame.labels
  let unknown = false
  const flow: { stopped: Outcome | null; failed: Outcome | null } = { stopped: null, failed: null }
  const ended = new Map<string, Promise<boolean>>()
  const run = async (id: string, step: Step, after: readonly string[]): Promise<boolean> => {
    for (const other of after) if (!(await ended.get(other))) return false
    if (flow.stopped) return false
    const outcome = await runStep(step, scope, world, { ...frame, path: childPath(frame.path, id) })
    if (outcome.kind === 'failed') {
      flow.stopped = flow.failed ??= outcome
      return false
    }
    if (outcome.kind === 'suspended') {
      flow.stopped ??= outcome
      return false
    }
    labels = joinLabels(labels, outcome.labels)
    if (outcome.kind === 'unknown') unknown = true
    const value = outcome.kind === 'unknown' ? (outcome.value ?? UNKNOWN) : outcome.value
    outputs[id] = value
    scope.steps[id] = { value, labels: outcome.labels }
    return true
  }
  for (const node of inOrder(graphFor(steps))) {
    const going = run(node.id, node.step, node.after)
    ended.set(node.id, going)
    if (world.phase === 'preview') await going // one after the other: clashes are numbered in plan order
  }
  await Promise.all(ended.values())
  if (flow.stopped) return flow.stopped
  return unknown ? { kind: 'unknown', labels, value: outputs } : valueOutcome(outputs, labels)
}

function inOrder(graph: Graph): Graph['nodes'] {
  const placed = new Set<string>()
  const order: Graph['nodes'][number][] = []
  let rest = [...graph.nodes]
  while (rest.length > 0) {
    const ready = rest.filter((node) => node.after.every((id) => placed.has(id)))
    if (ready.length === 0) throw new Error('a plan with a cycle cannot pass the checker')
    for (const node of ready) {
      placed.add(node.id)
      order.push(node)
    }
    rest = rest.filter((node) => !placed.has(node.id))
  }
  return order
}

export async function runStep(step: Step, scope: Scope, world: World, outer: Frame): Promise<Outcome> {
  const { path } = outer
  const known = await world.finished(path)
  if (known) return 'labels' in known ? { ...known, labels: joinLabels(known.labels, outer.labels, conditionLabels(step, scope)) } : known
  if (world.halted() || outer.signal.aborted) return SUSPENDED
  const guard =
    step.when === undefined
      ? null
      : await guarded(
          path,
          outer,
          async () => asOutcome(test(step.when as string | boolean, scope)),
          () => labelsRead(step.when, scope),
        ) // checked just before
  if (guard?.kind === 'failed') return settleFailure(step, scope, guard, world, outer)
  const labels = joinLabels(outer.labels, guard && 'labels' in guard ? guard.labels : [])
  if (guard?.kind === 'value' && guard.value === false) {
    world.note({ type: 'step-skipped', path, reason: 'when', labels })
    return valueOutcome(null, labels)
  }
  const frame = narrowed(step, world, { ...outer, labels, possible: outer.possible || guard?.kind === 'unknown' })
  const outcome = await attempt(step, scope, world, frame)
  const settled = outcome.kind === 'failed' ? await settleFailure(step, scope, outcome, world, frame) : outcome
  return guard?.kind === 'unknown' && settled.kind === 'value' ? { kind: 'unknown', labels: settled.labels } : settled
}

/** What is in the journal says what a step gave; that it ran at all depended on its conditions. */
function conditionLabels(step: Step, scope: Scope): Labels {
  return labelsRead([step.when, step.require, step.ensure], scope)
}

function narrowed(step: Step, world: World, frame: Frame): Frame {
  const budget = ownAccount(step.budget, world, frame)
  const isTool = stepKind(step) === 'tool' // a tool's time is kept by its tries
  if (!step.timeout || isTool) return { ...frame, budget }
  return { ...frame, budget, signal: AbortSignal.any([frame.signal, AbortSignal.timeout(milliseconds(step.timeout))]) }
}

async function attempt(step: Step, scope: Scope, world: World, outer: Frame): Promise<Outcome> {
  const required = await condition(step.require, 'require-failed', 'the step may not start', scope, outer)
  if (required) return required
  const frame = reading(outer, step.require, scope) // a step that ran tells that its condition held
  const outcome = await guarded(
    frame.path,
    frame,
    () => RUN_KIND[stepKind(step)](step as never, scope, world, frame, runSteps),
    () => labelsRead(step, scope),
  ) // the table pairs each kind with its own step type
  if (outcome.kind === 'suspended' && frame.signal.aborted && step.timeout && !world.halted()) {
    return failWith(frame.path, 'step-timeout', `The step took longer than ${step.timeout}.`, frame.labels)
  }
  if (!step.ensure || outcome.kind !== 'value') return outcome
  const own: Scope = { ...scope, steps: { ...scope.steps, [step.id]: { value: outcome.value, labels: outcome.labels } } }
  const ensured = reading({ ...frame, labels: outcome.labels }, step.ensure, own)
  const broken = await condition(step.ensure, 'ensure-failed', 'what the step was to bring about is not there', own, ensured)
  return broken ?? { ...outcome, labels: ensured.labels }
}

async function condition(text: string | undefined, code: string, meaning: string, scope: Scope, outer: Frame): Promise<Outcome | null> {
  if (!text) return null
  const frame = reading(outer, text, scope)
  const result = await guarded(frame.path, frame, async () => asOutcome(test(text, scope)))
  if (result.kind === 'failed') return result
  if (result.kind === 'unknown' || (result.kind === 'value' && result.value === true)) return null
  return failWith(frame.path, code, `${text} is not true, so ${meaning}.`, frame.labels)
}

/** A frame whose labels are joined by those of all that a template reads: of what follows from it, its failure included. */
function reading(frame: Frame, template: unknown, scope: Scope): Frame {
  const labels = joinLabels(frame.labels, labelsRead(template, scope))
  return labels.length === frame.labels.length ? frame : { ...frame, labels }
}

function asOutcome(result: ReturnType<typeof test>): Outcome {
  return result.known ? valueOutcome(result.value, result.labels) : { kind: 'unknown', labels: result.labels }
}

/** Expression faults and refusals become outcomes of the step, labelled by what was `read` when they arose. */
async function guarded(path: string, frame: Frame, work: () => Promise<Outcome>, read: () => Labels = () => []): Promise<Outcome> {
  try {
    return await work()
  } catch (thrown) {
    return failedOutcome(path, thrown, joinLabels(frame.labels, read()))
  }
}

async function settleFailure(step: Step, scope: Scope, failed: Outcome & { kind: 'failed' }, world: World, frame: Frame): Promise<Outcome> {
  if (NEVER_CAUGHT.has(failed.error.code)) return failed
  const handler = step['on-error'] ?? (step.optional ? 'continue' : 'fail')
  const note = (continued: boolean): void =>
    world.note({ type: 'step-failed', path: frame.path, error: failed.error, continued, labels: [...failed.labels] })
  if (handler === 'continue') {
    note(true)
    return valueOutcome(null, failed.labels)
  }
  if (handler === 'ask' && world.phase === 'run') return askAboutFailure(step, scope, failed, world, frame, note)
  if (typeof handler === 'object') return runFallback(handler.fallback, scope, failed, world, frame)
  note(false)
  return handler === 'undo' ? { ...failed, rollback: true } : failed
}

async function askAboutFailure(
  step: Step,
  scope: Scope,
  failed: Outcome & { kind: 'failed' },
  world: World,
  frame: Frame,
  note: (continued: boolean) => void,
): Promise<Outcome> {
  const answer = await world.askAboutError(frame.path, failed)
  if (answer === 'suspended') return SUSPENDED
  if (answer === 'retry') {
    world.note({ type: 'step-reset', path: frame.path })
    return runStep(step, scope, world, frame)
  }
  note(answer === 'continue')
  return answer === 'continue' ? valueOutcome(null, failed.labels) : failed
}

async function runFallback(
  steps: readonly Step[],
  scope: Scope,
  { error, labels: failure }: Outcome & { kind: 'failed' },
  world: World,
  outer: Frame,
): Promise<Outcome> {
  const frame = { ...outer, labels: joinLabels(outer.labels, failure) } // that they run at all tells of the failure
  const inner: Scope = {
    ...scope,
    steps: { ...scope.steps },
    vars: { ...scope.vars, error: { value: { code: error.code, message: error.message }, labels: frame.labels } },
  }
  const outcome = await runSteps(steps, inner, world, { ...frame, path: childPath(frame.path, 'fallback') })
  const last = steps.at(-1)
  if (outcome.kind !== 'value' || !last) return outcome
  const value = (outcome.value as Record<string, unknown>)[last.id] // runSteps answers a record by id
  await world.finish(frame.path, value, outcome.labels)
  return valueOutcome(value, outcome.labels)
}
