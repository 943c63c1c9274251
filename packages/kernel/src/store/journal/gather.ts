import type { Label, RunEvent } from '@life-os/contract'
import { joinLabels } from '@life-os/contract'
import type { JournalWrite } from '../types.ts'
import { storeConstraint, textInvalid } from '../faults.ts'
import { keyOf, patchable } from './rows.ts'
import type { Fence, JournalTable, Patch, PatchedTable, Row, RowGroup, Value } from './rows.ts'

/** Writes that belong together, as the journal took them in. */
export interface Gathered {
  readonly fence: Fence | null
  readonly at: number
  /** Number of the first event among the writes. */
  readonly firstSeq: number
  readonly writes: readonly JournalWrite[]
}

/**
 * One commit's rows: a later patch of a row is folded into its insert or earlier patch, a wait put and removed again is
 * only removed. `audit` are the already linked rows of the group's audit records.
 */
export function gather(appends: readonly Gathered[], audit: readonly Row[]): RowGroup {
  const fences = new Map<string, Fence>()
  const inserts: Record<JournalTable, Row[]> = {
    run_events: [],
    tries: [],
    effects: [],
    approvals: [],
    waits: [],
    audit: [...audit],
    events: [],
  }
  const patches = {
    tries: new Map<string, Changing>(),
    effects: new Map<string, Changing>(),
    approvals: new Map<string, Changing>(),
    runs: new Map<string, Changing>(),
  }
  const waits = new Map<string, { row: Row; kept: boolean }>()

  const insert = (table: 'tries' | 'effects' | 'approvals', row: object): void => {
    const fields = { ...row } as Record<string, Value> // the row types of schema.ts hold only these values
    inserts[table].push(fields)
    patches[table].set(identity(table, fields), { fields, key: null })
  }
  const patch = (table: PatchedTable, key: Row, set: object): void => {
    const id = identity(table, key)
    const known = patches[table].get(id)
    const fields = defined(set)
    if (known) Object.assign(known.fields, fields)
    else patches[table].set(id, { fields, key })
  }

  for (const { fence, at, firstSeq, writes } of appends) {
    const run = fence?.run ?? ''
    if (fence) fences.set(fence.run, fence)
    let seq = firstSeq
    for (const write of writes) {
      switch (write.kind) {
        case 'event':
          inserts.run_events.push(eventRow(run, seq++, at, write.event))
          break
        case 'try-insert':
          insert('tries', { ...write.row, run })
          break
        case 'try-update':
          patch('tries', { run, path: write.path, try: write.try }, write.patch)
          break
        case 'effect-insert':
          insert('effects', { ...write.row, run })
          break
        case 'effect-update':
          patch('effects', { run, id: write.id }, write.patch)
          break
        case 'approval-insert':
          insert('approvals', { ...write.row, run })
          break
        case 'approval-update':
          patch('approvals', { run, id: write.id }, write.patch)
          break
        case 'run-update':
          patch('runs', { id: run }, write.patch)
          break
        case 'wait-insert':
          waits.set(`${run} ${write.row.path}`, { row: { ...write.row, run }, kept: true })
          break
        case 'wait-delete':
          waits.set(`${run} ${write.path}`, { row: { run, path: write.path }, kept: false })
          break
        case 'topic':
          inserts.events.push({ topic: write.topic, at, data_json: JSON.stringify(write.data), labels: JSON.stringify(write.labels ?? []) })
          break
        case 'audit':
          break // linked by the audit chain over the whole group
      }
    }
  }
  for (const { row, kept } of waits.values()) if (kept) inserts.waits.push(row)
  return {
    fences: [...fences.values()],
    inserts,
    patches: {
      tries: changed(patches.tries),
      effects: changed(patches.effects),
      approvals: changed(patches.approvals),
      runs: changed(patches.runs),
    },
    removedWaits: [...waits.values()].filter(({ kept }) => !kept).map(({ row }) => row),
  }
}

/** A row in the making: freshly inserted when it has no key. */
interface Changing {
  readonly fields: Record<string, Value>
  readonly key: Row | null
}

const identity = (table: PatchedTable, row: Row): string => JSON.stringify(keyOf(table).map((column) => row[column]))

function changed(rows: ReadonlyMap<string, Changing>): Patch[] {
  const patches: Patch[] = []
  for (const { key, fields } of rows.values()) if (key !== null && Object.keys(fields).length > 0) patches.push({ key, set: fields })
  return patches
}

const defined = (set: object): Record<string, Value> => Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined))

function eventRow(run: string, seq: number, at: number, event: RunEvent): Row {
  return {
    run,
    seq,
    at,
    type: event.type,
    path: 'path' in event ? event.path : '',
    data_json: JSON.stringify(event),
    labels: JSON.stringify(labelsOf(event)),
  }
}

/** The joined labels of every value an event carries. */
export function labelsOf(event: RunEvent): Label[] {
  return joinLabels(
    'labels' in event ? event.labels : undefined,
    'output' in event ? event.output?.labels : undefined,
    'outputs' in event ? event.outputs?.labels : undefined,
    'input' in event ? event.input.labels : undefined,
  )
}

const PATCHES = { 'try-update': 'tries', 'effect-update': 'effects', 'approval-update': 'approvals', 'run-update': 'runs' } as const

/**
 * Refuses at the door what would otherwise fail a whole commit, or one database only: NUL in a text (`text-invalid`; inside
 * JSON it is escaped) and a patch of a column that is no patch's business (`store-constraint`), such as a run's epoch.
 */
export function checkWrites(writes: readonly JournalWrite[]): void {
  for (const write of writes) {
    if ('row' in write) checkTexts(write.row)
    else if ('patch' in write) {
      checkColumns(PATCHES[write.kind], write.patch)
      checkTexts(write.patch)
    } else if (write.kind === 'audit') checkTexts(write.record)
    else if (write.kind === 'topic') checkTexts({ topic: write.topic })
    if ('path' in write) checkTexts({ path: write.path })
    if (write.kind === 'event' && 'path' in write.event) checkTexts({ path: write.event.path })
  }
}

function checkColumns(table: PatchedTable, patch: object): void {
  const allowed = patchable(table)
  for (const column of Object.keys(patch))
    if (!allowed.includes(column)) throw storeConstraint(`${table}.${column} cannot be changed through the journal`)
}

function checkTexts(row: object): void {
  for (const value of Object.values(row)) if (typeof value === 'string' && value.includes('\0')) throw textInvalid()
}
