import pg from 'pg'
import type { ClientConfig, QueryResultRow } from 'pg'
import { storeUnreachable } from '../faults.ts'
import { EMPTY_CHAIN } from '../journal/rows.ts'
import type { AuditHead, CommitResult, JournalBackend, Position, RowGroup, StoredEvent } from '../journal/rows.ts'
import { createLock } from '../lock.ts'
import type { StoreLogger } from '../logger.ts'
import { isLost, postgresFault } from './postgres-faults.ts'
import { groupStatement } from './postgres-statement.ts'

const RECONNECT_TRIES = 20
const RECONNECT_PAUSE = 250 // ms
const UNIQUE_VIOLATION = '23505'
const DEADLOCK = '40P01'

/**
 * A group's rows come as JSON, about which the planner knows nothing: it would scan whole tables for a hundred rows. Every
 * row is found by its key, so that only nested loops over indexes remain, planned once.
 */
const SETTINGS = [
  'jit = off',
  'enable_seqscan = off',
  'enable_hashjoin = off',
  'enable_mergejoin = off',
  'plan_cache_mode = force_generic_plan',
]
  .map((setting) => `set ${setting}`)
  .join('; ')

/** The journal on PostgreSQL: one prepared statement and one round trip a group, on one connection that is made anew when lost. */
export async function openPostgresJournal(config: ClientConfig, logger: StoreLogger): Promise<JournalBackend> {
  const line = await openLine(config, logger)
  const write = async (group: RowGroup): Promise<CommitResult> => {
    const [row] = await line.query<{ clear: string[] | null; topics: number[] | null }>(groupStatement(group))
    const clear = new Set(row?.clear)
    const runs = group.fences.map(({ run }) => run).filter((run) => !clear.has(run))
    return runs.length > 0 ? { kind: 'fenced', runs } : { kind: 'done', topics: row?.topics ?? [] }
  }
  const commit = async (group: RowGroup): Promise<CommitResult> => {
    try {
      return await write(group)
    } catch (error) {
      if (codeOf(error) === DEADLOCK) return commit(group)
      if (codeOf(error) === UNIQUE_VIOLATION && constraintOf(error) === 'audit_key') return { kind: 'audit-moved' }
      if (!isLost(error)) throw postgresFault(error)
      if (await hasLanded(line, group, error)) return { kind: 'done', topics: [] }
      return commit(group)
    }
  }
  return {
    position: async (run) =>
      (
        await line.ask<Position & QueryResultRow>(
          'position',
          'select epoch, coalesce((select max(seq) from run_events where run = runs.id), 0) as seq from runs where id = $1',
          [run],
        )
      )[0],
    commit,
    events: (run, after, limit) =>
      line.ask<StoredEvent & QueryResultRow>(
        'events',
        'select seq, at, data_json from run_events where run = $1 and seq > $2 order by seq limit $3',
        [run, after, limit],
      ),
    auditHead: async () =>
      (
        await line.ask<AuditHead & QueryResultRow>(
          'audit_head',
          'select seq, group_no as "group", coalesce(link, \'\') as link from audit order by seq desc limit 1',
          [],
        )
      )[0] ?? EMPTY_CHAIN,
    close: () => line.close(),
  }
}

/** After a lost connection: a group is one statement, so that any of its rows tells whether all of them are there. */
async function hasLanded(line: Line, group: RowGroup, cause: unknown): Promise<boolean> {
  await line.renew()
  const [event] = group.inserts.run_events
  if (event)
    return (
      (
        await line.ask('landed_event', 'select 1 from run_events where run = $1 and seq = $2 and data_json = $3', [
          event.run,
          event.seq,
          event.data_json,
        ])
      ).length > 0
    )
  const [record] = group.inserts.audit
  const link = group.inserts.audit.at(-1)?.link
  if (record)
    return (await line.ask('landed_audit', 'select 1 from audit where group_no = $1 and link = $2', [record.group_no, link])).length > 0
  if (group.inserts.events.length > 0) throw storeUnreachable(cause, 'unknown') // a topic has no number of its own to look for
  return false // only patches and waits, which may be made twice
}

interface Line {
  query<T extends QueryResultRow>(query: { name: string; text: string; values: readonly unknown[] }): Promise<T[]>
  /** A read, repeated once over a new connection when this one is lost. */
  ask<T extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<T[]>
  /** A new connection, after the server has let go of the old one. */
  renew(): Promise<void>
  close(): Promise<void>
}

async function openLine(config: ClientConfig, logger: StoreLogger): Promise<Line> {
  let client = await connect(config, logger)
  const turn = createLock() // a client takes one query at a time
  const query = async <T extends QueryResultRow>({
    name,
    text,
    values,
  }: {
    name: string
    text: string
    values: readonly unknown[]
  }): Promise<T[]> => {
    const release = await turn.acquire()
    try {
      return (await client.query<T>({ name, text, values: [...values] })).rows
    } finally {
      release()
    }
  }
  const renew = async (): Promise<void> => {
    const old = processOf(client)
    await client.end().catch(() => undefined) // it is lost already
    client = await reconnect(config, logger)
    if (old) await untilGone(client, old)
  }
  return {
    query,
    renew,
    async ask(name, text, values) {
      try {
        return await query({ name: `journal_${name}`, text, values })
      } catch (error) {
        if (!isLost(error)) throw postgresFault(error)
        await renew()
        return query({ name: `journal_${name}`, text, values })
      }
    },
    close: () => client.end(),
  }
}

async function connect(config: ClientConfig, logger: StoreLogger): Promise<pg.Client> {
  const client = new pg.Client(config)
  client.on('error', (error) => logger.warn({ error: error.message }, 'the journal lost its database connection'))
  try {
    await client.connect()
    await client.query(SETTINGS)
    return client
  } catch (error) {
    throw postgresFault(error)
  }
}

async function reconnect(config: ClientConfig, logger: StoreLogger): Promise<pg.Client> {
  for (let tried = 1; ; tried++) {
    try {
      return await connect(config, logger)
    } catch (error) {
      if (tried === RECONNECT_TRIES) throw storeUnreachable(error, 'unknown')
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_PAUSE))
    }
  }
}

/** Ends the old server process, which might still be committing, and waits until it has. */
async function untilGone(client: pg.Client, process: number): Promise<void> {
  for (let tried = 0; tried < RECONNECT_TRIES; tried++) {
    const { rowCount } = await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and pid <> pg_backend_pid() and application_name = current_setting('application_name')",
      [process],
    )
    if (!rowCount) return
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_PAUSE))
  }
}

const processOf = (client: pg.Client): number | undefined =>
  'processID' in client && typeof client.processID === 'number' ? client.processID : undefined
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
const constraintOf = (error: unknown): unknown => (error instanceof Error && 'constraint' in error ? error.constraint : undefined)
