import { sql, type Expression, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { AuditRecord, AuditVerification, Page, PageQuery, Verdict } from '@life-os/contract'
import type { AuditRow, Store } from '../store/index.ts'

export interface AuditQuery extends PageQuery {
  run?: string | undefined
  kind?: string | undefined
  actor?: string | undefined
  tool?: string | undefined
  rule?: string | undefined
  verdict?: Verdict | undefined
  /** Found in the actor, the step, the tool, the rule or the data, in any case. */
  search?: string | undefined
  /** UTC milliseconds, both inclusive. */
  from?: number | undefined
  until?: number | undefined
}

export interface AuditQueries {
  /** Newest first. */
  list(query: AuditQuery): Promise<Page<AuditRecord>>
  verify(): Promise<AuditVerification>
}

const EQUAL = ['run', 'kind', 'actor', 'tool', 'rule', 'verdict'] as const
const SEARCHED = ['actor', 'step', 'tool', 'rule', 'data_json'] as const

export function createAuditQueries(store: Store): AuditQueries {
  return {
    verify: () => store.audit.verify(),
    async list(query) {
      await store.journal.flush()
      const found = filtered(store, query)
      const counted = await found.select((e) => e.fn.countAll().as('count')).executeTakeFirst()
      const after = query.cursor ? found.where('seq', '<', Number(query.cursor)) : found
      const rows = await after
        .selectAll()
        .orderBy('seq', 'desc')
        .limit(query.limit + 1)
        .execute()
      const items = rows.slice(0, query.limit).map(recordOf)
      return { items, next: rows.length > query.limit ? String(items.at(-1)?.seq) : null, total: Number(counted?.count ?? 0) }
    },
  }
}

type Audit = { audit: AuditRow }

function filtered(store: Store, query: AuditQuery): SelectQueryBuilder<Audit, 'audit', object> {
  let select: SelectQueryBuilder<Audit, 'audit', object> = store.db.selectFrom('audit')
  for (const column of EQUAL) {
    const wanted = query[column]
    if (wanted) select = select.where(column, '=', wanted)
  }
  if (query.from !== undefined) select = select.where('at', '>=', query.from)
  if (query.until !== undefined) select = select.where('at', '<=', query.until)
  if (query.search) {
    const pattern = `%${query.search.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%`
    select = select.where((e) =>
      e.or(SEARCHED.map((column): Expression<SqlBool> => sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`)),
    )
  }
  return select
}

function recordOf({ data_json, group_no: _group, link: _link, ...row }: AuditRow): AuditRecord {
  return { ...row, data: JSON.parse(data_json) } as AuditRecord // the columns hold what the writer wrote
}
