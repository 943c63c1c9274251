import type { Actor, Approval, Decision, Labels, Need, ToolDescription } from '@life-os/contract'
import { TEXT_OF_PLAN, covers, parsePermission, type GateCall, type Judged } from '../gate/index.ts'
import type { Asker } from '../models/types.ts'
import { nothingKnown } from '../secrets/index.ts'
import type { RunsContext } from './context.ts'
import type { LiveRun } from './live.ts'
import { planKey } from './questions/plan-subject.ts'
import type { Frame } from './interpreter/world.ts'
import { straysOf } from './addresses.ts'

/** Who makes a call, as the gate is told. */
export interface Acting {
  actor: Actor
  /** On whose behalf, where an agent acts. */
  person: string
  plan: string
  /** Each is the most that may be allowed, whatever grants say. */
  caps: readonly (readonly string[])[]
}

/** The person, schedule or command line a run is for: an agent's runs are for whoever its own run is for. */
export const personOf = (live: Pick<LiveRun, 'actor' | 'options'>): Actor => live.options.person ?? live.actor

/**
 * Inside an agent's step, and in a plan that an agent started, the agent acts, and what a model chose is not what the plan says:
 * what was allowed to the plan does not serve it. What was refused to the plan still holds.
 */
export function actingIn(live: LiveRun, { actor, permissions = [] }: Pick<Frame, 'actor' | 'permissions'>): Acting {
  const caps = [...(live.options.caps ?? []), ...permissions]
  const acts = actor ?? live.actor
  const plan = acts.kind === 'agent' ? `${planKey(live)}${TEXT_OF_PLAN}agent:${acts.id}` : planKey(live)
  return { actor: acts, person: personOf(live).id, plan, caps }
}

/** On whose behalf a call is made, for what is the kernel's own. */
export function askerOf(live: Pick<LiveRun, 'id'>, acting: Acting, tool: ToolDescription, step: string): Asker {
  const agent = acting.actor.kind === 'agent' ? acting.actor.id : undefined
  return { person: acting.person, agent, tool: tool.id, plugin: tool.plugin, run: live.id, step }
}

type Asked = Omit<GateCall, 'actor' | 'person' | 'run' | 'plan' | 'mode' | 'strays'> & {
  /** Labels of all that led to this input: what its chooser had seen. Absent: the input is not this agent's choice to judge. */
  chosen?: Labels | undefined
}

/** The gate's word, and then the agent's own definition: it is refused what that never allows. */
export async function judgeActing(context: RunsContext, live: LiveRun, acting: Acting, asked: Asked): Promise<Judged> {
  const { actor, person, plan, caps } = acting
  const { chosen, ...call } = asked
  const strays = actor.kind === 'agent' && chosen?.includes('untrusted') ? await straysOf(context, live, call) : undefined
  const judged = await context.deps.gate.judge({ ...call, actor, person, run: live.id, plan, mode: live.mode, strays })
  if (caps.length === 0) return judged
  const lacking = (needs: readonly Need[]): Need[] => needs.filter((need) => !caps.every((cap) => capCovers(cap, need, call.tool)))
  const beyond = lacking(judged.needs)
  const late = lacking(judged.allowed)
  const allowed = judged.allowed.filter((need) => !late.includes(need))
  return { ...judged, allowed, decision: beyond.length === 0 ? judged.decision : lacks(acting, judged.decision, beyond) }
}

/** An agent is made of calls of models: the kernel's own tool for that lies beside every cap. */
function capCovers(cap: readonly string[], need: Need, { effect, plugin }: ToolDescription): boolean {
  if (need.kind === 'model' && plugin === 'life-os') return true
  return cap.some((permission) => covers(parsePermission(permission), need, { effect }))
}

function lacks({ actor }: Acting, decision: Decision, missing: Need[]): Decision {
  if (decision.verdict === 'deny') return decision
  const [first] = missing
  const message = `The agent ${actor.name ?? actor.id} may never use ${first?.kind} on ${first?.resource}: its definition does not allow it.`
  return { verdict: 'deny', rule: 'agent-lacks', message, grants: [], missing }
}

const SHOWN_MOST = 16_384 // characters of JSON

/** What a question that an agent's call led to says of it; undefined where no agent acts. */
export function subjectOf(
  context: RunsContext,
  { actor }: Acting,
  tool: string,
  input: unknown,
): NonNullable<Approval['subject']> | undefined {
  if (actor.kind !== 'agent') return undefined
  const clean = (context.deps.redactor ?? nothingKnown).value(input)
  const isLong = JSON.stringify(clean ?? null).length > SHOWN_MOST
  return { agent: actor.id, tool, input: isLong ? null : clean }
}
