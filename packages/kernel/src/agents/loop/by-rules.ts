import { NEVER_CAUGHT, childPath, itemPath, valueOutcome, type Outcome, type PlanEnd } from '../../runs/index.ts'
import { startPlan } from './start-plan.ts'
import type { Turn, TurnOutput, WithoutModel } from './types.ts'

/** What rules made of the words earlier in this run; null: they were not asked. */
export async function ruledBefore(turn: Turn): Promise<Outcome | null> {
  const known = await turn.world.finished(placeOf(turn))
  return known?.kind === 'value' ? answered(turn, known.value as WithoutModel) : null // written below
}

/** Where no model answers, rules may: always where none is set up, else only where they know what to start. */
export async function ruledInstead(turn: Turn, failed: Outcome): Promise<Outcome> {
  const { deps, given, world, frame, depth } = turn
  if (failed.kind !== 'failed' || !failed.error.code.startsWith('model-') || !deps.withoutModel || depth > 0) return failed
  const found = await deps.withoutModel(given.say)
  if (!found.start && (failed.error.code !== 'model-none' || (await hasModel(turn)))) return failed
  await world.finish(placeOf(turn), found, frame.labels)
  return answered(turn, found)
}

/** There is one, and it serves something else: “cannot see pictures” says more than that none is set up. */
const hasModel = async ({ deps, agent, given, frame }: Turn): Promise<boolean> =>
  (await deps.serves?.({ agent: agent.id, model: given.model ?? agent.model, labels: frame.labels, capabilities: ['text'] })) ?? false

const placeOf = ({ frame }: Turn): string => childPath(frame.path, 'rules')

async function answered(turn: Turn, { text, start }: WithoutModel): Promise<Outcome> {
  const { world, frame } = turn
  if (!start) return valueOutcome(outputOf(text, 0), frame.labels)
  const path = childPath(itemPath(childPath(frame.path, 'turn'), 0), itemPath('call', 0))
  const ended = world.failure(path) ?? (await world.finished(path)) ?? (await startPlan({ world, frame: { ...frame, path } }, start))
  if (ended.kind === 'value') return valueOutcome(outputOf(`${text}\n\n${endWords(ended.value as PlanEnd)}`, 1), ended.labels) // what startPlan gives
  if (ended.kind !== 'failed' || NEVER_CAUGHT.has(ended.error.code)) return ended
  world.note({ type: 'step-failed', path, error: ended.error, continued: true, labels: [...ended.labels] })
  return valueOutcome(outputOf(`${text}\n\nThat did not work: ${ended.error.message}`, 1), ended.labels)
}

const outputOf = (text: string, calls: number): TurnOutput => ({ text, citations: [], rounds: 0, model: null, calls })

function endWords({ state, error, changes, final, outputs }: PlanEnd): string {
  if (state !== 'done') return `It is ${state}${error ? `: ${error.message}` : '.'}`
  const made =
    changes === 0
      ? 'Done. Nothing was changed.'
      : `Done: ${changes} ${changes === 1 ? 'change' : 'changes'}${final > 0 ? `, ${final} of them final` : ''}.`
  return [made, ...linesOf(outputs)].join('\n')
}

function linesOf(outputs: unknown): string[] {
  if (typeof outputs !== 'object' || outputs === null) return []
  return Object.entries(outputs).map(
    ([name, value]: [string, unknown]) =>
      `- ${name}: ${Array.isArray(value) && value.length > 20 ? `${value.length} items` : wordsFor(value)}`,
  )
}

const wordsFor = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 2000).toWellFormed()
