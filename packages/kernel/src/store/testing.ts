import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { POSTGRES_MISSING, freshDatabase } from '../../../../tools/services/fresh.ts'
import { openStore } from './open.ts'
import type { OpenStoreOptions } from './open.ts'
import type { RunRow } from './schema.ts'
import type { MessageRow, ThreadRow } from './schema-assistant.ts'
import { wordsOf } from './search/index.ts'
import type { Store } from './types.ts'

/** A place for one store: a new home folder, and a new database on PostgreSQL. May be opened again and again. */
export interface StorePlace extends AsyncDisposable {
  readonly home: string
  readonly url: string | undefined
  open(options?: Partial<OpenStoreOptions>): Promise<Store>
}
export interface OpenStore extends AsyncDisposable {
  readonly store: Store
  readonly place: StorePlace
}

export type OpenFreshStore = (options?: Partial<OpenStoreOptions>) => Promise<OpenStore>

/**
 * Runs a suite on both databases: `open` gives a new, empty store, gone with its folder and database when disposed.
 * `forEachStore((name, open) => { test('…', async () => { await using opened = await open(); … }) })`
 */
export function forEachStore(suite: (name: 'sqlite' | 'postgres', open: OpenFreshStore, place: () => Promise<StorePlace>) => void): void {
  for (const name of ['sqlite', 'postgres'] as const) {
    const missing = name === 'postgres' ? process.env[POSTGRES_MISSING] : undefined
    describe.skipIf(missing)(missing ? `${name} (${missing})` : name, () =>
      suite(
        name,
        (options) => openFresh(name, options),
        () => freshPlace(name),
      ),
    )
  }
}

export async function freshPlace(name: 'sqlite' | 'postgres'): Promise<StorePlace> {
  const home = mkdtempSync(join(tmpdir(), 'lifeos-home-'))
  const database = name === 'postgres' ? await freshDatabase() : undefined
  return {
    home,
    url: database?.url,
    open: (options) => openStore({ home, url: database?.url, ...options }),
    async [Symbol.asyncDispose]() {
      await database?.[Symbol.asyncDispose]()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function openFresh(name: 'sqlite' | 'postgres', options?: Partial<OpenStoreOptions>): Promise<OpenStore> {
  const place = await freshPlace(name)
  const store = await place.open(options)
  return {
    store,
    place,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    },
  }
}

/** A run's row with nothing special about it. */
export function runRow(id: string, fields: Partial<RunRow> = {}): RunRow {
  return {
    id,
    kind: 'run',
    of: null,
    parent: null,
    parent_step: null,
    only_for: null,
    plan_id: 'plan',
    plan_name: 'Plan',
    plan_version: '1.0.0',
    frozen_json: '{}',
    inputs_json: '{}',
    mode: 'draft',
    state: 'running',
    actor_json: '{"id":"ada","kind":"person"}',
    priority: 0,
    options_json: '{}',
    epoch: 1,
    owner: null,
    lease_until: null,
    created_at: 1000,
    started_at: null,
    finished_at: null,
    error_json: null,
    error_path: null,
    outputs_json: null,
    cost_json: '{}',
    progress_json: '{}',
    summary_json: null,
    approval: null,
    undone_by: null,
    labels: '[]',
    ...fields,
  }
}

/** A thread's row with nothing special about it. */
export function threadRow(id: string, fields: Partial<ThreadRow> = {}): ThreadRow {
  return {
    id,
    title: 'Thread',
    agent: 'assistant',
    model: null,
    mode: 'draft',
    person: 'ada',
    head: null,
    compaction_json: null,
    cost_json: '{"tokens":0,"micros":0,"time":0,"steps":0}',
    labels: '[]',
    created_at: 1000,
    updated_at: 1000,
    ...fields,
  }
}

/** A message of a person. */
export function messageRow(id: string, thread: string, text = '', fields: Partial<MessageRow> = {}): MessageRow {
  return {
    id,
    thread,
    parent: null,
    role: 'person',
    at: 1000,
    text,
    words: wordsOf(text),
    attachments_json: '[]',
    run: null,
    agent: null,
    model: null,
    state: null,
    answer_json: null,
    labels: '[]',
    ...fields,
  }
}
