import type { Migration } from './migration.ts'
import { createTable } from './tables.ts'
import type { TableShape } from './tables.ts'

/** Installed plugins with their settings, secrets, and labels of folders and files. `schema.ts` says what the columns mean. */
const TABLES: Readonly<Record<string, TableShape>> = {
  plugin_installs: {
    columns: {
      id: 'text',
      digest: 'text',
      version: 'text',
      state: 'text',
      source_json: 'text',
      manifest_json: 'text',
      accepted_json: 'text?',
      at: 'integer',
      by: 'text',
    },
    key: ['id', 'digest'],
  },
  plugin_settings: { columns: { id: 'text', values_json: 'text', at: 'integer', by: 'text' }, key: ['id'] },
  secrets: {
    columns: {
      name: 'text',
      kind: 'text',
      title: 'text',
      hosts_json: 'text',
      user: 'text?',
      sealed: 'text',
      key_id: 'text',
      created_at: 'integer',
      updated_at: 'integer',
      used_at: 'integer?',
      expires_at: 'integer?',
    },
    key: ['name'],
  },
  folder_labels: { columns: { path: 'text', labels: 'text', at: 'integer', by: 'text' }, key: ['path'] },
  file_labels: {
    columns: { path: 'text', hash: 'text', size: 'integer?', labels: 'text', source: 'text', at: 'integer' },
    key: ['path', 'hash'],
    indexes: { file_labels_by_hash: { on: ['hash'] }, file_labels_by_time: { on: ['at'] } },
  },
}

/** The audit page filters by these, newest first. */
const AUDIT_INDEXES = ['run', 'actor', 'tool', 'rule', 'verdict'] as const

export const plugins: Migration = {
  id: 2,
  name: 'plugins',
  async up(db, columns) {
    for (const [name, shape] of Object.entries(TABLES)) await createTable(db, name, shape, columns)
    for (const column of AUDIT_INDEXES) await db.schema.createIndex(`audit_by_${column}`).on('audit').columns([column, 'seq']).execute()
    await db.schema
      .alterTable('approvals')
      .addColumn('offers_json', columns.text, (column) => column.notNull().defaultTo('[]'))
      .execute()
  },
  async down(db) {
    for (const column of AUDIT_INDEXES) await db.schema.dropIndex(`audit_by_${column}`).ifExists().execute()
    await db.schema.alterTable('approvals').dropColumn('offers_json').execute()
    for (const name of Object.keys(TABLES).toReversed()) await db.schema.dropTable(name).execute()
  },
}
