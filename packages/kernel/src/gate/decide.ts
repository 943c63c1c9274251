import type { Decision, GateRequest, Grant, Need, Verdict } from '@life-os/contract'
import { covers, namesExactly, narrowness, parsePermission, type Permission } from './permissions.ts'
import { addressStrays, isNamed, leavingNeeds, privateLeaves, untrustedGrave } from './label-rules.ts'
import { graveNeeds } from './risk.ts'

/** Everything beside the request that a decision may depend on. */
export interface Policy {
  grants: readonly Grant[]
  /** The most the plugin can ever ask for, from its manifest; null for the kernel's own tools. */
  manifest: readonly string[] | null
  emergencyStop: boolean
  /** UTC milliseconds, for expiry. */
  now: number
  /** Exact resources that a person has just allowed for this very call, and for no other. */
  once?: readonly Need[] | undefined
  /** False where this machine has no sandbox: a person approves each command then. */
  sandboxed?: boolean | undefined
}

/** Rules that ask each time, whatever was allowed before: nothing that could be remembered would change that. */
export const STANDING_RULES: ReadonlySet<string> = new Set(['grant-ask', 'unsandboxed'])

/**
 * Decides one tool call. Pure: the same request and policy give the same answer. Deny beats ask beats allow, and the
 * narrowest grant that matched is named.
 */
export function decide(request: GateRequest, policy: Policy): Decision {
  const live = policy.grants.filter((grant) => applies(grant, request, policy.now))
  return (
    refuseOutright(request, policy) ??
    denied(request, live) ??
    asked(request, live, policy) ??
    byLabels(request, live, policy) ??
    (request.approved ? answer('allow', 'approved', 'The approved preview shows this change.') : null) ??
    byEffect(request, live, policy)
  )
}

function refuseOutright(request: GateRequest, policy: Policy): Decision | null {
  if (policy.emergencyStop && request.effect !== 'read') {
    return answer('deny', 'emergency-stop', 'The emergency stop is on. Lift it to let anything change again.')
  }
  if (request.mode === 'observe' && request.effect !== 'read') {
    return answer('deny', 'mode-observe', 'This run may only look. Start it in draft or autopilot to let it change things.')
  }
  if (!policy.manifest) return null
  const most = policy.manifest.map(parsePermission)
  const beyond = request.needs.filter((need) => !most.some((permission) => covers(permission, need, { effect: request.effect })))
  if (beyond.length === 0) return null
  return answer('deny', 'manifest-lacks', `The plugin ${request.plugin} never asked for ${words(beyond)} in its manifest.`, [], beyond)
}

function denied(request: GateRequest, live: readonly Grant[]): Decision | null {
  for (const need of request.needs) {
    const match = narrowest(live, need, request, 'deny')
    if (match)
      return answer(
        'deny',
        'grant-deny',
        `A grant forbids ${words([need])}: ${nameOf(match)}. Revoke it to allow this.`,
        [match.id],
        [need],
      )
  }
  return null
}

/** An asking grant is answered by the approved preview, by a person's word for this call, or by their word for this run. */
function asked(request: GateRequest, live: readonly Grant[], policy: Policy): Decision | null {
  if (request.approved) return null
  for (const need of request.needs) {
    if (isOnce(policy, need) || live.some((grant) => isAnswer(grant) && grantCovers(grant, need, request))) continue
    const match = narrowest(live, need, request, 'ask')
    if (match) return answer('ask', 'grant-ask', `A grant says to ask before ${words([need])}: ${nameOf(match)}.`, [match.id], [need])
  }
  return null
}

/** A person's answer that holds for this run. */
export const isAnswer = (grant: Grant): boolean => grant.verdict === 'allow' && grant.subject.kind === 'run' && grant.origin === 'approval'
const isOnce = (policy: Policy, need: Need): boolean =>
  policy.once?.some((one) => one.kind === need.kind && one.resource === need.resource) ?? false
const nameOf = (grant: Grant): string =>
  `“${grant.permission}” for ${grant.subject.kind === 'any' ? 'everyone' : `the ${grant.subject.kind} ${grant.subject.id}`}`

/** Who approved the changes saw their labels with them. */
function byLabels(request: GateRequest, live: readonly Grant[], policy: Policy): Decision | null {
  if (request.approved || request.labels.length === 0) return null
  const open = request.needs.filter((need) => !isOnce(policy, need))
  const leaving = leavingNeeds({ needs: open }).filter((need) => !live.some((grant) => isNamed(grant, need, request)))
  const ungranted = open.filter((need) => !narrowest(live, need, request, 'allow'))
  const answered = (need: Need): boolean => live.some((grant) => isAnswer(grant) && grantCovers(grant, need, request))
  const grave = graveNeeds(open, policy.sandboxed ?? true).filter((need) => !answered(need))
  const serves = (grant: Grant, need: Need): boolean =>
    isNamed(grant, need, request) ||
    (request.strays?.beside === 'granted' && grant.verdict === 'allow' && grant.origin !== 'input' && grantCovers(grant, need, request))
  const strayed = leavingNeeds({ needs: open }).filter((need) => !live.some((grant) => serves(grant, need)))
  return privateLeaves(request, leaving, ungranted) ?? untrustedGrave(request, grave) ?? addressStrays(request, strayed)
}

