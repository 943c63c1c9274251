import type { GenerateAnswer, JsonSchema, ToolDescription } from '@life-os/contract'
import { NEVER_CAUGHT, SUSPENDED, type Outcome } from '../../runs/index.ts'
import { faultsOf } from '../../schemas/index.ts'
import { askPerson } from './ask-person.ts'
import { lenient } from './lenient.ts'
import { ASK_PERSON, AskPerson, DELEGATE, Delegate, START_PLAN, StartPlan } from './pseudo.ts'
import { failedWith, notMade, succeeded } from './results.ts'
import { reviewed } from './review.ts'
import { startPlan } from './start-plan.ts'
import type { CallResult, Turn } from './types.ts'

export type OneCall = GenerateAnswer['calls'][number]

/** What a call of this turn may be. */
export interface Callable {
  allowed: ReadonlyMap<string, ToolDescription>
  /** Inputs of the calls that the loop answers itself. */
  pseudo: ReadonlyMap<string, JsonSchema>
  /** Runs another agent's turn at a path; module `turn` gives it, since it is made of calls itself. */
  delegate(turn: Turn, path: string, given: { agent: string; task: string }): Promise<Outcome>
}

/** One call that the model asked for. An outcome instead of a result ends the turn: it waits, or nothing may go on. */
export async function makeCall(turn: Turn, path: string, call: OneCall, callable: Callable): Promise<CallResult | Outcome> {
  const { world, frame } = turn
  const failure = world.failure(path)
  if (failure) return failedWith(failure.error, failure.labels)
  const done = await world.finished(path)
  if (done?.kind === 'value') return resultOf(call.tool, done)
  if (world.halted() || frame.signal.aborted) return SUSPENDED
  const inner: Turn = { ...turn, frame: { ...frame, path } }
  const made = await madeBy(inner, call, callable)
  if (!('kind' in made)) return made
  if (made.kind === 'value') return resultOf(call.tool, made)
  if (made.kind !== 'failed' || NEVER_CAUGHT.has(made.error.code) || frame.signal.aborted) return made.kind === 'unknown' ? SUSPENDED : made
  world.note({ type: 'step-failed', path, error: made.error, continued: true, labels: [...made.labels] })
  return failedWith(made.error, made.labels)
}

/** A plan that did not come to its end is a failure to whoever started it. */
function resultOf(tool: string, { value, labels }: Outcome & { kind: 'value' }): CallResult {
  const failed = tool === START_PLAN && (value as { state?: string }).state !== 'done' // a PlanEnd, as the world answers
  return { ...succeeded(value, labels), failed }
}

async function madeBy(turn: Turn, call: OneCall, callable: Callable): Promise<CallResult | Outcome> {
  const { path } = turn.frame
  const tool = callable.allowed.get(call.tool)
  const schema = tool?.input ?? callable.pseudo.get(call.tool)
  if (!schema) {
    const known = [...callable.allowed.keys(), ...callable.pseudo.keys()].slice(0, 40).join(', ')
    return notMade(turn, path, 'tool-unknown', `You have no tool ${call.tool.slice(0, 100)}. You have: ${known}.`)
  }
  const input = lenient(schema, call.input)
  const faults = faultsOf(schema, input)
  if (faults.length > 0) return notMade(turn, path, 'input-invalid', `The input of ${call.tool} does not fit: ${faults.join('; ')}`)
  if (call.tool === ASK_PERSON) return askPerson(turn, AskPerson.parse(input))
  const review = await reviewed(turn, { tool: call.tool, title: tool?.title ?? call.tool, schema, input })
  if ('ended' in review) return review.ended
  if (call.tool === START_PLAN) return startPlan(turn, StartPlan.parse(review.input))
  if (call.tool === DELEGATE) return callable.delegate(turn, path, Delegate.parse(review.input))
  const step = { id: 'call', tool: call.tool }
  return turn.world.callTool(step, { known: true, value: review.input, labels: turn.frame.labels }, turn.scope, turn.frame)
}
