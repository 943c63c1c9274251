import { INSERTED, JOURNAL_TABLES, PATCHED, keyOf, patchable } from '../journal/rows.ts'
import type { JournalTable, PatchedTable, RowGroup } from '../journal/rows.ts'
import { TOPIC_CHANNEL } from './postgres-listen.ts'

/** Taken by every commit that publishes, so that topic numbers become visible in their order. */
const TOPIC_LOCK = 7_142_002

export interface GroupStatement {
  readonly name: string
  readonly text: string
  readonly values: readonly string[]
}

/**
 * One statement a group: it locks the runs' rows, compares their epochs, and writes everything or nothing. The rows come as
 * JSON, one parameter a table. Its one result row has `clear`, the ids of the runs that may write, and `topics`.
 * The same tables give the same text, so that the server prepares each form once.
 */
export function groupStatement(group: RowGroup): GroupStatement {
  const values: string[] = [JSON.stringify(group.fences)]
  const parts: string[] = [FENCE]
  let form = 0 // one bit for each part that is there
  let bit = 1
  const add = (data: readonly unknown[], part: (parameter: string) => string): void => {
    const mine = bit
    bit *= 2
    if (data.length === 0) return
    form += mine
    values.push(JSON.stringify(data))
    parts.push(part(`$${values.length}::json`))
  }
  for (const table of INSERTED)
    add(group.inserts[table], (parameter) => (table === 'events' ? topicsPart(parameter) : insertPart(table, parameter)))
  for (const table of PATCHED)
    add(
      group.patches[table].map(({ key, set }) => ({ ...key, patch: set })),
      (parameter) => patchPart(table, parameter),
    )
  add(group.removedWaits, removePart)
  const publishes = group.inserts.events.length > 0
  const text = `with ${parts.join(',\n')}\nselect (select json_agg(id) from fence) as clear, ${publishes ? TOPICS_RESULT : 'null as topics'}`
  return { name: `journal_group_${form}`, text, values }
}

const FENCE = `given as (select * from json_to_recordset($1::json) as g(run text, epoch bigint)),
fence as materialized (select r.id from runs r join given on given.run = r.id where r.epoch <= given.epoch order by r.id for no key update of r),
go as materialized (select 1 from (select count(*) as clear from fence) f, (select count(*) as wanted from given) g where f.clear = g.wanted)`

const TOPICS_RESULT = `(select json_agg(seq order by seq) from put_events) as topics, (select pg_notify('${TOPIC_CHANNEL}', '') from go) as woken`

function insertPart(table: JournalTable, parameter: string): string {
  const { columns, key } = JOURNAL_TABLES[table]
  const insert = `put_${table} as (insert into ${table} (${columns.map(quoted).join(', ')}) select ${columns.map((column) => `d.${quoted(column)}`).join(', ')} from json_populate_recordset(null::${table}, ${parameter}) d, go`
  if (table !== 'waits') return `${insert})`
  const rest = columns.filter((column) => !(key as readonly string[]).includes(column)) // widened: `includes` wants the exact union
  return `${insert} on conflict (${key.map(quoted).join(', ')}) do update set ${rest.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ')})`
}

/** Numbers are given while the lock is held, and the lock is held until the commit is visible. */
function topicsPart(parameter: string): string {
  const columns = JOURNAL_TABLES.events.columns.map(quoted).join(', ')
  return `turn as materialized (select pg_advisory_xact_lock(${TOPIC_LOCK}) from go),
put_events as (insert into events (${columns}) select ${JOURNAL_TABLES.events.columns.map((column) => `d.${quoted(column)}`).join(', ')} from turn, lateral (select t.value, t.place from json_array_elements(${parameter}) with ordinality as t(value, place)) e, lateral json_populate_record(null::events, e.value) d order by e.place returning seq)`
}

function patchPart(table: PatchedTable, parameter: string): string {
  const key = keyOf(table)
  const set = patchable(table)
  const types = key.map((column) => `${quoted(column)} ${column === 'try' ? 'bigint' : 'text'}`).join(', ')
  return `patched_${table} as (update ${table} t set (${set.map(quoted).join(', ')}) = (select ${set.map((column) => `n.${quoted(column)}`).join(', ')} from json_populate_record(t, p.patch) n)
from json_to_recordset(${parameter}) as p(${types}, patch json), go where ${key.map((column) => `${found(table, column)} = p.${quoted(column)}`).join(' and ')})`
}

/** `id` alone finds a row; its run is checked in a form no index serves, or the planner would read all rows of the run. */
const found = (table: PatchedTable, column: string): string =>
  column === 'run' && table !== 'tries' ? "t.run || ''" : `t.${quoted(column)}`

const removePart = (parameter: string): string =>
  `removed_waits as (delete from waits t using json_to_recordset(${parameter}) as p(run text, path text), go where t.run = p.run and t.path = p.path)`

const quoted = (name: string): string => `"${name}"`
