import { joinSources, labelsOf } from './sources.ts'
import { ANY_CONTENT, type Note } from './note.ts'
import type { LabelTree } from './tree.ts'
import type { Brought, Carried, Carry, LabelCarrier, LabelGround } from './types.ts'

/** Makes changes of a tree durable, in the order they are given. Nothing for a tree that lives as long as a preview. */
export type Persist = (changes: readonly NoteChange[]) => Promise<void>
export type NoteChange = { put: Note } | { remove: { path: string; hash: string } }

export interface CarrierDeps {
  tree: LabelTree
  /** What lies under the tree: a preview's own over the book. */
  base?: LabelGround | undefined
  now(): number
  persist: Persist
}

const NOTHING: Carried = { settle: async () => undefined, retract: async () => undefined }
const keyOf = (note: { path: string; hash: string }): string => `${note.path}\0${note.hash}`

/** Lets labels go along with what a change moves, and adds what a change brings. */
export function createCarrier({ tree, base, now, persist }: CarrierDeps): LabelCarrier {
  const apply = (changes: readonly NoteChange[]): Promise<void> => {
    for (const change of changes) {
      if ('put' in change) tree.put(change.put)
      else tree.remove(change.remove.path, change.remove.hash)
    }
    return changes.length > 0 ? persist(changes) : Promise.resolve()
  }
  const implied = (note: Note): boolean => {
    if (note.set !== null) return false
    const rules = labelsOf(joinSources(tree.byRules(note.path), base?.byRules(note.path) ?? []))
    return labelsOf(note.sources).every((label) => rules.includes(label))
  }
  const finalNotes = (carries: readonly Carry[], brought: readonly Brought[]): Map<string, Note> => {
    const notes = new Map<string, Note>()
    const add = (note: Note): void => {
      const known = notes.get(keyOf(note))
      const joined = known ? { ...note, sources: joinSources(known.sources, note.sources), set: known.set ?? note.set } : note
      if (!implied(joined)) notes.set(keyOf(note), joined)
    }
    for (const { from, to } of carries) {
      for (const { relative, note } of [...tree.portable(from), ...(base?.portable(from) ?? [])])
        add({ ...note, path: `${to}${relative}`, at: now() })
    }
    for (const { path, hash, size, sources } of brought)
      if (sources.length > 0) add({ path, hash: hash ?? ANY_CONTENT, size, sources, set: null, at: now() })
    return notes
  }
  const leaving = (carries: readonly Carry[]): Note[] =>
    carries
      .filter((carry) => carry.gone)
      .flatMap(({ from }) => tree.portable(from).flatMap(({ relative, note }) => present(from + relative, note.hash)))
  const present = (path: string, hash: string): Note[] => {
    const note = tree.get(path, hash)
    return note ? [note] : []
  }

  return {
    async carry(carries, brought) {
      const final = finalNotes(carries, brought)
      const gone = leaving(carries)
      if (final.size === 0 && gone.length === 0) return NOTHING
      const before = [...final.values()].map((note) => ({ note, old: tree.get(note.path, note.hash) }))
      await apply(before.map(({ note, old }) => ({ put: old ? { ...note, sources: joinSources(old.sources, note.sources) } : note })))
      return {
        settle: () =>
          apply([
            ...gone.filter((note) => !final.has(keyOf(note))).map(({ path, hash }): NoteChange => ({ remove: { path, hash } })),
            ...gone.flatMap((note): NoteChange[] => (final.has(keyOf(note)) ? [{ put: final.get(keyOf(note)) ?? note }] : [])),
          ]),
        retract: () =>
          apply(before.map(({ note, old }): NoteChange => (old ? { put: old } : { remove: { path: note.path, hash: note.hash } }))),
      }
    },
  }
}
