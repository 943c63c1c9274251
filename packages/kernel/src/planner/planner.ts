import { errorShape, type Actor, type Plan, type ProposeGoal, type Proposal } from '@life-os/contract'
import { printPlan } from '../plans/index.ts'
import { PLANNER_ID } from './model/agent.ts'
import { roomFor } from './model/brief.ts'
import { byModel, type ByModel, type Modelled, type Wanted } from './model/by-model.ts'
import { entriesOf, type Understood } from './intents/catalogue.ts'
import { proposalOf } from './propose/make.ts'
import { alternativesOf, nearPlans, rule } from './propose/rules.ts'
import { leftOf } from './replan/replan.ts'
import { createToolSearch } from './search/find-tools.ts'
import { createMeaning } from './search/meaning.ts'
import type { Planner, PlannerDeps } from './types.ts'
import { answerWithoutModel } from './without-model.ts'

/** See {@link Planner}. */
export function createPlanner(deps: PlannerDeps): Planner {
  const failed = (error: unknown): void => deps.logger.debug({ error }, 'tools were searched by words alone')
  const search = createToolSearch(deps.tools, createMeaning(deps.models, failed))
  const plans = () => allPlans(deps)

  const byRules = async (request: ProposeGoal, known: readonly Plan[], notices: Proposal['notices']): Promise<Proposal> => {
    const { found, tool } = await rule(request.goal, known, deps)
    const best = found[0]
    if (tool && !(best && best.missing.length === 0)) return fromTool(request, tool)
    if (best) return fromIntent(request, best, found, known, notices)
    const alternatives = alternativesOf(request.goal, { found, chosen: null, plans: known, tools: search })
    return proposalOf({ goal: request.goal, source: 'none', plan: null, inputs: {}, alternatives, notices: [...notices, NOTHING] }, deps)
  }
  const fromTool = (request: ProposeGoal, { plan, inputs, notices }: Understood): Promise<Proposal> =>
    proposalOf({ goal: request.goal, source: 'tool', plan, inputs, notices }, deps)
  const fromIntent = (
    request: ProposeGoal,
    { plan, inputs, missing, notices }: Understood,
    found: readonly Understood[],
    known: readonly Plan[],
    more: Proposal['notices'],
  ): Promise<Proposal> => {
    const alternatives = alternativesOf(request.goal, { found, chosen: plan.id, plans: missing.length > 0 ? known : [], tools: null })
    const all = [...notices, ...more]
    return proposalOf({ goal: request.goal, source: 'intent', plan, planId: plan.id, inputs, missing, alternatives, notices: all }, deps)
  }

  /** A model's plan, or why there is none. */
  const byOne = async (
    wanted: Pick<Wanted, 'goal' | 'model'> & Partial<Wanted>,
    known: readonly Plan[],
    actor: Actor,
    signal?: AbortSignal,
  ): Promise<ByModel> => {
    const { labels = [] } = wanted
    const seeker = { person: actor.id, labels, signal }
    const asker = { person: actor.id, agent: PLANNER_ID }
    const route = await deps.models?.route({ model: wanted.model, capabilities: ['text'], asker, labels })
    if (!route?.model)
      return {
        run: null,
        notice:
          route?.problem && route.problem.code !== 'model-none' ? { code: route.problem.code, text: route.problem.message } : NO_MODEL,
      }
    const byId = new Map(deps.tools().map((tool) => [tool.id, tool]))
    const tools = (await search.find(wanted.goal, undefined, MOST_TOOLS, seeker)).flatMap(({ tool }) => byId.get(tool) ?? [])
    try {
      return await byModel(
        { plans: nearPlans(wanted.goal, known), tools, room: roomFor(route.model.context), ...wanted },
        deps,
        actor,
        signal,
      )
    } catch (error) {
      const { code, message } = errorShape(error)
      return { run: null, notice: { code, text: message } }
    }
  }
  const fromModel = (goal: string, made: Modelled, more: Partial<Proposal>): Promise<Proposal> => {
    const { plan, inputs, missing, repairs, run, words, alternative } = made
    const other = alternative === '' ? [] : [{ title: alternative, planId: null, inputs: {}, why: 'Another way, by the same model.' }]
    const summary = made.summary === '' ? {} : { summary: made.summary }
    const alternatives = [...other, ...(more.alternatives ?? [])]
    return proposalOf({ goal, source: 'model', plan, inputs, missing, repairs, run, words, ...summary, ...more, alternatives }, deps)
  }

  return {
    async propose(request, actor, signal) {
      const known = await plans()
      const { found, tool } = await rule(request.goal, known, deps)
      const clear = tool !== null || (found[0]?.plain ?? false)
      if (request.by === 'rules' || (request.by === 'auto' && clear)) return byRules(request, known, [])
      const made = await byOne({ goal: request.goal, model: request.model }, known, actor, signal)
      if ('notice' in made) return { ...(await byRules(request, known, [made.notice])), run: made.run }
      if (made.faults.length > 0) return { ...(await byRules(request, known, [FAULTY])), run: made.run, repairs: made.repairs }
      return fromModel(request.goal, made, { alternatives: alternativesOf(request.goal, { found, chosen: null, plans: [], tools: null }) })
    },
    async replan(id, hint, actor, signal) {
      const { run, rest, notices } = await leftOf(id, deps)
      const goal = `Go on with ${run.plan.name}${hint === undefined ? '' : `: ${hint}`}`
      const byRule = (more: Proposal['notices']): Promise<Proposal> =>
        proposalOf(
          { goal, source: 'intent', plan: rest.plan, inputs: run.inputs, words: rest.words, continues: id, notices: [...notices, ...more] },
          deps,
        )
      if (hint === undefined && run.state !== 'failed') return byRule([])
      const more = otherWay(rest.plan, run.error?.message, hint)
      const wanted = { goal, model: undefined, more, labels: run.labels, given: run.inputs, keep: rest.keep }
      const made = await byOne(wanted, [], actor, signal)
      if ('notice' in made) return byRule(made.notice.code === NO_MODEL.code && hint === undefined ? [] : [made.notice])
      if (made.plan === null || made.faults.length > 0) return byRule([FAULTY])
      return fromModel(goal, made, { continues: id, notices })
    },
    findTools: (query, among, limit, seeker) => search.find(query, among, limit, seeker),
    intents: async () => entriesOf(await plans()),
    withoutModel: async (say) => answerWithoutModel(say, await plans(), deps),
  }
}

