import type { Step } from '@life-os/contract'
import type { Scope } from '../../plans/index.ts'
import type { Outcome } from './outcome.ts'
import type { Frame, World } from './world.ts'

/** Runs sibling steps; containers are handed this so that kinds need not know the interpreter. */
export type RunSteps = (steps: readonly Step[], scope: Scope, world: World, frame: Frame) => Promise<Outcome>

/** A scope whose `steps` the children fill without touching their siblings outside. */
export function inner(scope: Scope, vars: Scope['vars'] = {}): Scope {
  return { inputs: scope.inputs, steps: { ...scope.steps }, vars: { ...scope.vars, ...vars } }
}

/** Notes the end of a container with a value; other outcomes pass through. */
export async function finishContainer(outcome: Outcome, world: World, frame: Frame): Promise<Outcome> {
  if (outcome.kind !== 'value') return outcome
  await world.finish(frame.path, outcome.value, outcome.labels)
  return outcome
}

/** A failure that asked for it rolls its enclosing group back, or at the top the whole run. */
export async function rollBackIfAsked(outcome: Outcome, world: World, frame: Frame): Promise<Outcome> {
  if (outcome.kind !== 'failed' || !outcome.rollback || world.phase !== 'run') return outcome
  const trouble = await world.rollBack(frame.path, frame)
  return trouble ?? { ...outcome, rollback: false }
}
