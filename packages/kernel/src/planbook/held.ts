import { LifeOsError, type Grant, type Scope } from '@life-os/contract'
import { parsePermission, type Gate } from '../gate/index.ts'

export interface HeldContext {
  gate: Pick<Gate, 'grants' | 'roleFor'>
  clock: { now(): number }
  /** Ids of the plans that a stored plan calls, however deep, whether they are there or not. */
  calledBy(id: string): Promise<ReadonlySet<string>>
}

/**
 * Grants for a plan go on to hold for its next version, and for what the plans that it calls do in its runs. So whoever
 * changes one of them must be somebody who could have given the grants. Error: `plan-granted`.
 */
export async function checkHeld(context: HeldContext, id: string, scopes: ReadonlySet<Scope>): Promise<void> {
  const held = await grantsReaching(context, id)
  const [first] = held
  if (!first) return
  const asAdmin = context.gate.roleFor(held.map(needOf)) === 'admin'
  if (scopes.has(asAdmin ? 'admin' : 'approve')) return
  const whose = first.subject.id === id ? `“${id}” runs` : `“${first.subject.id}”, which calls “${id}”, runs`
  throw new LifeOsError(
    'plan-granted',
    `${whose} with a permission that a person gave it (${first.permission}). Only who may ${asAdmin ? 'give it' : 'answer such questions'} may change it: save yours under another id, or have the permission revoked.`,
    { details: { scope: asAdmin ? 'admin' : 'approve', grants: held.map((grant) => grant.id) } },
  )
}

async function grantsReaching({ gate, clock, calledBy }: HeldContext, id: string): Promise<Grant[]> {
  const now = clock.now()
  const allowing = (await gate.grants.current()).filter(
    ({ subject, verdict, expiresAt }) => subject.kind === 'plan' && verdict === 'allow' && (expiresAt === null || expiresAt > now),
  )
  const reaching = new Set<string>()
  for (const holder of new Set(allowing.map(({ subject }) => subject.id)))
    if (holder === id || (await calledBy(holder)).has(id)) reaching.add(holder)
  return allowing.filter(({ subject }) => reaching.has(subject.id))
}

const needOf = ({ permission }: Grant) => {
  const { kind, pattern } = parsePermission(permission)
  return { kind, resource: pattern }
}
