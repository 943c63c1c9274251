import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { Labels as LabelsShape, LifeOsError, type FileLabel, type FolderLabel, type LabelSource, type Labels } from '@life-os/contract'
import type { FileLabelRow, Store } from '../store/index.ts'
import { createCarrier } from './carry.ts'
import { createNoteStore, noteOf } from './note-store.ts'
import { joinSources, labelsOf } from './sources.ts'
import type { Note } from './note.ts'
import { createLabelTree } from './tree.ts'
import type { LabelBook } from './types.ts'

export interface LabelBookDeps {
  store: Pick<Store, 'db' | 'transaction' | 'audit'>
  /** UTC milliseconds. */
  now(): number
}

/** Reads what is known of labels into memory. Every change is on disk before it resolves. */
export async function createLabelBook({ store, now }: LabelBookDeps): Promise<LabelBook> {
  const { db } = store
  const tree = createLabelTree()
  const folders = new Map<string, FolderLabel>()
  for (const row of await db.selectFrom('folder_labels').selectAll().execute()) {
    const rule: FolderLabel = { path: row.path, labels: LabelsShape.parse(JSON.parse(row.labels)), at: row.at, by: row.by }
    folders.set(rule.path, rule)
    tree.setRule(rule.path, sourcesOf(rule.labels, rule.path))
  }
  for (const row of await db.selectFrom('file_labels').selectAll().execute()) tree.put(noteOf(row satisfies FileLabelRow))
  const persist = createNoteStore(store)
  const carrier = createCarrier({ tree, now, persist })
  const audit = (by: string, rule: string, data: Record<string, unknown>): Promise<void> =>
    store.audit.append({ kind: 'label', actor: by, run: null, step: null, tool: null, verdict: null, rule, data })

  return {
    of: tree.of,
    ofNames: tree.ofNames,
    ofTree: tree.ofTree,
    ofBlob: tree.ofBlob,
    worthHashing: tree.worthHashing,
    portable: tree.portable,
    byRules: tree.byRules,
    carry: carrier.carry,
    async noteBlob(hash, sources, size) {
      const known = tree.get('', hash)
      const missing = labelsOf(sources).some((label) => !known?.sources.some((source) => source.label === label))
      if (!missing) return
      const note: Note = { path: '', hash, size: size ?? null, sources: joinSources(known?.sources ?? [], sources), set: null, at: now() }
      tree.put(note)
      await persist([{ put: note }])
    },
    async list(query) {
      const words = query.search?.toLowerCase() ?? ''
      const found = [...tree.notes()]
        .filter((note) => note.path !== '' && note.path.toLowerCase().includes(words))
        .toSorted((a, b) => b.at - a.at || (a.path < b.path ? -1 : 1))
      const start = Number(query.cursor ?? 0)
      const end = start + query.limit
      const rules = [...folders.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
      return {
        items: found.slice(start, end).map(shown),
        next: end < found.length ? String(end) : null,
        total: found.length,
        folders: rules,
      }
    },
    async setFolder(asked, labels, by) {
      const path = await realPlace(asked)
      const before = folders.get(path)?.labels ?? []
      const rule: FolderLabel = { path, labels: labelsOf(sourcesOf(labels, path)), at: now(), by }
      tree.setRule(path, sourcesOf(labels, path))
      if (labels.length > 0) {
        folders.set(path, rule)
        const row = { path, labels: JSON.stringify(rule.labels), at: rule.at, by }
        await db
          .insertInto('folder_labels')
          .values(row)
          .onConflict((c) => c.column('path').doUpdateSet(row))
          .execute()
      } else {
        folders.delete(path)
        await db.deleteFrom('folder_labels').where('path', '=', path).execute()
      }
      await audit(by, labels.length > 0 ? 'folder-labelled' : 'folder-label-removed', { path, labels: rule.labels, before })
    },
    async setFile(asked, labels, by) {
      const path = await realPlace(asked)
      const { hash, size } = await contentOf(path)
      const before = labelsOf(tree.of(path, hash))
      const note: Note = { path, hash, size, sources: sourcesOf(labels, `set by ${by}`), set: by, at: now() }
      const others = tree.notesAt(path).filter((other) => other.hash !== hash)
      for (const other of others) tree.remove(path, other.hash)
      tree.put(note)
      await persist([...others.map((other) => ({ remove: { path, hash: other.hash } })), { put: note }])
      const lowered = before.some((label) => !labels.includes(label))
      await audit(by, lowered ? 'file-label-lowered' : 'file-labelled', { path, hash, labels: labelsOf(note.sources), before })
    },
  }
}

const sourcesOf = (labels: Labels, from: string): LabelSource[] => labels.map((label) => ({ label, from }))

function shown(note: Note): FileLabel {
  const from = [...new Set(note.sources.map((source) => source.from))].join('; ')
  return {
    path: note.path,
    hash: note.hash,
    labels: labelsOf(note.sources),
    from: note.set === null ? from : `set by ${note.set}`,
    at: note.at,
  }
}

async function realPlace(path: string): Promise<string> {
  if (!isAbsolute(path))
    throw new LifeOsError('path-invalid', `${JSON.stringify(path)} is not a whole path; write it from the top, like /home/ada/Taxes.`)
  return realpath(path).catch(() => (path.length > 1 ? path.replace(/\/+$/, '') : path)) // a rule may be set before the folder is there
}

async function contentOf(path: string): Promise<{ hash: string; size: number }> {
  const found = await stat(path).catch(() => null)
  if (!found) throw new LifeOsError('path-missing', `${path} is not there.`, { details: { path } })
  if (!found.isFile()) throw new LifeOsError('not-a-file', `${path} is not a file; label it as a folder.`, { details: { path } })
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer) // no encoding set: chunks are buffers
  return { hash: hash.digest('hex'), size: found.size }
}
