import type { AuditRecord, AuditVerification, Page, PageQuery } from '@life-os/contract'
import type { Store } from '../store/index.ts'

export interface AuditQueries {
  list(query: PageQuery & { run?: string | undefined; kind?: string | undefined; actor?: string | undefined }): Promise<Page<AuditRecord>>
  verify(): Promise<AuditVerification>
}

export function createAuditQueries(store: Store): AuditQueries {
  return {
    verify: () => store.audit.verify(),
    async list(query) {
      await store.journal.flush()
      let select = store.db.selectFrom('audit')
      if (query.run) select = select.where('run', '=', query.run)
      if (query.kind) select = select.where('kind', '=', query.kind)
      if (query.actor) select = select.where('actor', '=', query.actor)
      const counted = await select.select((e) => e.fn.countAll().as('count')).executeTakeFirst()
      const after = query.cursor ? select.where('seq', '<', Number(query.cursor)) : select
      const rows = await after
        .selectAll()
        .orderBy('seq', 'desc')
        .limit(query.limit + 1)
        .execute()
      const items = rows
        .slice(0, query.limit)
        .map(({ data_json, group_no: _group, link: _link, ...row }) => ({ ...row, data: JSON.parse(data_json) }) as AuditRecord) // columns hold what the writer wrote
      return { items, next: rows.length > query.limit ? String(items.at(-1)?.seq) : null, total: Number(counted?.count ?? 0) }
    },
  }
}