/**
 * A tool that only reads can run nothing but computations: in a box they reach what its other needs name and nothing else,
 * so that the program itself needs no grant.
 */
const isComputation = (request: GateRequest, policy: Policy, need: Need): boolean =>
  request.effect === 'read' && need.kind === 'exec' && policy.sandboxed !== false

/**
 * Asking a model is looking, and what it costs is held by budgets: the kernel's own tool needs no grant for it. A plugin that
 * asks for itself is another matter: a person allows it once.
 */
const isOwnModelCall = (request: GateRequest, policy: Policy, need: Need): boolean =>
  request.effect === 'read' && need.kind === 'model' && policy.manifest === null

function byEffect(request: GateRequest, live: readonly Grant[], policy: Policy): Decision {
  const open = request.needs.filter(
    (need) => !isOnce(policy, need) && !isComputation(request, policy, need) && !isOwnModelCall(request, policy, need),
  )
  const matches = open.map((need) => narrowest(live, need, request, 'allow'))
  const missing = open.filter((_, index) => !matches[index])
  const used = [...new Set(matches.flatMap((grant) => (grant ? [grant.id] : [])))]
  const ask = (rule: string, message: string, needs: Need[] = missing) => answer('ask', rule, message, used, needs)
  if (request.effect !== 'read' && request.mode === 'draft') return ask('mode-draft', 'In draft every change is shown and approved first.')
  if (missing.length > 0)
    return ask(request.effect === 'read' ? 'read-ungranted' : 'ungranted', `Nobody has allowed ${words(missing)} yet.`)
  const bare = policy.sandboxed === false ? open.filter((need) => need.kind === 'exec') : []
  if (bare.length > 0) return ask('unsandboxed', 'This machine has no sandbox, so a person approves each command.', bare)
  const vague = graveNeeds(open, true).filter((need) => !exactlyGranted(live, need, request))
  if (vague.length > 0)
    return ask('high-risk', `${words(vague)} is grave in itself: it needs a grant for exactly this, or a person.`, vague)
  if (request.effect === 'read') return answer('allow', readRule(used, request, policy), 'Reading is allowed here.', used)
  if (request.needs.length === 0) return ask('boundless', 'This call names no resource that a grant could cover.')
  if (request.risk === 'high' && !open.every((need) => exactlyGranted(live, need, request)))
    return ask('high-risk', 'A risky change needs a grant for exactly this, or a person.')
  return answer('allow', open.length === 0 ? 'answered' : 'granted', 'Grants allow this change.', used)
}

function readRule(used: readonly string[], request: GateRequest, policy: Policy): string {
  if (used.length > 0) return 'read-granted'
  return request.needs.some((need) => isOnce(policy, need)) ? 'answered' : 'read-free'
}

function exactlyGranted(live: readonly Grant[], need: Need, request: GateRequest): boolean {
  return live.some(
    (grant) => grant.verdict === 'allow' && grantCovers(grant, need, request) && namesExactly(parsePermission(grant.permission), need),
  )
}

function grantCovers(grant: Grant, need: Need, request: GateRequest): boolean {
  return covers(parsePermission(grant.permission), need, { verdict: grant.verdict, effect: request.effect })
}

/** Between the id of a plan whose text anybody but its runner may change, and the hash of that text. No id holds it. */
export const TEXT_OF_PLAN = '#'

export function applies(grant: Grant, request: GateRequest, now: number): boolean {
  if (grant.expiresAt !== null && grant.expiresAt <= now) return false
  const { kind, id } = grant.subject
  switch (kind) {
    case 'any':
      return true
    case 'run':
      return id === request.run
    case 'plan':
      return id === request.plan || (grant.verdict !== 'allow' && request.plan.startsWith(`${id}${TEXT_OF_PLAN}`))
    case 'plugin':
      return id === request.plugin
    case 'person':
      if (request.actor.kind === 'agent' || request.actor.kind === 'schedule') return grant.verdict !== 'allow' && id === request.person
      return id === request.actor.id
    case 'agent':
      return request.actor.kind === 'agent' && id === request.actor.id
    case 'schedule':
      return request.actor.kind === 'schedule' && id === request.actor.id
  }
}

function narrowest(grants: readonly Grant[], need: Need, request: GateRequest, verdict: Verdict): Grant | null {
  let best: { grant: Grant; permission: Permission } | null = null
  for (const grant of grants) {
    if (grant.verdict !== verdict || !grantCovers(grant, need, request)) continue
    const permission = parsePermission(grant.permission)
    if (!best || narrowness(permission) > narrowness(best.permission)) best = { grant, permission }
  }
  return best?.grant ?? null
}

function words(needs: readonly Need[]): string {
  const shown = needs.slice(0, 3).map((need) => `${need.kind} on ${need.resource}`)
  return needs.length > 3 ? `${shown.join(', ')} and ${needs.length - 3} more` : shown.join(', ')
}

function answer(verdict: Verdict, rule: string, message: string, grants: string[] = [], missing: Need[] = []): Decision {
  return { verdict, rule, message, grants, missing }
}
