import { LifeOsError, type Grant, type NewGrant, type Page, type PageQuery } from '@life-os/contract'
import type { GrantRow, Store } from '../store/index.ts'
import { pageFrom } from './paging.ts'

export interface Grants {
  /** Every grant that could matter now; kept in memory between changes. */
  current(): Promise<readonly Grant[]>
  list(query: PageQuery & { search?: string | undefined }): Promise<Page<Grant>>
  add(grant: NewGrant, origin: Grant['origin'], by: string): Promise<Grant>
  revoke(id: string, by: string): Promise<void>
  used(ids: readonly string[]): void
  /** Grants that a finished run no longer needs. */
  forgetRun(run: string): Promise<void>
  flush(): Promise<void>
}

export interface GrantsDeps {
  store: Store
  clock: { now(): number }
  newId(): string
}

export function createGrants({ store, clock, newId }: GrantsDeps): Grants {
  let cache: Promise<readonly Grant[]> | null = null
  const usedAt = new Map<string, number>()
  const load = async () => (await store.db.selectFrom('grants').selectAll().execute()).map(fromRow)
  const record = (by: string, grant: Grant, what: string) =>
    store.audit.append({
      kind: 'grant',
      actor: by,
      run: grant.subject.kind === 'run' ? grant.subject.id : null,
      step: null,
      tool: null,
      verdict: grant.verdict,
      rule: what,
      data: { grant: grant.id, permission: grant.permission, subject: grant.subject },
    })
  return {
    current: () => (cache ??= load()),
    async list(query) {
      const all = (await load()).filter(
        (grant) => !query.search || JSON.stringify(grant).toLowerCase().includes(query.search.toLowerCase()),
      )
      return pageFrom(
        all.filter((grant) => grant.subject.kind !== 'run').toSorted((a, b) => b.id.localeCompare(a.id)),
        query,
        (grant) => grant.id,
      )
    },
    async add(given, origin, by) {
      const grant: Grant = { ...given, id: newId(), origin, createdAt: clock.now(), createdBy: by, usedAt: null }
      await store.db.insertInto('grants').values(toRow(grant)).execute()
      cache = null
      await record(by, grant, 'grant-added')
      return grant
    },
    async revoke(id, by) {
      const row = await store.db.selectFrom('grants').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) throw new LifeOsError('grant-missing', 'That grant is not there any more.')
      await store.db.deleteFrom('grants').where('id', '=', id).execute()
      cache = null
      await record(by, fromRow(row), 'grant-revoked')
    },
    used(ids) {
      for (const id of ids) usedAt.set(id, clock.now())
    },
    async forgetRun(run) {
      const grants = await (cache ??= load())
      if (!grants.some((grant) => grant.subject.kind === 'run' && grant.subject.id === run)) return
      await store.db.deleteFrom('grants').where('subject_kind', '=', 'run').where('subject_id', '=', run).execute()
      cache = null
    },
    async flush() {
      for (const [id, at] of usedAt) await store.db.updateTable('grants').set({ used_at: at }).where('id', '=', id).execute()
      usedAt.clear()
    },
  }
}

function fromRow(row: GrantRow): Grant {
  return {
    id: row.id,
    subject: { kind: row.subject_kind, id: row.subject_id },
    permission: row.permission,
    verdict: row.verdict,
    origin: row.origin,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  } as Grant // the columns hold what toRow wrote
}

function toRow(grant: Grant): GrantRow {
  return {
    id: grant.id,
    subject_kind: grant.subject.kind,
    subject_id: grant.subject.id,
    permission: grant.permission,
    verdict: grant.verdict,
    origin: grant.origin,
    created_at: grant.createdAt,
    created_by: grant.createdBy,
    expires_at: grant.expiresAt,
    used_at: grant.usedAt,
  }
}
