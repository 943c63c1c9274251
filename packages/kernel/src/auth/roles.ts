import type { Actor, Person, Role, Scope } from '@life-os/contract'

/** Who asks, how they proved it, and what they may do at most. */
export interface Identity {
  actor: Actor
  person: Person
  /** The person's role narrowed by the token's scopes. */
  scopes: ReadonlySet<Scope>
  via: 'session' | 'token' | 'socket'
  /** Of a session: what a changing request must carry in `X-CSRF-Token`. */
  csrf?: string
}

const SCOPES: Record<Role, readonly Scope[]> = {
  viewer: ['read'],
  member: ['read', 'run', 'approve'],
  admin: ['read', 'run', 'approve', 'admin'],
}

export const scopesOf = (role: Role): ReadonlySet<Scope> => new Set(SCOPES[role])
export const allows = (identity: Pick<Identity, 'scopes'>, scope: Scope): boolean => identity.scopes.has(scope)
