import type { Grant, Need } from '@life-os/contract'
import { TEXT_OF_PLAN } from '../../gate/index.ts'
import { canonicalHash } from '../hash.ts'
import type { Frozen, LiveRun } from '../live.ts'

const texts = new WeakMap<Frozen, string>()

/**
 * What grants for a plan name: the id of a stored plan, or the hash of an unsaved one's text, since anybody may write any id
 * into a text. For what a stranger's plugin ships, id and hash: its next version must not go on with what was allowed to this one.
 */
export function planKey(live: Pick<LiveRun, 'frozen' | 'options' | 'row'>): string {
  const { saved, stranger } = live.options
  if (saved && !stranger) return live.row.plan_id
  const known = texts.get(live.frozen)
  if (known) return known
  const hash = canonicalHash({ plan: live.frozen.plan, plans: live.frozen.plans })
  const key = saved ? `${live.row.plan_id}${TEXT_OF_PLAN}${hash}` : `unsaved:${hash}`
  texts.set(live.frozen, key)
  return key
}

/**
 * Whom "always here" is remembered for: the plan; for a plan that an agent started the agent, since its inputs are a model's
 * choice; for what an agent asked inside its step that agent, since the plan does not say what it does. `agent`: who asked.
 */
export function rememberedFor(live: LiveRun, agent?: string): Grant['subject'] {
  if (agent !== undefined && agent !== live.actor.id) return { kind: 'agent', id: agent }
  if (live.actor.kind === 'agent') return { kind: 'agent', id: live.actor.id }
  return { kind: 'plan', id: planKey(live) }
}

/** What a person allowed for the call at this step path alone. */
export const onceOf = (live: LiveRun, path: string): readonly Need[] => live.options.once?.[path] ?? []
