import { createHmac } from 'node:crypto'
import type { AuditRecord } from '@life-os/contract'
import type { AuditHead, Row } from '../journal/rows.ts'
import type { AuditRow } from '../schema.ts'

/** A record as the journal took it in, before it has a number. */
export type NewRecord = Omit<AuditRecord, 'seq'>

/**
 * HMAC-SHA256 over the link before and every row of a group, numbers included, so that a row that is changed, removed, added
 * or moved breaks the link. Fields are told apart by being JSON.
 */
export function linkOf(key: Buffer, before: string, rows: readonly Omit<AuditRow, 'link'>[]): string {
  const mac = createHmac('sha256', key).update(JSON.stringify(before))
  for (const row of rows) {
    mac.update(
      JSON.stringify([
        row.seq,
        row.at,
        row.kind,
        row.actor,
        row.run,
        row.step,
        row.tool,
        row.verdict,
        row.rule,
        row.data_json,
        row.group_no,
      ]),
    )
  }
  return mac.digest('hex')
}

export interface Extension {
  readonly rows: readonly Row[]
  readonly head: AuditHead
}

/** The rows that records become as the next group of the chain, and the chain's head after them. */
export function extendChain(key: Buffer, head: AuditHead, records: readonly NewRecord[]): Extension {
  if (records.length === 0) return { rows: [], head }
  const group = head.group + 1
  const rows = records.map((record, index) => ({
    seq: head.seq + 1 + index,
    at: record.at,
    kind: record.kind,
    actor: record.actor,
    run: record.run,
    step: record.step,
    tool: record.tool,
    verdict: record.verdict,
    rule: record.rule,
    data_json: JSON.stringify(record.data),
    group_no: group,
  }))
  const link = linkOf(key, head.link, rows)
  return {
    rows: rows.map((row, index) => ({ ...row, link: index === rows.length - 1 ? link : null })),
    head: { seq: head.seq + rows.length, group, link },
  }
}
