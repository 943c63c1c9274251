import type { Plan, Proposal } from '@life-os/contract'
import { checkPlan, mermaidOf } from '../../plans/index.ts'
import type { PlannerDeps } from '../types.ts'
import { lookAtPlaces } from './there.ts'
import { estimateOf } from './estimate.ts'
import { explain, summaryOf } from './explain.ts'

type Given = Pick<Proposal, 'goal' | 'source'> & {
  plan: Plan | null
  inputs: Record<string, unknown>
  words?: ReadonlyMap<string, string>
} & Partial<Pick<Proposal, 'planId' | 'missing' | 'summary' | 'repairs' | 'alternatives' | 'run' | 'continues' | 'notices'>>

/** A proposal whole: checked, explained, drawn and estimated. */
export async function proposalOf(given: Given, deps: PlannerDeps): Promise<Proposal> {
  const { plan, words, ...rest } = given
  const empty = { time: null, tokens: null, micros: null, steps: null, basis: 'There is no plan yet.' }
  const tools = new Map([...deps.tools(), ...deps.inner.map(({ description }) => description)].map((tool) => [tool.id, tool]))
  const context = { ...(plan ? await deps.plans.contextFor(plan) : { plan: () => undefined }), tool: (id: string) => tools.get(id) }
  const looked = plan && given.continues === undefined ? await lookAtPlaces(plan, given.inputs, context, deps.places) : null
  const statistics = plan && given.planId ? await deps.runs.statistics(given.planId) : null
  return {
    id: deps.newId(),
    at: deps.clock.now(),
    planId: null,
    missing: [],
    summary: plan ? summaryOf(plan, looked?.inputs ?? given.inputs) : 'No plan was found for this.',
    repairs: 0,
    alternatives: [],
    run: null,
    continues: null,
    notices: [],
    ...rest,
    ...(looked && {
      inputs: looked.inputs,
      missing: [...looked.missing, ...(given.missing ?? [])],
      notices: [...looked.notices, ...(given.notices ?? []).filter((notice) => !asked(given.missing ?? [], notice.text))],
    }),
    plan,
    steps: plan ? explain(plan, (id) => tools.get(id), words) : [],
    estimate: plan ? estimateOf(plan, statistics) : empty,
    mermaid: plan ? mermaidOf(plan) : '',
    faults: plan ? checkPlan(plan, context) : [],
  }
}

/** What a question says already is no notice beside it. */
const asked = (missing: Proposal['missing'], text: string): boolean => missing.some(({ question }) => question.startsWith(text))
