import type { Plan } from '@life-os/contract'
import { LIKELY, type Understood } from './intents/catalogue.ts'
import { summaryOf } from './propose/explain.ts'
import { lookAtPlaces } from './propose/there.ts'
import { alternativesOf, rule } from './propose/rules.ts'
import type { PlannerDeps, WithoutModel } from './types.ts'

const SET_UP = 'With a model Life-OS understands more: set one up under Models, or with “lifeos models”.'

/** What a chat answers where no model is: a plan to start, a question for what is missing, or what can be said. */
export async function answerWithoutModel(
  say: string,
  plans: readonly Plan[],
  deps: Pick<PlannerDeps, 'plans' | 'tools' | 'places' | 'clock'>,
): Promise<WithoutModel> {
  const { found, tool } = await rule(say, plans, deps)
  const best = found[0]
  if (best && best.missing.length === 0) return start(best, best.plan.id, deps)
  if (tool) return start(tool, tool.plan, deps)
  if (best && best.score >= LIKELY) return { text: ask(best) }
  return { text: suggest(say, plans) }
}

async function start(
  understood: Understood,
  reference: string | Plan,
  { plans, tools, places }: Pick<PlannerDeps, 'plans' | 'tools' | 'places'>,
): Promise<WithoutModel> {
  const { plan, inputs, notices } = understood
  const context = { ...(await plans.contextFor(plan)), tool: (id: string) => tools().find((tool) => tool.id === id) }
  const looked = await lookAtPlaces(plan, inputs, context, places)
  if (looked.missing.length > 0) return { text: ask({ plan, missing: looked.missing }) }
  const told = [...notices, ...looked.notices].map(({ text }) => ` ${text}`).join('')
  return { text: `${summaryOf(plan, inputs)}${told} You see every change before it happens.`, start: { plan: reference, inputs } }
}

function ask({ plan, missing }: Pick<Understood, 'plan' | 'missing'>): string {
  const questions = missing.map(({ question }) => `- ${question}`).join('\n')
  const example = plan.intents?.flatMap(({ examples }) => examples)[0]
  return [`${plan.name}:`, questions, ...(example === undefined ? [] : [`Say it whole, for example: “${example}”`])].join('\n')
}

function suggest(say: string, plans: readonly Plan[]): string {
  const near = alternativesOf(say, { found: [], chosen: null, plans, tools: null }).flatMap(
    ({ planId }) => plans.find(({ id }) => id === planId) ?? [],
  )
  const shown = [...near, ...plans.filter((plan) => !near.includes(plan))]
    .filter((plan) => plan.intents?.some(({ examples }) => examples.length > 0))
    .slice(0, 5)
  const lines = shown.map((plan) => `- ${plan.name}: “${plan.intents?.flatMap(({ examples }) => examples)[0] ?? ''}”`)
  return [
    'No model is set up, and this is not one of the things that are understood without one.',
    ...(lines.length > 0 ? ['What works now:', ...lines] : []),
    SET_UP,
  ].join('\n')
}
