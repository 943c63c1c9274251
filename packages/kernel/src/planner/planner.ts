import type { Actor, Plan, ProposeGoal, Proposal } from '@life-os/contract'
import { entriesOf, type Understood } from './intents/catalogue.ts'
import { proposalOf } from './propose/make.ts'
import { alternativesOf, rule } from './propose/rules.ts'
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

  return {
    async propose(request: ProposeGoal, _actor: Actor) {
      return byRules(request, await plans(), request.by === 'rules' ? [] : [NO_MODEL])
    },
    async replan(id, hint) {
      const { run, rest, notices } = await leftOf(id, deps)
      const goal = `Go on with ${run.plan.name}${hint === undefined ? '' : `: ${hint}`}`
      const { plan, words } = rest
      return proposalOf({ goal, source: 'intent', plan, inputs: run.inputs, words, continues: id, notices }, deps)
    },
    findTools: (query, among, limit, seeker) => search.find(query, among, limit, seeker),
    intents: async () => entriesOf(await plans()),
    withoutModel: async (say) => answerWithoutModel(say, await plans(), deps),
  }
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
