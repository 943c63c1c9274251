import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { readOptional, writePrivateFile } from '../home.ts'
import type { AuditHead } from '../journal/rows.ts'
import type { StoreLogger } from '../logger.ts'
import type { AuditRow, Database } from '../schema.ts'
import { linkOf } from './chain.ts'

const PAGE = 1000 // rows
const HEAD_EVERY = 1000 // ms

export interface Verification {
  ok: boolean
  records: number
  head: string
  brokenAt: number | null
  message: string
}

/** Where the last link is noted beside the database, so that cutting off the end of the record is seen too. */
export interface HeadNote extends Disposable {
  /** Notes a new head, at most once a second; the rest when disposed. */
  moved(head: AuditHead): void
  read(): { seq: number; link: string } | undefined
}

export function createHeadNote(home: string, clock: () => number, logger: StoreLogger): HeadNote {
  const path = join(home, 'audit.head')
  let latest: AuditHead | undefined
  let written = 0
  const write = (): void => {
    if (!latest) return
    written = clock()
    try {
      writePrivateFile(path, `${JSON.stringify({ seq: latest.seq, link: latest.link })}\n`, { sync: false })
      latest = undefined
    } catch (error) {
      logger.warn(
        { error: error instanceof Error ? error.message : String(error) },
        'the head of the audit record could not be noted; the next one will be',
      )
    }
  }
  return {
    moved(head) {
      latest = head
      if (clock() - written >= HEAD_EVERY) write()
    },
    read() {
      write()
      const text = readOptional(path)
      return text === undefined ? undefined : (JSON.parse(text) as { seq: number; link: string }) // this module wrote it
    },
    [Symbol.dispose]: write,
  }
}

/**
 * Walks the chain from its first record, or from the newest checkpoint where older ones were pruned, to the noted head.
 * `brokenAt` is the first record that is not as it was written.
 */
export async function verifyAudit(
  db: Kysely<Database>,
  key: Buffer,
  noted: { seq: number; link: string } | undefined,
): Promise<Verification> {
  const walk = { before: '', seq: 0, group: 0, records: 0, open: [] as AuditRow[] }
  const first = await db.selectFrom('audit').select(['seq', 'group_no']).orderBy('seq').limit(1).executeTakeFirst()
  const start = first && first.seq > 1 ? await checkpointBefore(db, first.seq) : undefined
  if (first && first.seq > 1 && !start)
    return broken(walk, first.seq, `The records before ${first.seq} are missing, and no checkpoint says that they were pruned.`)
  if (start) Object.assign(walk, { before: start.link, seq: start.through, group: start.group })

  for (let after = walk.seq; ;) {
    const rows = await db.selectFrom('audit').selectAll().where('seq', '>', after).orderBy('seq').limit(PAGE).execute()
    for (const row of rows) {
      const expected = walk.seq + 1
      const fault = stepOver(walk, key, row, noted)
      if (fault) return broken(walk, expected, fault)
    }
    const last = rows.at(-1)
    if (!last) break
    after = last.seq
  }
  if (walk.open.length > 0) return broken(walk, walk.seq, `The link after record ${walk.seq} is missing.`)
  if (noted && noted.seq > walk.seq)
    return broken(walk, walk.seq + 1, `The records ${walk.seq + 1} to ${noted.seq} are missing at the end.`)
  return {
    ok: true,
    records: walk.records,
    head: walk.before,
    brokenAt: null,
    message: walk.records === 0 ? 'The audit record is empty.' : `All ${walk.records} records are as they were written.`,
  }
}

interface Walk {
  before: string
  seq: number
  group: number
  records: number
  open: AuditRow[]
}

/** Takes in one row and says what is wrong with it. */
function stepOver(walk: Walk, key: Buffer, row: AuditRow, noted: { seq: number; link: string } | undefined): string | undefined {
  if (row.seq !== walk.seq + 1) return `The records ${walk.seq + 1} to ${row.seq - 1} are missing.`
  const group = walk.open.length === 0 ? walk.group + 1 : walk.group
  if (row.group_no !== group) return `Record ${row.seq} stands in the wrong group.`
  Object.assign(walk, { seq: row.seq, group, records: walk.records + 1 })
  walk.open.push(row)
  if (row.link === null) return undefined
  const link = linkOf(key, walk.before, walk.open)
  if (link !== row.link) return `The records ${walk.open[0]?.seq} to ${row.seq} are not as they were written.`
  if (noted?.seq === row.seq && noted.link !== link) return `Record ${row.seq} was replaced together with those after it.`
  Object.assign(walk, { before: link, open: [] })
  return undefined
}

const broken = (walk: Walk, at: number, message: string): Verification => ({
  ok: false,
  records: walk.records,
  head: walk.before,
  brokenAt: at,
  message,
})

/** What the checkpoint for records up to, and not with, `seq` says. */
async function checkpointBefore(db: Kysely<Database>, seq: number): Promise<Checkpoint | undefined> {
  const rows = await db.selectFrom('audit').select('data_json').where('kind', '=', 'checkpoint').orderBy('seq', 'desc').execute()
  return rows.map(({ data_json }) => JSON.parse(data_json) as Checkpoint).find(({ through }) => through === seq - 1) // written by checkpointRecord
}

/** Everything up to and with record `through` was pruned; the chain goes on from `link`. */
export interface Checkpoint {
  through: number
  group: number
  link: string
  pruned: number
}
