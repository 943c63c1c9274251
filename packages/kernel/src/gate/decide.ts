import type { Decision, GateRequest, Grant, Need, Verdict } from '@life-os/contract'
import { covers, narrowness, parsePermission, type Permission } from './permissions.ts'

/** Everything beside the request that a decision may depend on. */
export interface Policy {
  grants: readonly Grant[]
  /** The most the plugin can ever ask for, from its manifest; null for the kernel's own tools. */
  manifest: readonly string[] | null
  emergencyStop: boolean
  /** UTC milliseconds, for expiry. */
  now: number
}

/**
 * Decides one tool call. Pure: the same request and policy give the same answer. Deny beats ask beats allow, and the
 * narrowest grant that matched is named.
 */
export function decide(request: GateRequest, policy: Policy): Decision {
  const live = policy.grants.filter((grant) => applies(grant, request, policy.now))
  return (
    refuseOutright(request, policy) ??
    byGrants(request, live, 'deny') ??
    byGrants(request, live, 'ask', request.approved) ??
    byLabels(request) ??
    (request.approved ? answer('allow', 'approved', 'The approved preview shows this change.') : null) ??
    byEffect(request, live)
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
  const beyond = request.needs.filter((need) => !most.some((permission) => covers(permission, need)))
  if (beyond.length === 0) return null
  return answer('deny', 'manifest-lacks', `The plugin ${request.plugin} never asked for ${words(beyond)} in its manifest.`, [], beyond)
}

function byGrants(request: GateRequest, live: readonly Grant[], verdict: Verdict, approved = false): Decision | null {
  if (approved) return null // a person has just answered exactly this
  for (const need of request.needs) {
    const match = narrowest(live, need, verdict)
    if (!match) continue
    const message = verdict === 'deny' ? `A grant forbids ${words([need])}.` : `A grant says to ask before ${words([need])}.`
    return answer(verdict, `grant-${verdict}`, message, [match.id], [need])
  }
  return null
}

function byLabels(request: GateRequest): Decision | null {
  const grave = request.risk === 'high' || (request.effect === 'external' && request.reversal === 'none')
  if (request.approved || request.effect === 'read' || !grave || !request.labels.includes('untrusted')) return null
  return answer('ask', 'untrusted-grave', 'Content from outside leads to a change that is risky or final. A person decides.')
}

function byEffect(request: GateRequest, live: readonly Grant[]): Decision {
  const matches = request.needs.map((need) => narrowest(live, need, 'allow'))
  const missing = request.needs.filter((_, index) => !matches[index])
  const used = [...new Set(matches.flatMap((grant) => (grant ? [grant.id] : [])))]
  if (request.effect === 'read') {
    if (missing.length > 0) return answer('ask', 'read-ungranted', `Nobody has allowed ${words(missing)} yet.`, used, missing)
    return answer('allow', used.length > 0 ? 'read-granted' : 'read-free', 'Reading is allowed here.', used)
  }
  if (request.mode === 'draft') return answer('ask', 'mode-draft', 'In draft every change is shown and approved first.', used, missing)
  if (missing.length > 0) return answer('ask', 'ungranted', `Nobody has allowed ${words(missing)} yet.`, used, missing)
  if (request.needs.length === 0) return answer('ask', 'boundless', 'This call names no resource that a grant could cover.')
  if (request.risk === 'high' && !matches.every((grant) => grant && isExact(grant))) {
    return answer('ask', 'high-risk', 'A risky change needs a grant for exactly this, or a person.', used)
  }
  return answer('allow', 'granted', 'Grants allow this change.', used)
}

function applies(grant: Grant, request: GateRequest, now: number): boolean {
  if (grant.expiresAt !== null && grant.expiresAt <= now) return false
  const { kind, id } = grant.subject
  switch (kind) {
    case 'any':
      return true
    case 'run':
      return id === request.run
    case 'plan':
      return id === request.plan
    case 'plugin':
      return id === request.plugin
    case 'person':
      return id === request.actor.id && request.actor.kind !== 'agent' && request.actor.kind !== 'schedule'
    case 'agent':
      return request.actor.kind === 'agent' && id === request.actor.id
    case 'schedule':
      return request.actor.kind === 'schedule' && id === request.actor.id
  }
}

function narrowest(grants: readonly Grant[], need: Need, verdict: Verdict): Grant | null {
  let best: { grant: Grant; permission: Permission } | null = null
  for (const grant of grants) {
    if (grant.verdict !== verdict) continue
    const permission = parsePermission(grant.permission)
    if (!covers(permission, need)) continue
    if (!best || narrowness(permission) > narrowness(best.permission)) best = { grant, permission }
  }
  return best?.grant ?? null
}

function isExact(grant: Grant): boolean {
  return !/[*?[{]/.test(parsePermission(grant.permission).pattern)
}

function words(needs: readonly Need[]): string {
  const shown = needs.slice(0, 3).map((need) => `${need.kind} on ${need.resource}`)
  return needs.length > 3 ? `${shown.join(', ')} and ${needs.length - 3} more` : shown.join(', ')
}

function answer(verdict: Verdict, rule: string, message: string, grants: string[] = [], missing: Need[] = []): Decision {
  return { verdict, rule, message, grants, missing }
}
