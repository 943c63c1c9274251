import { basename, join } from 'node:path'
import type { Plan, Proposal } from '@life-os/contract'
import { understand, SURE, type Understood } from '../intents/catalogue.ts'
import type { ToolSearch } from '../search/find-tools.ts'
import { createWordsIndex, weighed } from '../search/words-index.ts'
import type { PlannerDeps } from '../types.ts'
import { keysOf } from '../words/tokens.ts'
import { planOfTool } from './tool-plans.ts'

export type Alternative = Proposal['alternatives'][number]

/** What rules make of a goal, without any model. */
export interface Ruled {
  /** Plans that the goal may mean, likeliest first. */
  found: Understood[]
  /** One tool that is all the goal asks for. */
  tool: Understood | null
}

/** A saved or shipped plan that says it, or one tool that does it. */
export async function rule(
  goal: string,
  plans: readonly Plan[],
  deps: Pick<PlannerDeps, 'plans' | 'tools' | 'places' | 'clock'>,
): Promise<Ruled> {
  const now = deps.clock.now()
  const found = await strangersLast(await understand(goal, plans, deps.places, now), deps)
  if (found[0] && found[0].score >= SURE && found[0].missing.length === 0) return { found, tool: null }
  const single = deps.tools().flatMap((tool) => planOfTool(tool) ?? [])
  const tools = (await understand(goal, single, deps.places, now)).filter(certain)
  const [only, other] = tools
  const clear = only && (!other || other.words < only.words)
  return { found, tool: clear ? await whole(only, deps) : null }
}

/** Whatever a stranger's plugin says its plan is called by: what Life-OS or the person has for these words comes first. */
async function strangersLast(found: readonly Understood[], { plans }: Pick<PlannerDeps, 'plans'>): Promise<Understood[]> {
  const ours: Understood[] = []
  for (const one of found) if (one.missing.length === 0 && !(await plans.isStranger(one.plan.id))) ours.push(one)
  return [...ours, ...found.filter((one) => !ours.includes(one))]
}

const certain = ({ missing, score, notices }: Understood): boolean =>
  missing.length === 0 && score >= 0.9 && !notices.some(({ code }) => code === 'place-missing')

/** As people say it: what is moved to a folder that is there goes into it under its own name. */
async function whole(understood: Understood, { places }: Pick<PlannerDeps, 'places'>): Promise<Understood> {
  const { from, to } = understood.inputs
  const { intents: _said, ...plan } = understood.plan
  if (typeof from !== 'string' || typeof to !== 'string' || (await places.kind(to)) !== 'folder') return { ...understood, plan }
  return { ...understood, plan, inputs: { ...understood.inputs, to: join(to, basename(from)) } }
}

/** What else there is: plans that were understood too, then plans and tools that speak of the same. */
export function alternativesOf(
  goal: string,
  {
    found,
    chosen,
    plans,
    tools,
  }: { found: readonly Understood[]; chosen: string | null; plans: readonly Plan[]; tools: ToolSearch | null },
): Alternative[] {
  const understood = found
    .filter(({ plan }) => plan.id !== chosen)
    .map(({ plan, inputs, missing }): Alternative => {
      const asks = missing.map(({ input, name }) => input.title ?? name)
      return {
        title: plan.name,
        planId: plan.id,
        inputs,
        why: asks.length > 0 ? `Needs: ${asks.join(', ')}.` : 'It can be said the same way.',
      }
    })
  const known = new Set([chosen, ...understood.map(({ planId }) => planId)])
  const alike = nearPlans(goal, plans)
    .filter(({ id }) => !known.has(id))
    .slice(0, 3)
    .map((plan): Alternative => ({ title: plan.name, planId: plan.id, inputs: {}, why: whyOf(plan) }))
  const single = (tools?.byWords(goal, 3) ?? []).map(({ tool }): Alternative => ({
    title: tool.title,
    planId: null,
    inputs: {},
    why: tool.description,
  }))
  return [...understood, ...alike, ...single].slice(0, 6)
}

const whyOf = (plan: Plan): string => {
  const example = plan.intents?.flatMap(({ examples }) => examples)[0]
  return example === undefined ? (plan.description ?? plan.name) : `Say for example: ${example}`
}

/** Plans whose words are those of the goal, best first. */
export function nearPlans(goal: string, plans: readonly Plan[]): Plan[] {
  const byId = new Map(plans.map((plan) => [plan.id, plan]))
  const texts = new Map(
    plans.map((plan) => [
      plan.id,
      weighed([
        [keysOf(plan.name), 3],
        [keysOf(plan.description ?? ''), 1],
        [(plan.intents ?? []).flatMap(({ say }) => keysOf(say.replaceAll(/\{[^}]*\}/g, ' '))), 1],
      ]),
    ]),
  )
  return createWordsIndex(texts)
    .search(keysOf(goal))
    .filter(({ score }) => score > 1)
    .flatMap(({ id }) => byId.get(id) ?? [])
}
