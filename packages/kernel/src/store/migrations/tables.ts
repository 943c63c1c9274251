import type { CreateTableBuilder, Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Columns } from './migration.ts'

/** A column: `text`, `integer`, a trailing `?` for nullable, or a reference that goes with its row. */
export type ColumnKind = 'text' | 'integer' | 'text?' | 'integer?' | 'numbered' | { of: string; optional?: boolean }

export interface TableShape {
  readonly columns: Readonly<Record<string, ColumnKind>>
  /** Primary key; absent when a column is `numbered`. */
  readonly key?: readonly string[]
  readonly unique?: readonly (readonly string[])[]
  /** Index name to columns; a name ending in `_desc` is no different, both databases read an index backwards. */
  readonly indexes?: Readonly<Record<string, { readonly on: readonly string[]; readonly where?: string }>>
}

/** Creates a table and its indexes from a shape written as data. */
export async function createTable(db: Kysely<unknown>, name: string, shape: TableShape, columns: Columns): Promise<void> {
  let table: CreateTableBuilder<string, string> = db.schema.createTable(name)
  for (const [column, kind] of Object.entries(shape.columns)) table = addColumn(table, column, kind, columns)
  if (shape.key) table = table.addPrimaryKeyConstraint(`${name}_key`, [...shape.key])
  for (const unique of shape.unique ?? []) table = table.addUniqueConstraint(`${name}_${unique.join('_')}_once`, [...unique])
  await columns.finish(table).execute()
  for (const [index, { on, where }] of Object.entries(shape.indexes ?? {})) {
    const create = db.schema
      .createIndex(index)
      .on(name)
      .columns([...on])
    await (where === undefined ? create : create.where(sql<boolean>`${sql.raw(where)}`)).execute()
  }
}

function addColumn(
  table: CreateTableBuilder<string, string>,
  column: string,
  kind: ColumnKind,
  columns: Columns,
): CreateTableBuilder<string, string> {
  if (kind === 'numbered') return columns.numbered(table, column)
  if (typeof kind === 'object') {
    return table.addColumn(column, columns.text, (definition) => {
      const referring = definition.references(kind.of).onDelete('cascade')
      return kind.optional ? referring : referring.notNull()
    })
  }
  const type = kind.startsWith('integer') ? columns.integer : columns.text
  return table.addColumn(column, type, (definition) => (kind.endsWith('?') ? definition : definition.notNull()))
}
