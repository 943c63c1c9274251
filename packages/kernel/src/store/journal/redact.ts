import type { Change, RunEvent } from '@life-os/contract'
import type { Redactor } from '../../secrets/types.ts'
import type { JournalWrite } from '../types.ts'

/**
 * Fields that Life-OS itself goes by: ids, keys, hashes, and the places that an undo goes back to. A password that happens
 * to be an ordinary word must not break an undo, so that a place keeps its name here.
 */
const KEPT = new Set([
  'type',
  'unshown',
  'kind',
  'path',
  'effect',
  'approval',
  'tool',
  'key',
  'inputHash',
  'labels',
  'from',
  'to',
  'clash',
  'cwd',
  'mounts',
  'hash',
  'before',
  'after',
  'reversal',
  'modified',
  'bytes',
  'secret',
  'secrets',
])

/** A change as it is shown, stored and compared: without known values, with its places as they are. */
export function redactedChange<Shape extends Change>(change: Shape, redactor: Redactor): Shape {
  return redactor.active ? redactFields(change, redactor) : change
}

function redactFields<Shape extends object>(record: Shape, redactor: Redactor): Shape {
  const fields = Object.entries(record).map(([key, value]: [string, unknown]) => [key, KEPT.has(key) ? value : redactor.value(value)])
  return Object.fromEntries(fields) as Shape // the same fields, strings replaced by strings
}

/** The last door before the disk, whatever was missed before: what is written holds no value that is known. */
export function redactedWrites(writes: readonly JournalWrite[], redactor: Redactor): readonly JournalWrite[] {
  return redactor.active ? writes.map((write) => redactedWrite(write, redactor)) : writes
}

function redactedWrite(write: JournalWrite, redactor: Redactor): JournalWrite {
  switch (write.kind) {
    case 'event':
      return { ...write, event: redactedEvent(write.event, redactor) }
    case 'audit':
      return { ...write, record: { ...write.record, data: redactor.value(write.record.data) } }
    case 'topic':
      return { ...write, data: redactor.value(write.data) }
    case 'effect-insert':
      return { ...write, row: { ...write.row, change_json: changeText(write.row.change_json, redactor) } }
    case 'effect-update':
      if (write.patch.change_json === undefined) return write
      return { ...write, patch: { ...write.patch, change_json: changeText(write.patch.change_json, redactor) } }
    case 'approval-insert':
      return { ...write, row: shown(write.row, ['title', 'message', 'reason', 'subject_json'], redactor) }
    case 'approval-update':
      return { ...write, patch: shown(write.patch, ['reason'], redactor) }
    case 'run-update':
      return { ...write, patch: shown(write.patch, ['error_json', 'outputs_json', 'summary_json'], redactor) }
    case 'try-insert':
    case 'try-update':
    case 'wait-insert':
    case 'wait-delete':
      return write // ids, states and times
  }
}

function redactedEvent(event: RunEvent, redactor: Redactor): RunEvent {
  const clean = redactFields(event, redactor)
  if (!('change' in event) || !event.change) return clean
  return Object.assign(clean, { change: redactedChange(event.change, redactor) }) // its own field, cleaned with its places kept
}

function changeText(text: string, redactor: Redactor): string {
  if (redactor.text(text) === text) return text
  return JSON.stringify(redactedChange(JSON.parse(text) as Change, redactor)) // the column holds what the sink wrote
}

/** Texts, also such that are JSON: a value is found in its JSON form, and what stands for it needs no escaping. */
function shown<Row extends object>(row: Row, columns: readonly (keyof Row)[], redactor: Redactor): Row {
  const clean = { ...row }
  for (const column of columns) {
    const text = row[column]
    if (typeof text === 'string') clean[column] = redactor.text(text) as Row[keyof Row] // it was text before
  }
  return clean
}