const MOST_TOOLS = 12
const FAULTY = { code: 'model-faulty', text: 'The plan that the model wrote had faults that it did not mend, so it is not shown.' }

/** What a model is told of a plan that failed. */
function otherWay(rest: Plan, error: string | undefined, hint: string | undefined): string {
  return [
    'A run of this kind ended early. This plan is what is left of it:',
    printPlan(rest),
    ...(error === undefined ? [] : [`It ended with: ${error}`]),
    ...(hint === undefined ? [] : [`The person says: ${hint}`]),
    'Answer with this plan, changed so that it gets to its end. Steps that recall what is done, and the steps named like them, stay exactly as they are.',
  ].join('\n\n')
}

const NO_MODEL = {
  code: 'model-none',
  text: 'No model is set up, so only what Life-OS knows by rule was understood. Set one up under Models, or with “lifeos models”.',
}
const NOTHING = { code: 'not-understood', text: 'None of the plans and tools that are there is said this way.' }

async function allPlans({ plans }: Pick<PlannerDeps, 'plans'>): Promise<Plan[]> {
  const found: Plan[] = []
  for (let cursor: string | undefined, more = true; more;) {
    const page = await plans.list({ limit: 200, ...(cursor !== undefined && { cursor }) })
    found.push(...page.items.map(({ plan }) => plan))
    cursor = page.next ?? undefined
    more = page.next !== null
  }
  return found
}
