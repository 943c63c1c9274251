import { LifeOsError, type AuditRecord, type Verdict } from '@life-os/contract'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { when } from '../output/units.ts'
import type { Command, Session } from '../session.ts'

export interface AuditFilters {
  run?: string
  kind?: string
  actor?: string
  tool?: string
  rule?: string
  verdict?: Verdict
  search?: string
  from?: string
  until?: string
  limit?: number
}

const TINT = { allow: 'green', ask: 'amber', deny: 'red' } as const

/** Who did what, by which rule, newest first. */
export const listAudit: Command<AuditFilters> = async (session, { from, until, limit = 50, ...filters }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const page = await client.audit.list({
    limit,
    ...filters,
    ...(from !== undefined && { from: momentOf(from) }),
    ...(until !== undefined && { until: momentOf(until) }),
  })
  if (io.json) io.out(JSON.stringify(page))
  else if (page.items.length === 0) io.note('Nothing in the audit record matches that.')
  else {
    for (const line of table(page.items.map((record) => rowOf(record, session)))) io.out(line)
    if (page.next) io.note(paint('dim', `${page.items.length} of ${page.total} (--limit shows more)`))
  }
  return EXIT.done
}

function rowOf({ seq, at, kind, actor, step, tool, verdict, rule, data }: AuditRecord, { paint }: Session): string[] {
  const what = [rule, tool, step && `at ${step}`, data['permission'] ?? data['summary'] ?? data['change']]
  return [
    String(seq),
    when(at),
    kind,
    printable(actor),
    verdict ? paint(TINT[verdict], verdict) : '',
    printable(what.filter((part) => typeof part === 'string' && part !== '').join(' · ')),
  ]
}

/** A day, or a day and a time of this machine's clock. */
function momentOf(text: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00`).getTime() : Date.parse(text)
  if (!Number.isNaN(time)) return time
  throw new LifeOsError('usage-time', `${JSON.stringify(text)} is no time. Write it like 2026-05-01 or 2026-05-01T08:00.`)
}

export const verifyAudit: Command = async (session) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const verified = await client.audit.verify()
  if (io.json) io.out(JSON.stringify(verified))
  else
    io.out(
      `${verified.ok ? paint('green', '✓') : paint('red', '✗')} ${verified.message} ${paint('dim', `${verified.records} records, head ${verified.head}`)}`,
    )
  return verified.ok ? EXIT.done : EXIT.failed
}
