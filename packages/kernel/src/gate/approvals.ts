import { sql } from 'kysely'
import { LifeOsError, type Approval, type ApprovalDetail, type Page, type PageQuery } from '@life-os/contract'
import { fromColumn, mayBeReadBy } from '../store/index.ts'
import type { ApprovalRow, Store } from '../store/index.ts'
import type { Previews } from './previews.ts'

export interface ApprovalQuery extends PageQuery {
  state?: Approval['state'] | undefined
  run?: string | undefined
  reader?: { person: string; isAdmin: boolean } | undefined
}
export interface Approvals {
  /** `reader`: without those of others' conversations; of these an administrator has what is an administrator's to answer. */
  list(query: ApprovalQuery): Promise<Page<Approval>>
  get(id: string): Promise<ApprovalDetail>
  row(id: string): Promise<ApprovalRow>
  /** Waiting ones whose time is over. */
  due(now: number): Promise<ApprovalRow[]>
}

export function createApprovals(store: Store, previews: Previews): Approvals {
  const row = async (id: string): Promise<ApprovalRow> => {
    const found = await store.db.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst()
    if (!found) throw new LifeOsError('approval-missing', 'There is no such approval. It may have been removed with its run.')
    return found
  }
  return {
    row,
    async list(query) {
      let select = store.db.selectFrom('approvals')
      if (query.state) select = select.where('state', '=', query.state)
      if (query.run) select = select.where('run', '=', query.run)
      const { reader } = query
      if (reader) {
        const own = mayBeReadBy(reader.person, sql.ref('approvals.run'))
        select = select.where((e) => (reader.isAdmin ? e.or([own, e('role', '=', 'admin')]) : own))
      }
      const counted = await select.select((e) => e.fn.countAll().as('count')).executeTakeFirst()
      const after = query.cursor ? select.where('id', '<', query.cursor) : select
      const rows = await after
        .selectAll()
        .orderBy('id', 'desc')
        .limit(query.limit + 1)
        .execute()
      const items = rows.slice(0, query.limit).map(fromRow)
      return { items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null, total: Number(counted?.count ?? 0) }
    },
    async get(id) {
      const found = await row(id)
      const preview = found.revision === null ? null : await previews.load(found.run, found.revision)
      const before = found.before_revision === null ? null : await previews.load(found.run, found.before_revision)
      return { ...fromRow(found), preview, before }
    },
    async due(now) {
      return store.db.selectFrom('approvals').selectAll().where('state', '=', 'waiting').where('expires_at', '<=', now).execute()
    },
  }
}

function fromRow(row: ApprovalRow): Approval {
  return {
    id: row.id,
    run: row.run,
    step: row.step,
    kind: row.kind as Approval['kind'], // the columns hold what runs wrote
    state: row.state as Approval['state'], // likewise
    title: row.title,
    message: row.message,
    hash: row.hash,
    role: row.role as Approval['role'], // likewise
    plan: { id: row.plan_id, name: row.plan_name },
    needs: fromColumn(row.needs_json),
    offers: fromColumn(row.offers_json),
    output: row.output_json === null ? null : fromColumn(row.output_json),
    subject: row.subject_json === null ? null : fromColumn(row.subject_json),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    answeredAt: row.answered_at,
    answeredBy: row.answered_by,
    reason: row.reason,
    labels: fromColumn(row.labels),
  }
}
