import type { Reach } from '../../browser/index.ts'
import { checkPrivateHost } from '../labels/index.ts'
import { hostOf, portOf } from '../net/address.ts'
import { checkDenied } from '../paths/denied.ts'
import { fault } from '../paths/faults.ts'
import { nameMatches } from '../paths/scope.ts'
import type { LabelledScope } from '../labels/index.ts'

const originsOf = (scope: LabelledScope): string[] => scope.allowed.filter((need) => need.kind === 'browser').map((need) => need.resource)

/** Whether this call may use pages of an origin. */
export function allowsOrigin(scope: LabelledScope, origin: string): boolean {
  if (!originsOf(scope).some((allowed) => nameMatches(allowed, origin))) return false
  return !scope.denies?.of({ kind: 'browser', resource: origin }, scope.allowed)
}

/**
 * A page that a call names itself, before anything is asked of it: allowed, not denied, and where private data would go to
 * it, named by a person. Errors: `browser-origin`, `address-not-allowed`, `private-not-allowed`.
 */
export function admitOrigin(scope: LabelledScope, url: URL, session: string | null): void {
  const need = { kind: 'browser', resource: url.origin }
  if (!originsOf(scope).some((allowed) => nameMatches(allowed, url.origin)))
    throw fault('browser-origin', `${url.origin} is outside what was allowed for this call; allow browser:${url.origin}.`, {
      details: { origin: url.origin, permission: `browser:${url.origin}` },
    })
  checkDenied(scope, need)
  if (carriesPrivate(scope, session)) checkPrivateHost(scope, hostOf(url), portOf(url))
}

/** Private data beside what this page's own session shows: that came from there. */
export function carriesPrivate(scope: LabelledScope, session: string | null): boolean {
  if (!scope.seen.current.includes('private')) return false
  const sources = scope.seen.explained.filter((source) => source.label === 'private')
  return sources.length === 0 || sources.some((source) => session === null || source.from !== sessionLabel(session))
}

export const sessionLabel = (session: string): string => `session ${session}`

/** Whether private data may go to an origin: a form, a redirect and a script may send it as well as the page that was named. */
function namesForPrivate(scope: LabelledScope, origin: string): boolean {
  const url = URL.parse(origin)
  if (!url) return false
  try {
    checkPrivateHost(scope, hostOf(url), portOf(url))
    return true
  } catch {
    return false
  }
}

/** What the pages of this call may reach. With private data nothing is loaded from elsewhere. */
export function reachOf(scope: LabelledScope, session: string | null): Reach {
  const places = originsOf(scope).flatMap((origin) => {
    const url = URL.parse(origin)
    return url && !origin.includes('*') ? [`${hostOf(url)}:${portOf(url)}`] : []
  })
  const carries = carriesPrivate(scope, session)
  const allows = (origin: string): boolean => allowsOrigin(scope, origin) && (!carries || namesForPrivate(scope, origin))
  return { allows, places, elsewhere: !carries }
}
