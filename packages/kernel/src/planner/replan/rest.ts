import { LifeOsError, stepKind, type OnError, type Plan, type Step } from '@life-os/contract'
import { isFinished, isOpen, type Done } from './done.ts'
import { keptOf, type Kept } from './kept.ts'
import { childOf, inLoop, isBelow, sideOf, type Place } from './place.ts'
import { renamedSelf } from './rename.ts'

export const RECALL = 'life-os.recall'

/** What a run left undone, as a plan. */
export interface Rest {
  plan: Plan
  /** Words of steps that are not the first plan's, by path or id. */
  words: ReadonlyMap<string, string>
  /** Paths of finished steps that are not in it. */
  finished: readonly string[]
  /** What must stay as it is, so that nothing is done twice. */
  keep: readonly Kept[]
}

interface Work {
  done: Done
  run: string
  proof: string
  ids: Set<string>
  words: Map<string, string>
  /** Ids of steps that stand for finished work, guard it, or ask before it is done again. */
  made: Set<string>
}

/**
 * The plan of a run, less what it finished. A finished step gives what the journal holds, under its own id, so that all that
 * reads it reads the same; inside loops that is looked up turn by turn. What may have been done in part asks a person
 * first. Errors: `replan-inside`.
 */
export function restOf(plan: Plan, { run, proof, done }: { run: string; proof: string; done: Done }): Rest {
  const work: Work = { done, run, proof, ids: idsOf(plan.steps), words: new Map(), made: new Set() }
  const steps = restOfSteps(plan.steps, { path: '', pattern: '', text: '', indexes: [] }, work)
  const finished = [...done.fold.steps.values()].filter(isFinished).map(({ path }) => path)
  const { intents: _said, ...bare } = plan
  const rest: Plan = { ...bare, id: `${plan.id}-rest`, name: `${plan.name}: the rest`, steps }
  return {
    plan: plan.budget ? { ...rest, budget: budgetLeft(plan.budget, done) } : rest,
    words: work.words,
    finished,
    keep: keptOf(steps, work.made),
  }
}

function restOfSteps(steps: readonly Step[], parent: Place, work: Work): Step[] {
  return steps.flatMap((step) => restOfStep(step, childOf(parent, step.id), work))
}

function restOfStep(step: Step, place: Place, work: Work): Step[] {
  const kind = stepKind(step)
  const record = place.path === null ? undefined : work.done.fold.steps.get(place.path)
  if (isFinished(record)) return remembered(step, place, work)
  const whole = withFallback(step, place, work)
  if ('group' in whole) return [{ ...whole, group: restOfSteps(whole.group, place, work) }]
  if ('branch' in whole) {
    const branch = whole.branch.map((side, index) => ({ ...side, steps: restOfSteps(side.steps, sideOf(place, `case${index}`), work) }))
    const other = whole.else && restOfSteps(whole.else, sideOf(place, 'else'), work)
    return [{ ...whole, branch, ...(other && { else: other }) }]
  }
  if ('steps' in whole) return [{ ...whole, steps: restOfTurn(whole, place, work) }]
  if (kind === 'plan' || kind === 'agent') refuseInside(step, place, work)
  if (place.path === null) return kind === 'set' || !touched(place, work) ? [whole] : turnByTurn(whole, place, work)
  return isOpen(work.done, place.path) ? asked(whole, work) : [whole]
}

/** The body of a loop. Loops inside it hide its number, so it is kept for them. */
function restOfTurn(loop: Step & { steps: Step[] }, place: Place, work: Work): Step[] {
  const nested = loop.steps.some(holdsLoop)
  const index = nested ? fresh(`${loop.id}_index`, work) : null
  const body = restOfSteps(loop.steps, inLoop(place, index), work)
  return index === null ? body : [{ id: index, set: '${{ index }}' }, ...body]
}

/** A finished step as what the journal holds of it. */
function remembered(step: Step, place: Place, work: Work): Step[] {
  const before = fresh(`${step.id}_before`, work)
  work.words.set(before, `Done already: ${step.title ?? step.id}`)
  work.made.add(before).add(step.id)
  const { after } = step
  return [
    { id: before, title: `Done already: ${step.title ?? step.id}`, tool: RECALL, input: recallOf(place, work) },
    { id: step.id, ...(after && { after }), set: `\${{ steps.${before}.output }}` },
  ]
}

