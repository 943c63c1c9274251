import type { Migration } from './migration.ts'
import { createTable } from './tables.ts'
import type { TableShape } from './tables.ts'

const OF_RUN = { of: 'runs.id' } as const

/** In the order of creation: what is referred to comes first. `schema.ts` says what the columns mean. */
const TABLES: Readonly<Record<string, TableShape>> = {
  runs: {
    columns: {
      id: 'text', kind: 'text', of: 'text?', plan_id: 'text', plan_name: 'text', plan_version: 'text', frozen_json: 'text', inputs_json: 'text',
      mode: 'text', state: 'text', actor_json: 'text', priority: 'integer', options_json: 'text', epoch: 'integer', owner: 'text?', lease_until: 'integer?',
      created_at: 'integer', started_at: 'integer?', finished_at: 'integer?', error_json: 'text?', error_path: 'text?', outputs_json: 'text?',
      cost_json: 'text', progress_json: 'text', summary_json: 'text?', approval: 'text?', undone_by: 'text?', labels: 'text',
    },
    key: ['id'],
    indexes: {
      runs_by_time: { on: ['created_at', 'id'] },
      runs_by_state: { on: ['state', 'created_at', 'id'] },
      runs_by_plan: { on: ['plan_id', 'created_at', 'id'] },
      runs_by_origin: { on: ['of'], where: 'of is not null' },
      runs_by_end: { on: ['finished_at'], where: 'finished_at is not null' },
    },
  },
  run_events: {
    columns: { run: OF_RUN, seq: 'integer', at: 'integer', type: 'text', path: 'text', data_json: 'text', labels: 'text' },
    key: ['run', 'seq'],
  },
  tries: {
    columns: {
      run: OF_RUN, path: 'text', try: 'integer', plan_id: 'text', step: 'text', plugin: 'text', tool: 'text', key: 'text', input_hash: 'text',
      state: 'text', started_at: 'integer', finished_at: 'integer?', cost_json: 'text?', error_code: 'text?',
    },
    key: ['run', 'path', 'try'],
    indexes: {
      tries_by_plan: { on: ['plan_id', 'step', 'started_at'] },
      tries_open: { on: ['run'], where: "state in ('started', 'uncertain')" },
    },
  },
  effects: {
    columns: {
      id: 'text', run: OF_RUN, path: 'text', try: 'integer', seq: 'integer', plugin: 'text', plugin_version: 'text', tool: 'text', change_json: 'text',
      before_json: 'text', after_json: 'text?', state: 'text', at: 'integer', until: 'integer?', reversal: 'text', labels: 'text',
    },
    key: ['id'],
    indexes: {
      effects_by_run: { on: ['run', 'seq'] },
      effects_kept: { on: ['until'], where: 'until is not null' },
      effects_open: { on: ['run'], where: "state = 'started'" },
    },
  },
  previews: {
    columns: { run: OF_RUN, revision: 'integer', hash: 'text', summary_json: 'text', blob: 'text', at: 'integer' },
    key: ['run', 'revision'],
  },
  waits: {
    columns: { run: OF_RUN, path: 'text', until: 'integer?', event: 'text?', from_seq: 'integer?' },
    key: ['run', 'path'],
    indexes: {
      waits_by_time: { on: ['until'], where: 'until is not null' },
      waits_by_event: { on: ['event'], where: 'event is not null' },
    },
  },
  approvals: {
    columns: {
      id: 'text', run: OF_RUN, step: 'text', kind: 'text', state: 'text', title: 'text', message: 'text', hash: 'text', role: 'text', plan_id: 'text',
      plan_name: 'text', needs_json: 'text', output_json: 'text?', revision: 'integer?', before_revision: 'integer?', created_at: 'integer',
      expires_at: 'integer?', answered_at: 'integer?', answered_by: 'text?', reason: 'text?', labels: 'text',
    },
    key: ['id'],
    indexes: {
      approvals_by_state: { on: ['state', 'created_at', 'id'] },
      approvals_by_run: { on: ['run'] },
      approvals_by_end: { on: ['expires_at'], where: "state = 'waiting' and expires_at is not null" },
    },
  },
  grants: {
    columns: {
      id: 'text', subject_kind: 'text', subject_id: 'text', permission: 'text', verdict: 'text', origin: 'text', created_at: 'integer', created_by: 'text',
      expires_at: 'integer?', used_at: 'integer?',
    },
    key: ['id'],
    indexes: { grants_by_subject: { on: ['subject_kind', 'subject_id'] } },
  },
  audit: {
    columns: {
      seq: 'integer', at: 'integer', kind: 'text', actor: 'text', run: 'text?', step: 'text?', tool: 'text?', verdict: 'text?', rule: 'text?',
      data_json: 'text', group_no: 'integer', link: 'text?',
    },
    key: ['seq'],
    indexes: {
      audit_by_time: { on: ['at'] },
      audit_by_kind: { on: ['kind', 'seq'] },
    },
  },
  plans: {
    columns: {
      id: 'text', version: 'text', name: 'text', plan_json: 'text', text: 'text', source: 'text', plugin: 'text?', updated_at: 'integer', deleted_at: 'integer?',
    },
    key: ['id'],
    indexes: { plans_by_name: { on: ['name', 'id'] } },
  },
  plan_versions: {
    columns: { id: 'text', version: 'text', plan_json: 'text', text: 'text', at: 'integer', by: 'text' },
    key: ['id', 'version'],
  },
  events: {
    columns: { seq: 'numbered', topic: 'text', at: 'integer', data_json: 'text', labels: 'text' },
    indexes: { events_by_topic: { on: ['topic', 'seq'] }, events_by_time: { on: ['at'] } },
  },
  blobs: {
    columns: { hash: 'text', size: 'integer', at: 'integer' },
    key: ['hash'],
    indexes: { blobs_by_time: { on: ['at'] } },
  },
  blob_refs: {
    columns: { hash: { of: 'blobs.hash' }, owner: 'text', until: 'integer?' },
    key: ['hash', 'owner'],
    indexes: { blob_refs_by_owner: { on: ['owner'] } },
  },
  settings: { columns: { key: 'text', value_json: 'text' }, key: ['key'] },
  people: {
    columns: { id: 'text', name: 'text', role: 'text', created_at: 'integer', passphrase: 'text?', deleted_at: 'integer?' },
    key: ['id'],
  },
  sessions: {
    columns: { hash: 'text', person: { of: 'people.id' }, csrf: 'text', created_at: 'integer', expires_at: 'integer', used_at: 'integer' },
    key: ['hash'],
    indexes: { sessions_by_person: { on: ['person'] }, sessions_by_end: { on: ['expires_at'] } },
  },
  links: {
    columns: { hash: 'text', person: { of: 'people.id' }, expires_at: 'integer', used_at: 'integer?' },
    key: ['hash'],
  },
  tokens: {
    columns: { id: 'text', hash: 'text', name: 'text', person: { of: 'people.id' }, scopes: 'text', created_at: 'integer', expires_at: 'integer?', used_at: 'integer?' },
    key: ['id'],
    unique: [['hash']],
  },
  idempotency: {
    columns: { key: 'text', person: 'text', request_hash: 'text', status: 'integer', body_json: 'text', at: 'integer' },
    key: ['person', 'key'],
    indexes: { idempotency_by_time: { on: ['at'] } },
  },
  plugin_states: { columns: { id: 'text', state: 'text', reason: 'text?', at: 'integer' }, key: ['id'] },
}

export const first: Migration = {
  id: 1,
  name: 'first',
  async up(db, columns) {
    for (const [name, shape] of Object.entries(TABLES)) await createTable(db, name, shape, columns)
  },
  async down(db) {
    for (const name of Object.keys(TABLES).toReversed()) await db.schema.dropTable(name).execute()
  },
}
