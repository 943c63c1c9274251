import type { Plan } from '@life-os/contract'
import type { Plans } from '../plans/types.ts'
import { contentOf } from './versions.ts'

/** The text to keep for a plan: what the person wrote, comments and all, with its version set; printed anew where that does not parse to the same plan. */
export function keepText(language: Pick<Plans, 'parsePlan' | 'printPlan'>, plan: Plan, written: string | undefined): string {
  if (written === undefined) return language.printPlan(plan)
  const line = `version: "${plan.version}"`
  const hasVersion = /^version:.*$/m.test(written)
  const text = hasVersion ? written.replace(/^version:.*$/m, line) : written.replace(/^id:.*$/m, (id) => `${id}\n${line}`)
  const parsed = language.parsePlan(text)
  const same = parsed.ok && parsed.plan.version === plan.version && contentOf(parsed.plan) === contentOf(plan)
  return same ? text : language.printPlan(plan)
}