/** A step of a loop that some turns finished: each turn looks whether it is one of them. */
function turnByTurn(step: Step, place: Place, work: Work): Step[] {
  const [before, doing] = [fresh(`${step.id}_before`, work), fresh(`${step.id}_do`, work)]
  work.words.set(before, `See whether it was done already: ${step.title ?? step.id}`)
  const some = [...work.done.effects].some((path) => isBelow(path, place) && isOpen(work.done, path))
  const again = some ? fresh(`${step.id}_again`, work) : null
  for (const id of [before, doing, step.id, ...(again === null ? [] : [again])]) work.made.add(id)
  const open = `\${{ steps.${before}.open }}`
  const undone = `!steps.${before}.done${step.when === undefined ? '' : ` && (${conditionOf(step.when)})`}`
  const renamed = {
    ...renamedSelf(step, doing),
    when: `\${{ ${undone} }}`,
    ...(again !== null && { after: [...(step.after ?? []), again] }),
  }
  return [
    { id: before, tool: RECALL, input: recallOf(place, work) },
    ...(again === null ? [] : [question(step, again, { when: open })]),
    renamed,
    { id: step.id, set: `\${{ steps.${before}.done ? steps.${before}.output : steps.${doing} }}` },
  ]
}

/** A step that may have been done in part waits for a person's word. */
function asked(step: Step, work: Work): Step[] {
  const again = fresh(`${step.id}_again`, work)
  return [question(step, again, step.after ? { after: step.after } : {}), { ...step, after: [...(step.after ?? []), again] }]
}

const question = (step: Step, id: string, more: { when?: string; after?: string[] }): Step => ({
  id,
  approve: `“${step.title ?? step.id}” was cut off, and part of it may have been done. Do it now?`.replaceAll('${{', '$ {{'),
  ...more,
})

const recallOf = ({ text }: Place, { run, proof }: Work): Record<string, unknown> => ({ run, step: text, proof })

function withFallback(step: Step, place: Place, work: Work): Step {
  const onError: OnError | undefined = step['on-error']
  if (typeof onError !== 'object') return step
  return { ...step, 'on-error': { fallback: restOfSteps(onError.fallback, sideOf(place, 'fallback'), work) } }
}

/** What another plan or an agent did inside a step cannot be taken apart: the step is whole or not. */
function refuseInside(step: Step, place: Place, { done }: Work): void {
  const path = [...done.effects].find(
    (one) => isBelow(one, place) && ![...done.fold.steps.values()].some((record) => isFinished(record) && covers(record.path, one, place)),
  )
  if (path === undefined) return
  throw new LifeOsError(
    'replan-inside',
    `“${step.title ?? step.id}” was ended in its middle, at ${path}. Retry the run from there, or undo it and start anew.`,
  )
}

/** Whether a finished instance of the step at a place holds the effect at a path. */
const covers = (finished: string, effect: string, place: Place): boolean =>
  isBelow(finished, place, true) && (effect === finished || effect.startsWith(`${finished}.`))

const touched = (place: Place, { done }: Work): boolean =>
  [...done.fold.steps.values()].some((record) => isBelow(record.path, place, true) && (isFinished(record) || isOpen(done, record.path)))

const conditionOf = (when: string | boolean): string =>
  String(when)
    .trim()
    .replace(/^\$\{\{/, '')
    .replace(/\}\}$/, '')
    .trim()

function holdsLoop(step: Step): boolean {
  if ('steps' in step) return true
  if ('group' in step) return step.group.some(holdsLoop)
  return 'branch' in step && (step.branch.some((side) => side.steps.some(holdsLoop)) || (step.else?.some(holdsLoop) ?? false))
}

function fresh(wanted: string, { ids }: Work): string {
  let id = wanted
  for (let number = 2; ids.has(id); number += 1) id = `${wanted}${number}`
  ids.add(id)
  return id
}

function idsOf(steps: readonly Step[]): Set<string> {
  const found = new Set<string>()
  JSON.stringify(steps, (key, value: unknown) => {
    if (key === 'id' && typeof value === 'string') found.add(value)
    return value
  })
  return found
}

/** What is left to spend. Looking up what was done takes steps of its own. */
function budgetLeft(budget: NonNullable<Plan['budget']>, { fold }: Done): NonNullable<Plan['budget']> {
  const { steps, tokens, money, ...rest } = budget
  const [amount = '0', currency = ''] = money?.split(' ') ?? []
  const left = Math.max(0, Math.round(Number(amount) * 1e6) - fold.cost.micros) / 1e6
  return {
    ...rest,
    ...(steps !== undefined && { steps: steps * 3 }),
    ...(tokens !== undefined && { tokens: Math.max(0, tokens - fold.cost.tokens) }),
    ...(money !== undefined && { money: `${left.toFixed(6).replace(/\.?0+$/, '')} ${currency}` }),
  }
}
