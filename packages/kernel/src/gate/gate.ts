import type { Actor, Decision, GateRequest, LabelSource, Labels, Mode, Need, ToolDescription } from '@life-os/contract'
import type { Store } from '../store/index.ts'
import { createApprovals, type Approvals } from './approvals.ts'
import { createAuditQueries, type AuditQueries } from './audit.ts'
import { applies, decide, isAnswer, type Policy } from './decide.ts'
import { denialsOf, type CallDenials } from './denials.ts'
import { createGrants, type Grants } from './grants.ts'
import { leavingNeeds, privatePlaces } from './label-rules.ts'
import { needsOf } from './needs.ts'
import { createPreviews, type Previews } from './previews.ts'
import { roleFor } from './risk.ts'
import { sameSite } from './same-site.ts'

/** One tool call as the gate sees it. */
export interface GateCall {
  actor: Actor
  /** On whose behalf an agent acts. */
  person?: string | undefined
  run: string
  plan: string
  mode: Mode
  tool: ToolDescription
  input: unknown
  labels: Labels
  /** Where the labels came from, for the words of a question. */
  sources?: readonly LabelSource[] | undefined
  approved: boolean
  /** Given by the kernel's own tools, whose resources lie in effect records and not in their input. */
  needs?: Need[] | undefined
  /** What a person has allowed for this very call. */
  once?: readonly Need[] | undefined
  /**
   * The plugin asks in the middle of its call for more than its tool declared. What a person gave the run as input serves
   * declared needs alone, and whether the resources are allowed is the whole question: changes are bound elsewhere.
   */
  requested?: boolean | undefined
  /** See GateRequest. */
  strays?: GateRequest['strays']
}
export interface Judged {
  decision: Decision
  needs: Need[]
  /** What the host may serve: the needs, and the other doors of the same site where they are granted too. */
  allowed: Need[]
  /** Where private data of this call may go by a person's own word: `host:port` places, and folders that others read too. */
  privateTo: string[]
  /** What grants refuse within what is allowed; undefined where nothing does. */
  denies: CallDenials | undefined
  /** Places of the needs that nothing may be read from before a person answered: a preview of the call would read there. */
  unread: Need[]
}

/** The one door: every tool call is judged here before its plugin hears of it. */
export interface Gate {
  judge(call: GateCall): Promise<Judged>
  grants: Grants
  approvals: Approvals
  previews: Previews
  audit: AuditQueries
  /** The role that may answer for needs. */
  roleFor(needs: readonly Need[]): 'member' | 'admin'
  emergencyStop(): boolean
  setEmergencyStop(on: boolean, by: string): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface GateDeps {
  store: Store
  clock: { now(): number }
  newId(): string
  /** The permissions in a plugin's manifest; null for the kernel's own tools. */
  manifestOf(plugin: string): readonly string[] | null
  /** A plugin's settings, which its tools' `needs` may read. */
  settingsOf?(plugin: string): Record<string, unknown>
  /** Whether commands run in a box here. Absent: they do. */
  sandboxed?: () => boolean
}

const STOP_SETTING = 'emergency-stop'

export async function createGate(deps: GateDeps): Promise<Gate> {
  const { store, clock } = deps
  const grants = createGrants(deps)
  const previews = createPreviews(store)
  const stored = await store.db.selectFrom('settings').select('value_json').where('key', '=', STOP_SETTING).executeTakeFirst()
  let stopped = stored?.value_json === 'true'
  const sandboxed = () => deps.sandboxed?.() ?? true
  return {
    grants,
    previews,
    approvals: createApprovals(store, previews),
    audit: createAuditQueries(store),
    roleFor: (needs) => roleFor(needs, sandboxed()),
    emergencyStop: () => stopped,
    async setEmergencyStop(on, by) {
      stopped = on // first in memory: nothing may slip through while the disk is asked
      const value_json = String(on)
      await store.db
        .insertInto('settings')
        .values({ key: STOP_SETTING, value_json })
        .onConflict((c) => c.column('key').doUpdateSet({ value_json }))
        .execute()
      await store.audit.append({
        kind: 'stop',
        actor: by,
        run: null,
        step: null,
        tool: null,
        verdict: null,
        rule: on ? 'stop-set' : 'stop-lifted',
        data: {},
      })
    },
    async judge(call) {
      const needs = call.needs ?? needsOf(call.tool, call.input, () => deps.settingsOf?.(call.tool.plugin) ?? {})
      const all = await grants.current()
      const policy: Policy = {
        grants: call.requested ? all.filter((grant) => grant.subject.kind !== 'run' || grant.origin !== 'input') : all,
        manifest: deps.manifestOf(call.tool.plugin),
        emergencyStop: stopped,
        now: clock.now(),
        once: call.once,
        sandboxed: sandboxed(),
      }
      const decision = decide(requestOf(call, needs), policy)
      grants.used(decision.grants)
      const live = policy.grants.filter((grant) => applies(grant, requestOf(call, needs), policy.now))
      const privateTo = privatePlaces(live, { effect: call.tool.effect }, call.once ?? [])
      const denies = denialsOf(live, { effect: call.tool.effect, answers: live.filter(isAnswer) })
      const unread = leavingNeeds({ needs }).filter((need) => !mayRead(call, need, policy))
      return { decision, needs, allowed: [...needs, ...grantedDoors(call, needs, policy)], privateTo, denies, unread }
    },
    async [Symbol.asyncDispose]() {
      await grants.flush()
    },
  }
}

/** Other doors of a named site, each judged for itself. */
function grantedDoors(call: GateCall, needs: readonly Need[], policy: Policy): Need[] {
  return needs.flatMap(sameSite).filter((need) => mayRead(call, need, policy))
}

const mayRead = (call: GateCall, need: Need, policy: Policy): boolean =>
  decide(requestOf({ ...call, tool: { ...call.tool, effect: 'read' } }, [need]), policy).verdict === 'allow'

function requestOf(call: GateCall, needs: Need[]): GateRequest {
  const { tool } = call
  return {
    actor: call.actor,
    ...(call.person !== undefined && { person: call.person }),
    run: call.run,
    plan: call.plan,
    plugin: tool.plugin,
    tool: tool.id,
    mode: call.requested && call.mode === 'draft' ? 'autopilot' : call.mode,
    effect: tool.effect,
    reversal: tool.reversal,
    risk: tool.risk,
    needs,
    labels: [...call.labels],
    ...(call.sources && { sources: [...call.sources] }),
    approved: call.approved,
    ...(call.strays && { strays: call.strays }),
  }
}
