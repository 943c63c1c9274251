import type { GateRequest, Need } from '@life-os/contract'

/** Kinds that are grave in themselves, whatever the tool that asks says of its risk. */
const GRAVE: ReadonlySet<string> = new Set(['secret.read', 'spend'])

/** Needs that only a grant for exactly this, or a person, may allow. Without a sandbox every command is one. */
export function graveNeeds(needs: readonly Need[], sandboxed: boolean): Need[] {
  return needs.filter((need) => GRAVE.has(need.kind) || (!sandboxed && need.kind === 'exec'))
}

/** Whether a call is high-risk: its tool says so, or what it needs does. */
export function isHighRisk(request: Pick<GateRequest, 'risk' | 'needs'>, sandboxed: boolean): boolean {
  return request.risk === 'high' || graveNeeds(request.needs, sandboxed).length > 0
}

/** The role that may answer for needs: a bare secret and a command without a sandbox are an administrator's to allow. */
export function roleFor(needs: readonly Need[], sandboxed: boolean): 'member' | 'admin' {
  return needs.some((need) => need.kind === 'secret.read' || (!sandboxed && need.kind === 'exec')) ? 'admin' : 'member'
}
