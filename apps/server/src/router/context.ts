import { implement, ORPCError } from '@orpc/server'
import { contract, LifeOsError } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import { ACCESS } from './access.ts'
import type { Need } from './access.ts'

/** What a request brings to a procedure. */
export interface RequestContext {
  identity: Identity | null
  /** The peer's address, for the log-in limit. */
  address: string
  /** The session's secret from the cookie, for signing out. */
  session?: string | undefined
  /** Headers of the answer, where a procedure sets the cookie. */
  answer: Headers
  /** What became of the call, for who turns failures into problems. */
  trace: { called: boolean; failure?: unknown }
}

/** Refuses what the caller may not do. Errors: `not-signed-in`, `scope-missing`, `session-needed`. */
export function authorise(identity: Identity | null, need: Need): void {
  if (need === 'anyone') return
  if (!identity) throw new LifeOsError('not-signed-in', 'Sign in first. “lifeos start” prints a one-time link.')
  if (need === 'person') {
    if (identity.via === 'token') throw new LifeOsError('session-needed', 'A token cannot do this. Sign in as a person.')
    return
  }
  if (identity.scopes.has(need)) return
  const means =
    identity.via === 'token' ? `This token lacks the scope “${need}”.` : `Your role “${identity.person.role}” does not include “${need}”.`
  throw new LifeOsError('scope-missing', `${means} An administrator can change that.`, { details: { scope: need } })
}

/** The contract, guarded: every procedure is checked against the access table before it runs. */
export const guarded = implement(contract)
  .$context<RequestContext>()
  .use(({ context, path, next }) => {
    const [area = '', verb = ''] = path
    const needs: Record<string, Record<string, Need>> = ACCESS
    const need = needs[area]?.[verb]
    if (!need) throw new ORPCError('NOT_FOUND')
    authorise(context.identity, need)
    return next({ context: { identity: context.identity as Identity } }) // null passes only where the table says `anyone`, and that handler takes no identity
  })
