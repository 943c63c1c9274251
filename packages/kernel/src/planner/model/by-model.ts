import type { Actor, Labels, MissingInput, Plan, Proposal, ToolDescription } from '@life-os/contract'
import { z } from 'zod'
import { askFor } from '../intents/questions.ts'
import type { Kept } from '../replan/kept.ts'
import type { PlannerDeps } from '../types.ts'
import { ModelPlan, readModelPlan, type Bounds } from './answer.ts'
import { briefOf } from './brief.ts'
import { MAKE_PLAN } from './make-plan.ts'
import { mentioned } from './mentioned.ts'

/** What a model made of a goal. */
export interface Modelled extends Pick<Proposal, 'plan' | 'inputs' | 'missing' | 'faults' | 'summary' | 'repairs'> {
  words: ReadonlyMap<string, string>
  alternative: string
  run: string
}
export type ByModel = Modelled | { notice: Proposal['notices'][number]; run: string | null }

export interface Wanted {
  goal: string
  model: string | undefined
  /** Told beside the goal. */
  more?: string
  /** Of what is told. */
  labels?: Labels
  plans: readonly Plan[]
  tools: readonly ToolDescription[]
  /** Characters that tools may be told in. */
  room?: number
  /** Of a run that is gone on with. */
  given?: Record<string, unknown>
  keep?: readonly Kept[]
}

const Outputs = z.object({ attempts: z.array(z.object({ answer: z.unknown(), ok: z.boolean() })).min(1) })

/** A run in which a model writes a plan. Nothing of the plan happens. Aborting cancels the run. */
export async function byModel(wanted: Wanted, deps: PlannerDeps, actor: Actor, signal?: AbortSignal): Promise<ByModel> {
  const places = await mentioned(wanted.goal, deps.places)
  const bounds: Bounds = { places, given: wanted.given ?? {}, keep: wanted.keep ?? [] }
  const say = briefOf(wanted.goal, {
    places,
    plans: wanted.plans,
    tools: wanted.tools,
    ...(wanted.room !== undefined && { room: wanted.room }),
    ...(wanted.more !== undefined && { more: wanted.more }),
  })
  const inputs = { say, model: wanted.model ?? '', bounds: JSON.stringify(bounds) }
  const ended = await ran({ inputs, labels: wanted.labels }, deps, actor, signal)
  if ('notice' in ended) return ended
  const { attempts } = Outputs.parse(await deps.runs.outputs(ended.run))
  const answer = ModelPlan.safeParse(attempts.at(-1)?.answer)
  if (!answer.success) return { run: ended.run, notice: { code: 'model-answer', text: 'The model gave no plan that can be read.' } }
  if (answer.data.plan.trim() === '')
    return { run: ended.run, notice: { code: 'model-no-plan', text: answer.data.summary || 'The model found no way to do this.' } }
  return modelled(answer.data, bounds, attempts.length - 1, ended.run, deps)
}

async function ran(
  { inputs, labels }: { inputs: Record<string, unknown>; labels: Labels | undefined },
  { runs }: PlannerDeps,
  actor: Actor,
  signal?: AbortSignal,
): Promise<{ run: string } | { run: string | null; notice: Proposal['notices'][number] }> {
  const started = await runs.start({ plan: MAKE_PLAN, inputs, mode: 'observe', priority: 1, allow: [] }, actor, {
    labels,
    onlyFor: actor.kind === 'person' ? actor.id : null, // what a person says to the planner is theirs
  })
  const cancel = (): void => void runs.cancel(started.id, actor).catch(() => undefined) // it may have ended by itself
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  const ended = await runs.settled(started.id)
  signal?.removeEventListener('abort', cancel)
  if (ended.state === 'done') return { run: started.id }
  if (ended.state === 'waiting') {
    cancel()
    return {
      run: started.id,
      notice: { code: 'model-asked', text: 'Making a plan would have needed a permission first, so it was ended. Rules served instead.' },
    }
  }
  return {
    run: started.id,
    notice: { code: ended.error?.code ?? 'model-failed', text: ended.error?.message ?? 'Making a plan was ended.' },
  }
}

async function modelled(answer: ModelPlan, bounds: Bounds, repairs: number, run: string, deps: PlannerDeps): Promise<Modelled> {
  const tools = new Map(
    [...deps.tools(), ...(bounds.keep.length > 0 ? deps.inner.map(({ description }) => description) : [])].map((tool) => [tool.id, tool]),
  )
  const { plan, inputs, faults } = await readModelPlan(answer, bounds, { ...deps, tool: (id) => tools.get(id) })
  const words = new Map(answer.words.map(({ path, words }) => [path, words]))
  return {
    plan,
    inputs,
    faults,
    missing: plan ? missingOf(plan, inputs, answer) : [],
    summary: answer.summary,
    words,
    alternative: answer.alternative,
    repairs,
    run,
  }
}

/** Every input that nothing gives, in the model's words where it has some. */
function missingOf(plan: Plan, inputs: Record<string, unknown>, { missing }: ModelPlan): MissingInput[] {
  return Object.entries(plan.inputs).flatMap(([name, input]) => {
    if (Object.hasOwn(inputs, name)) return []
    const asked = missing.find((one) => one.name === name)
    if (!asked && (input.optional || input.default !== undefined)) return []
    return [asked ? { name, question: asked.question, input } : askFor(name, input)]
  })
}
