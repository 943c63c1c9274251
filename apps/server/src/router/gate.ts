import { LifeOsError } from '@life-os/contract'
import type { Approval, ApprovalDetail, Role } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import type { Gate } from '@life-os/kernel/gate'
import type { Kernel } from '../kernel.ts'
import { authorise, guarded } from './context.ts'

const RANK: Record<Role, number> = { viewer: 0, member: 1, admin: 2 }

/**
 * Allowing something for a run is a decision like an answer: it needs the same scope, and what is an administrator's to
 * answer is an administrator's to allow. Errors: `scope-missing`.
 */
export function mayAllow(gate: Gate, identity: Identity, permissions: readonly string[]): void {
  if (permissions.length === 0) return
  authorise(identity, 'approve')
  const kinds = permissions.map((permission) => ({ kind: permission.split(/[:@]/)[0] ?? '', resource: '' }))
  if (gate.roleFor(kinds) === 'admin') authorise(identity, 'admin')
}

export function approvalsRouter({ gate, runs, readers }: Kernel) {
  const area = guarded.approvals
  /** What a conversation asks is its person's to answer, and an administrator's where it asks for one. */
  const isFor = async ({ run, role }: Pick<Approval, 'run' | 'role'>, { person }: Identity): Promise<boolean> =>
    (role === 'admin' && person.role === 'admin') || readers.mayRead(run, person.id)
  const mayLook = async (id: string, identity: Identity): Promise<ApprovalDetail> => {
    const found = await gate.approvals.get(id)
    if (await isFor(found, identity)) return found
    throw new LifeOsError('approval-missing', 'There is no such approval. It may have been removed with its run.')
  }
  /** An approval may ask for a role that the scope alone does not tell. */
  const mayAnswer = async (id: string, identity: Identity) => {
    const { role } = await mayLook(id, identity)
    if (role === 'admin' && identity.via === 'token') authorise(identity, 'admin') // a token answers for no more than its scopes
    if (RANK[identity.person.role] >= RANK[role]) return
    throw new LifeOsError('role-missing', `This approval asks for the role “${role}”; yours is “${identity.person.role}”.`, {
      details: { role },
    })
  }
  return {
    list: area.list.handler(({ input, context: { identity } }) => {
      const reader = { person: identity.person.id, isAdmin: identity.person.role === 'admin' }
      return gate.approvals.list({ ...input, reader })
    }),
    get: area.get.handler(({ input, context }) => mayLook(input.id, context.identity)),
    answer: area.answer.handler(async ({ input: { id, ...answer }, context }) => {
      await mayAnswer(id, context.identity)
      return runs.answer(id, answer, context.identity.actor)
    }),
    untick: area.untick.handler(async ({ input, context }) => {
      await mayAnswer(input.id, context.identity)
      return runs.untick(input.id, input.except, input.exceptGlobs, context.identity.actor)
    }),
    edit: area.edit.handler(async ({ input, context }) => {
      await mayAnswer(input.id, context.identity)
      mayAllow(gate, context.identity, input.allow)
      return runs.edit(input.id, input.inputs, input.allow, context.identity.actor)
    }),
  }
}

export function grantsRouter({ gate }: Kernel) {
  const area = guarded.grants
  return {
    list: area.list.handler(({ input }) => gate.grants.list(input)),
    add: area.add.handler(({ input, context }) => gate.grants.add(input, 'settings', context.identity.actor.id)),
    levels: area.levels.handler(() => gate.grants.levels()),
    setLevel: area.setLevel.handler(({ input, context }) =>
      gate.grants.setLevel(input.domain, input.subject, input.level, context.identity.actor.id),
    ),
    revoke: area.revoke.handler(async ({ input, context }) => {
      await gate.grants.revoke(input.id, context.identity.actor.id)
      return { ok: true as const }
    }),
  }
}

export function auditRouter({ gate }: Kernel) {
  const area = guarded.audit
  return {
    list: area.list.handler(({ input }) => gate.audit.list(input)),
    verify: area.verify.handler(() => gate.audit.verify()),
  }
}
