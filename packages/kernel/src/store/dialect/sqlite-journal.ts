import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { INSERTED, JOURNAL_TABLES, PATCHED, keyOf } from '../journal/rows.ts'
import { EMPTY_CHAIN } from '../journal/rows.ts'
import type {
  CommitResult,
  Fence,
  JournalBackend,
  JournalTable,
  Patch,
  PatchedTable,
  Position,
  Row,
  RowGroup,
  StoredEvent,
} from '../journal/rows.ts'
import type { Lock } from '../lock.ts'

/**
 * The journal on SQLite. A group is one immediate transaction without an await in it; the fence is read inside, and since
 * the transaction holds the write lock no epoch can rise before its commit.
 */
export function openSqliteJournal(database: DatabaseSync, lock: Lock, fault: (error: unknown) => unknown): JournalBackend {
  const statements = prepareStatements(database)
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw fault(error)
    }
  }
  const commit = (group: RowGroup): CommitResult =>
    guarded(() => {
      statements.begin.run()
      try {
        const runs = fenced(statements, group.fences)
        if (runs.length > 0) {
          statements.rollback.run()
          return { kind: 'fenced', runs }
        }
        const topics = apply(statements, group)
        statements.commit.run()
        return { kind: 'done', topics }
      } catch (error) {
        if (database.isTransaction) statements.rollback.run() // a full disk may have rolled back by itself
        throw error
      }
    })
  const release = <T>(unlock: () => void, work: () => T): T => {
    try {
      return work()
    } finally {
      unlock()
    }
  }
  return {
    position: (run) => guarded(() => statements.position.get(run) as Position | undefined), // the statement's columns
    commit(group) {
      const unlock = lock.tryAcquire()
      return unlock ? release(unlock, () => commit(group)) : lock.acquire().then((later) => release(later, () => commit(group)))
    },
    events: (run, after, limit) => guarded(() => statements.events.all(run, after, limit) as unknown as StoredEvent[]), // the statement's columns
    auditHead: () => guarded(() => (statements.auditHead.get() as { seq: number; group: number; link: string } | undefined) ?? EMPTY_CHAIN), // the statement's columns
    close: () => database.close(),
  }
}

interface Statements {
  readonly begin: StatementSync
  readonly commit: StatementSync
  readonly rollback: StatementSync
  readonly epoch: StatementSync
  readonly position: StatementSync
  readonly events: StatementSync
  readonly auditHead: StatementSync
  readonly removeWait: StatementSync
  readonly inserts: Readonly<Record<JournalTable, StatementSync>>
  patch(table: PatchedTable, set: readonly string[]): StatementSync
}

function prepareStatements(database: DatabaseSync): Statements {
  const patches = new Map<string, StatementSync>()
  return {
    begin: database.prepare('begin immediate'),
    commit: database.prepare('commit'),
    rollback: database.prepare('rollback'),
    epoch: database.prepare('select epoch from runs where id = ?'),
    position: database.prepare(
      'select epoch, coalesce((select max(seq) from run_events where run = runs.id), 0) as seq from runs where id = ?',
    ),
    events: database.prepare('select seq, at, data_json from run_events where run = ? and seq > ? order by seq limit ?'),
    auditHead: database.prepare('select seq, group_no as "group", coalesce(link, \'\') as link from audit order by seq desc limit 1'),
    removeWait: database.prepare('delete from waits where run = ? and path = ?'),
    inserts: Object.fromEntries(INSERTED.map((table) => [table, database.prepare(insertText(table))])) as Record<
      JournalTable,
      StatementSync
    >, // INSERTED names every table
    patch(table, set) {
      const text = `update ${table} set ${set.map((column) => `"${column}" = ?`).join(', ')} where ${keyOf(table)
        .map((column) => `"${column}" = ?`)
        .join(' and ')}`
      const statement = patches.get(text) ?? database.prepare(text)
      patches.set(text, statement)
      return statement
    },
  }
}

function insertText(table: JournalTable): string {
  const { columns, key } = JOURNAL_TABLES[table]
  const text = `insert into ${table} (${columns.map(quoted).join(', ')}) values (${columns.map(() => '?').join(', ')})`
  if (table !== 'waits') return text
  const rest = columns.filter((column) => !(key as readonly string[]).includes(column)) // widened: `includes` wants the exact union
  return `${text} on conflict (${key.map(quoted).join(', ')}) do update set ${rest.map((column) => `"${column}" = excluded."${column}"`).join(', ')}`
}

const quoted = (name: string): string => `"${name}"`

function fenced(statements: Statements, fences: readonly Fence[]): string[] {
  return fences
    .filter(({ run, epoch }) => {
      const row = statements.epoch.get(run)
      return row === undefined || Number(row.epoch) > epoch
    })
    .map(({ run }) => run)
}

/** Applies every row and returns the numbers of the topics. */
function apply(statements: Statements, group: RowGroup): number[] {
  const topics: number[] = []
  for (const table of INSERTED) {
    for (const row of group.inserts[table]) {
      const { lastInsertRowid } = statements.inserts[table].run(...values(row, JOURNAL_TABLES[table].columns))
      if (table === 'events') topics.push(Number(lastInsertRowid))
    }
  }
  for (const table of PATCHED) for (const patch of group.patches[table]) applyPatch(statements, table, patch)
  for (const wait of group.removedWaits) statements.removeWait.run(...values(wait, ['run', 'path']))
  return topics
}

function applyPatch(statements: Statements, table: PatchedTable, { key, set }: Patch): void {
  const columns = Object.keys(set)
  statements.patch(table, columns).run(...values(set, columns), ...values(key, keyOf(table)))
}

const values = (row: Row, columns: readonly string[]) => columns.map((column) => row[column] ?? null)
