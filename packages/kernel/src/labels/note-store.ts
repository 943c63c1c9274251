import { LabelSource } from '@life-os/contract'
import { z } from 'zod'
import type { FileLabelRow, Store } from '../store/index.ts'
import type { NoteChange, Persist } from './carry.ts'
import { labelsOf } from './sources.ts'
import type { Note } from './note.ts'

const SourceColumn = z.object({ sources: z.array(LabelSource), set: z.string().optional() })

export function noteOf(row: FileLabelRow): Note {
  const { sources, set } = SourceColumn.parse(JSON.parse(row.source))
  return {
    path: row.path,
    hash: row.hash,
    size: row.size === null ? null : Number(row.size),
    sources,
    set: set ?? null,
    at: Number(row.at),
  }
}

function rowOf(note: Note): FileLabelRow {
  const { path, hash, size, at } = note
  const source = { sources: note.sources, ...(note.set !== null && { set: note.set }) }
  return { path, hash, size, labels: JSON.stringify(labelsOf(note.sources)), source: JSON.stringify(source), at }
}

/** Writes changes in the order they come; what comes while a transaction runs shares the next one. */
export function createNoteStore(store: Pick<Store, 'transaction'>): Persist {
  let waiting: NoteChange[] = []
  let next: Promise<void> | null = null
  let last: Promise<void> = Promise.resolve()
  const write = async (): Promise<void> => {
    await last.catch(() => undefined) // its own callers hear of its failure
    const changes = waiting
    waiting = []
    next = null
    last = store.transaction(async (tx) => {
      for (const change of changes) {
        if ('put' in change) {
          const row = rowOf(change.put)
          await tx
            .insertInto('file_labels')
            .values(row)
            .onConflict((c) => c.columns(['path', 'hash']).doUpdateSet(row))
            .execute()
        } else await tx.deleteFrom('file_labels').where('path', '=', change.remove.path).where('hash', '=', change.remove.hash).execute()
      }
    })
    return last
  }
  return (changes) => {
    waiting.push(...changes)
    return (next ??= write())
  }
}
