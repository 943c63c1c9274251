import { joinLabels, type EachStep, type Labels, type WhileStep } from '@life-os/contract'
import { UNKNOWN, evaluate, test, type Scope } from '../../plans/index.ts'
import { finishContainer, inner, type RunSteps } from './container.ts'
import { SUSPENDED, failWith, valueOutcome, type Outcome } from './outcome.ts'
import { itemPath } from './paths.ts'
import type { Frame, World } from './world.ts'

const DEFAULT_CONCURRENCY = 8

/** Maps over a list. Results keep the list's order whatever order they end in. */
export async function runEach(step: EachStep, scope: Scope, world: World, frame: Frame, runSteps: RunSteps): Promise<Outcome> {
  const list = evaluate(step.each, scope)
  const labels = joinLabels(frame.labels, list.labels)
  if (!list.known) return eachOnce(step, scope, world, { ...frame, labels, possible: true }, runSteps)
  if (!Array.isArray(list.value)) return failWith(frame.path, 'each-not-list', `${step.each} is not a list.`, labels)
  const items: unknown[] = list.value
  if (step.max !== undefined && items.length > step.max) {
    return failWith(
      frame.path,
      'each-too-many',
      `The list has ${items.length} items; this step allows ${step.max}. Raise max or narrow the list.`,
      labels,
    )
  }
  world.note({ type: 'step-started', path: frame.path, count: items.length })
  const results: unknown[] = Array.from({ length: items.length }, () => null)
  let partly = false
  const concurrency = world.phase === 'preview' ? 1 : (step.concurrency ?? DEFAULT_CONCURRENCY)
  const stopped = await inParallel(items, concurrency, async (item, index) => {
    const itemScope = inner(scope, { [step.as]: { value: item, labels }, index: { value: index, labels } })
    const outcome = await runSteps(step.steps, itemScope, world, { ...frame, labels, path: itemPath(frame.path, index) })
    if (outcome.kind === 'value') results[index] = outcome.value
    if (outcome.kind === 'unknown') {
      results[index] = outcome.value ?? UNKNOWN
      partly = true
    }
    return outcome
  })
  if (stopped.outcome) return stopped.outcome
  const all = joinLabels(labels, stopped.labels)
  if (partly) return { kind: 'unknown', labels: all, value: results }
  return finishContainer(valueOutcome(results, all), world, frame)
}

/** A list known only after apply is previewed once. */
async function eachOnce(step: EachStep, scope: Scope, world: World, frame: Frame, runSteps: RunSteps): Promise<Outcome> {
  const itemScope = inner(scope, { [step.as]: { value: UNKNOWN, labels: frame.labels }, index: { value: UNKNOWN, labels: frame.labels } })
  const outcome = await runSteps(step.steps, itemScope, world, { ...frame, path: itemPath(frame.path, 0) })
  if (outcome.kind === 'failed' || outcome.kind === 'suspended') return outcome
  return { kind: 'unknown', labels: outcome.labels }
}

async function inParallel(
  items: readonly unknown[],
  concurrency: number,
  work: (item: unknown, index: number) => Promise<Outcome>,
): Promise<{ outcome: Outcome | null; labels: Labels }> {
  let next = 0
  const flow: { stopped: Outcome | null } = { stopped: null }
  const labels = new Set<Labels[number]>()
  const worker = async (): Promise<void> => {
    while (next < items.length && flow.stopped?.kind !== 'failed') {
      const index = next++
      const outcome = await work(items[index], index)
      if (outcome.kind === 'failed') flow.stopped = outcome
      else if (outcome.kind === 'suspended') flow.stopped ??= outcome // the others may go on: nothing is held by one that waits
      else for (const label of outcome.labels) labels.add(label)
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker))
  return { outcome: flow.stopped, labels: [...labels] }
}

/** Repeats while the condition holds, at most `max` times; more is an error, not a silent end. */
export async function runWhile(step: WhileStep, scope: Scope, world: World, frame: Frame, runSteps: RunSteps): Promise<Outcome> {
  world.note({ type: 'step-started', path: frame.path })
  const results: unknown[] = []
  let labels = frame.labels
  for (let index = 0; ; index += 1) {
    if (world.halted()) return SUSPENDED
    const turn = inner(scope, { index: { value: index, labels }, last: { value: results.at(-1) ?? null, labels } })
    const goesOn = test(step.while, turn)
    labels = joinLabels(labels, goesOn.labels)
    if (goesOn.known && goesOn.value !== true) break
    if (index >= step.max) return failWith(frame.path, 'while-too-long', `${step.while} still holds after ${step.max} turns.`, labels)
    const outcome = await runSteps(step.steps, turn, world, {
      ...frame,
      labels,
      path: itemPath(frame.path, index),
      possible: frame.possible || !goesOn.known,
    })
    if (outcome.kind === 'failed' || outcome.kind === 'suspended') return outcome
    labels = joinLabels(labels, outcome.labels)
    if (outcome.kind === 'unknown' || !goesOn.known) return { kind: 'unknown', labels }
    results.push(outcome.value)
  }
  return finishContainer(valueOutcome(results, labels), world, frame)
}
