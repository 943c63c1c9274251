import type { GateRequest, Grant, Need } from '@life-os/contract'
import { covers, isGlob, parsePermission, placeOf, type Permission } from './permissions.ts'

/** A grant that refuses one resource within a call that was allowed more. */
export interface Denial {
  rule: 'grant-deny' | 'grant-ask'
  grant: string
  permission: string
}

/**
 * What grants refuse within one call, for the host that serves it: a call that was allowed a folder or a pattern is not
 * allowed the places below it that are denied, or that a person is to be asked about first.
 */
export interface CallDenials {
  /** `allowed`: what was decided for this call. What it names itself was asked about. */
  of(need: Need, allowed: readonly Need[]): Denial | null
  /** Refuses places below this folder by their names, whether they are there or not. */
  namedBelow(kind: string, folder: string, allowed: readonly Need[]): Denial | null
  /** Refuses by a pattern that something below this folder could match. */
  matchesBelow(kind: string, folder: string, allowed: readonly Need[]): Denial | null
}

export interface DenialsOptions {
  effect: GateRequest['effect']
  /** Grants that are a person's answer for this run. */
  answers: readonly Grant[]
}

interface Refusing {
  grant: Grant
  permission: Permission
  place: string
  named: boolean
}

/** `live`: the grants that apply to this call. Undefined where none of them refuses anything. */
export function denialsOf(live: readonly Grant[], { effect, answers }: DenialsOptions): CallDenials | undefined {
  const refusing = live.filter((grant) => grant.verdict !== 'allow').map(refusingOf)
  if (refusing.length === 0) return undefined
  const ordered = refusing.toSorted((a, b) => Number(b.grant.verdict === 'deny') - Number(a.grant.verdict === 'deny'))
  const byKind = new Map<string, Refusing[]>()
  const about = (kind: string): readonly Refusing[] => {
    const known = byKind.get(kind) ?? ordered.filter((one) => concerns(one, kind, effect))
    byKind.set(kind, known)
    return known
  }
  const hits = ({ grant, permission }: Refusing, need: Need): boolean => covers(permission, need, { verdict: grant.verdict, effect })
  /** A question that was put for one of the call's own needs is answered for what lies in that need. */
  const wasAsked = (one: Refusing, need: Need, allowed: readonly Need[]): boolean =>
    one.grant.verdict === 'ask' &&
    (allowed.some((given) => hits(one, given) && reaches(given, need)) ||
      answers.some((answer) => covers(parsePermission(answer.permission), need, { effect })))
  const below = (kind: string, folder: string, allowed: readonly Need[], named: boolean): Denial | null => {
    const whole = { kind, resource: folder }
    const found = about(kind).find(
      (one) => one.named === named && meets(one, folder) && !wasAsked(one, named ? { kind, resource: one.place } : whole, allowed),
    )
    return found ? denialOf(found) : null
  }
  return {
    of(need, allowed) {
      const found = about(need.kind).find((one) => hits(one, need) && !wasAsked(one, need, allowed))
      return found ? denialOf(found) : null
    },
    namedBelow: (kind, folder, allowed) => below(kind, folder, allowed, true),
    matchesBelow: (kind, folder, allowed) => below(kind, folder, allowed, false),
  }
}

function refusingOf(grant: Grant): Refusing {
  const permission = parsePermission(grant.permission)
  const { pattern } = permission
  const whole = pattern.endsWith('/**') ? pattern.slice(0, -'/**'.length) : pattern
  return { grant, permission, place: placeOf(whole) || '/', named: !isGlob(whole) }
}

const denialOf = ({ grant }: Refusing): Denial => ({
  rule: grant.verdict === 'deny' ? 'grant-deny' : 'grant-ask',
  grant: grant.id,
  permission: grant.permission,
})

/** A refusal to read refuses to write too. */
function concerns({ permission }: Refusing, kind: string, effect: GateRequest['effect']): boolean {
  if (permission.effect !== undefined && permission.effect !== effect) return false
  return permission.kind === kind || (permission.kind === 'fs.read' && kind === 'fs.write')
}

/** A named place lies below the folder; a pattern begins below it, or above it. */
function meets({ place, named }: Refusing, folder: string): boolean {
  return isBelow(place, folder) || (!named && isBelow(folder, place))
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)

/** Whether a need of the call names this resource, or a folder or a pattern that it lies in. */
function reaches({ kind, resource }: Need, need: Need): boolean {
  if (covers({ kind, pattern: resource.replace(LETTERS, '\\$&') }, need)) return true
  return kind.startsWith('fs.') && (kind === need.kind || kind === 'fs.write') && isBelow(need.resource, resource)
}
/** Of what patterns know, a need knows the star alone. */
const LETTERS = /[\\?[\]{}]|[!+@](?=\()/g
