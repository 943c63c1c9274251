import type { Plan, StoredPlan } from '@life-os/contract'
import type { Plans } from '../plans/types.ts'
import type { Plugins } from '../plugins/types.ts'

/** A plan as it stands under its id. */
export interface Entry {
  stored: StoredPlan
  text: string
  /** Of a plugin that a person installed: an id that stands for something already goes on to stand for that. */
  stranger?: true
}

/** Plans shipped in plugins; one that does not parse is left out here and told by the plugin's own checks. */
export function createShipped(plugins: Pick<Plugins, 'plans'>, language: Plans, updatedAt: number): () => Entry[] {
  const parsed = new Map<string, Plan | null>()
  const planOf = (text: string): Plan | null => {
    const known = parsed.get(text)
    if (known !== undefined) return known
    const result = language.parsePlan(text)
    const plan = result.ok ? result.plan : null
    parsed.set(text, plan)
    return plan
  }
  return () =>
    plugins.plans().flatMap(({ plugin, text, stranger }) => {
      const plan = planOf(text)
      if (!plan) return []
      return [{ text, stored: { plan, source: 'bundled', plugin, updatedAt, versions: 1 }, ...(stranger && { stranger }) }]
    })
}
