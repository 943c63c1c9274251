import { dropSearchable } from './migration.ts'
import type { Migration } from './migration.ts'
import { createTable } from './tables.ts'
import type { TableShape } from './tables.ts'

/** Models and what they cost, agents, preferences, threads, servers of the Model Context Protocol. `schema-assistant.ts` says what the columns mean. */
const TABLES: Readonly<Record<string, TableShape>> = {
  model_providers: { columns: { id: 'text', config_json: 'text', at: 'integer', by: 'text' }, key: ['id'] },
  model_usage: {
    columns: {
      id: 'text',
      at: 'integer',
      day: 'text',
      model: 'text',
      capability: 'text',
      person: 'text',
      agent: 'text?',
      tool: 'text?',
      plugin: 'text?',
      run: 'text?',
      step: 'text?',
      input: 'integer',
      output: 'integer',
      cached_input: 'integer',
      reasoning: 'integer',
      micros: 'integer',
      currency: 'text',
      latency: 'integer',
      first_token: 'integer?',
      from_cache: 'integer',
      outcome: 'text',
    },
    key: ['id'],
    indexes: {
      model_usage_by_time: { on: ['at'] },
      model_usage_by_day: { on: ['day', 'person'] },
      model_usage_by_run: { on: ['run'] },
      model_usage_by_agent: { on: ['agent'] },
    },
  },
  model_cache: {
    columns: { key: 'text', answer_json: 'text', labels: 'text', at: 'integer', expires_at: 'integer', bytes: 'integer' },
    key: ['key'],
    indexes: { model_cache_by_expiry: { on: ['expires_at'] } },
  },
  model_qualifications: { columns: { ref: 'text', result_json: 'text', at: 'integer' }, key: ['ref'] },
  agents: { columns: { id: 'text', version: 'text', agent_json: 'text?', enabled: 'integer', updated_at: 'integer' }, key: ['id'] },
  agent_versions: { columns: { id: 'text', version: 'text', agent_json: 'text', at: 'integer', by: 'text' }, key: ['id', 'version'] },
  preferences: {
    columns: {
      id: 'text',
      sentence: 'text',
      state: 'text',
      agent: 'text?',
      origin: 'text',
      rule: 'text?',
      evidence_json: 'text',
      labels: 'text',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['id'],
    indexes: { preferences_by_rule: { on: ['rule'] } },
  },
  decisions: {
    columns: {
      id: 'text',
      at: 'integer',
      kind: 'text',
      person: 'text',
      agent: 'text?',
      tool: 'text?',
      run: 'text?',
      step: 'text?',
      subject_json: 'text',
      reason: 'text?',
    },
    key: ['id'],
    indexes: { decisions_by_time: { on: ['at'] }, decisions_by_tool: { on: ['tool', 'at'] }, decisions_by_agent: { on: ['agent', 'at'] } },
  },
  threads: {
    columns: {
      id: 'text',
      title: 'text',
      agent: 'text',
      model: 'text?',
      mode: 'text',
      person: 'text',
      head: 'text?',
      compaction_json: 'text?',
      cost_json: 'text',
      labels: 'text',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['id'],
    indexes: { threads_by_use: { on: ['person', 'updated_at'] } },
  },
  messages: {
    columns: {
      id: 'text',
      thread: { of: 'threads.id' },
      parent: 'text?',
      role: 'text',
      at: 'integer',
      text: 'text',
      words: 'text',
      attachments_json: 'text',
      run: 'text?',
      agent: 'text?',
      model: 'text?',
      state: 'text?',
      answer_json: 'text?',
      labels: 'text',
    },
    key: ['id'],
    indexes: {
      messages_by_parent: { on: ['thread', 'parent'] },
      messages_by_run: { on: ['run'] },
      messages_going: { on: ['thread'], where: "state is null and role = 'assistant'" },
    },
  },
  mcp_servers: {
    columns: { id: 'text', config_json: 'text', accepted_json: 'text?', digest: 'text?', at: 'integer', by: 'text' },
    key: ['id'],
  },
}

export const assistant: Migration = {
  id: 3,
  name: 'assistant',
  async up(db, columns) {
    for (const [name, shape] of Object.entries(TABLES)) await createTable(db, name, shape, columns)
    await columns.searchable(db, 'messages')
    await db.schema.alterTable('approvals').addColumn('subject_json', columns.text).execute()
    await db.schema.alterTable('runs').addColumn('parent', columns.text).execute()
    await db.schema.alterTable('runs').addColumn('parent_step', columns.text).execute()
    await db.schema.createIndex('runs_by_parent').on('runs').columns(['parent', 'parent_step']).execute()
  },
  async down(db) {
    await db.schema.dropIndex('runs_by_parent').ifExists().execute()
    await db.schema.alterTable('runs').dropColumn('parent_step').execute()
    await db.schema.alterTable('runs').dropColumn('parent').execute()
    await db.schema.alterTable('approvals').dropColumn('subject_json').execute()
    for (const name of Object.keys(TABLES).toReversed()) await db.schema.dropTable(name).execute()
    await dropSearchable(db, 'messages')
  },
}
