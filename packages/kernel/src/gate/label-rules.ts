import type { Decision, GateRequest, Grant, Label, Need } from '@life-os/contract'
import { sourceWords } from '../labels/index.ts'
import { covers, namesExactly, parsePermission, placeOf } from './permissions.ts'

/** Rules that speak of the data and not of the call: without its labels the call might have been allowed. */
export const LABEL_RULES: ReadonlySet<string> = new Set(['private-leaves', 'untrusted-grave'])

/**
 * Origins of a person's own word for a place. What they gave a run as input is none: an address to read from is not one to
 * send private data to, and the page behind it may be the very one that asks for it. Presets and bundled grants name no one.
 */
const OWN_WORD: ReadonlySet<Grant['origin']> = new Set(['approval', 'settings'])

/** Needs through which data leaves this machine. */
export function leavingNeeds(request: Pick<GateRequest, 'needs'>): Need[] {
  return request.needs.filter((need) => need.kind === 'net' || need.kind === 'browser')
}

/** Whether a person named this very place, no pattern, for whoever this grant is for. */
export function isNamed(grant: Grant, need: Need, request: Pick<GateRequest, 'effect'>): boolean {
  const permission = parsePermission(grant.permission)
  return (
    grant.verdict === 'allow' &&
    OWN_WORD.has(grant.origin) &&
    namesExactly(permission, need) &&
    covers(permission, need, { effect: request.effect })
  )
}

/** The `host:port` behind an origin; of a pattern none. */
function placesOfOrigin(origin: string): string[] {
  const url = URL.parse(origin)
  if (!url || url.hostname.includes('*')) return []
  return [`${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`]
}

/** `host:port` places, and folders that others read too, to which private data of this call may go by a person's own word. */
export function privatePlaces(live: readonly Grant[], request: Pick<GateRequest, 'effect'>, once: readonly Need[]): string[] {
  const places = once.flatMap((need) =>
    need.kind === 'net' ? [need.resource.toLowerCase()] : need.kind === 'browser' ? placesOfOrigin(need.resource) : [],
  )
  for (const grant of live) {
    const { kind, pattern } = parsePermission(grant.permission)
    if (kind === 'net' && isNamed(grant, { kind, resource: pattern }, request)) places.push(pattern.toLowerCase())
    if (kind === 'browser' && isNamed(grant, { kind, resource: pattern }, request)) places.push(...placesOfOrigin(pattern))
    if (kind === 'fs.write' && grant.verdict === 'allow' && OWN_WORD.has(grant.origin)) places.push(placeOf(pattern))
  }
  return [...new Set(places)]
}

/** Asks before private data leaves to places that nobody named. */
export function privateLeaves(request: GateRequest, open: readonly Need[], ungranted: readonly Need[]): Decision | null {
  if (!request.labels.includes('private') || open.length === 0) return null
  const missing = [...ungranted, ...open.filter((need) => !ungranted.includes(need))]
  const places = open.slice(0, 3).map((need) => need.resource)
  const message = `Private data${from(request, 'private')} would go to ${places.join(', ')}. A person allows each place by its name.`
  return { verdict: 'ask', rule: 'private-leaves', message, grants: [], missing }
}

/** Asks before content from outside leads to something risky, final or grave in itself. `grave`: needs of that kind. */
export function untrustedGrave(request: GateRequest, grave: readonly Need[]): Decision | null {
  const isFinal = request.effect === 'external' && request.reversal === 'none'
  const isGrave = grave.length > 0 || (request.effect !== 'read' && (request.risk !== 'low' || isFinal))
  if (!isGrave || !request.labels.includes('untrusted')) return null
  const message = `Content from outside${from(request, 'untrusted')} leads to something that is risky or final. A person decides.`
  return { verdict: 'ask', rule: 'untrusted-grave', message, grants: [], missing: [...grave] }
}

const SHOWN_MOST = 300 // characters of an address

/** Asks before an agent reads at an address that it put together itself with words from outside in hand. `open`: places by no word of a person. */
export function addressStrays(request: GateRequest, open: readonly Need[]): Decision | null {
  if (!request.strays || open.length === 0) return null
  const { address, beside } = request.strays
  const shown = address.length > SHOWN_MOST ? `${address.slice(0, SHOWN_MOST)}…` : address
  const along = beside === 'files' ? 'Words of yours that were read could go along in it' : 'What was said here could go along in it'
  const message = `With content from outside${from(request, 'untrusted')} in hand, ${shown} was put together: you did not name it. ${along}.`
  return { verdict: 'ask', rule: 'untrusted-address', message, grants: [], missing: [...open] }
}

function from(request: GateRequest, label: Label): string {
  const words = sourceWords(request.sources ?? [], label)
  return words === '' ? '' : ` (from ${words})`
}
