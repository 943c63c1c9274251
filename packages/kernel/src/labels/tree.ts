import type { LabelSource } from '@life-os/contract'
import { joinLists, joinSources } from './sources.ts'
import { ANY_CONTENT, WHOLE_TREE, type Note } from './note.ts'
import type { LabelGround, LabelLookup } from './types.ts'

interface Node {
  children: Map<string, Node>
  rule: readonly LabelSource[]
  notes: Map<string, Note>
}

/** Folder rules and notes by path, and notes by content. Plain memory: who owns it makes it durable. */
export interface LabelTree extends LabelLookup, LabelGround {
  setRule(path: string, sources: readonly LabelSource[]): void
  get(path: string, hash: string): Note | undefined
  put(note: Note): void
  remove(path: string, hash: string): void
  notes(): Iterable<Note>
  /** Notes of a path itself. */
  notesAt(path: string): Note[]
}

const namesIn = (path: string): string[] => path.split('/').filter((name) => name !== '')
const isContent = (hash: string): boolean => hash !== ANY_CONTENT && hash !== WHOLE_TREE
const sourcesAt = (node: Node): readonly LabelSource[][] => [...node.notes.values()].map((note) => [...note.sources])

export function createLabelTree(): LabelTree {
  const root = fresh()
  const blobs = new Map<string, Note>()
  const byContent = new Map<string, Set<Note>>()
  const sizes = new Map<number | null, number>()

  const nodesOf = (path: string): { above: Node[]; at: Node | undefined } => {
    const above: Node[] = []
    let node: Node | undefined = root
    for (const name of namesIn(path)) {
      above.push(node)
      node = node.children.get(name)
      if (!node) return { above, at: undefined }
    }
    return { above, at: node }
  }
  const ensure = (path: string): Node => {
    let node = root
    for (const name of namesIn(path)) {
      let child = node.children.get(name)
      if (!child) node.children.set(name, (child = fresh()))
      node = child
    }
    return node
  }
  const inherited = (above: readonly Node[]): LabelSource[] =>
    joinSources(...above.flatMap((node) => [node.rule, node.notes.get(WHOLE_TREE)?.sources ?? []]))
  const indexed = (note: Note, by: 1 | -1): void => {
    if (!isContent(note.hash)) return
    sizes.set(note.size, (sizes.get(note.size) ?? 0) + by)
    const known = byContent.get(note.hash) ?? new Set()
    if (by > 0) known.add(note)
    else known.delete(note)
    if (known.size > 0) byContent.set(note.hash, known)
    else byContent.delete(note.hash)
  }
  const below = function* (node: Node, relative = ''): Generator<{ relative: string; node: Node }> {
    yield { relative, node }
    for (const [name, child] of node.children) yield* below(child, `${relative}/${name}`)
  }
  const holder = (path: string): Map<string, Note> => (path === '' ? blobs : ensure(path).notes)
  const get = (path: string, hash: string): Note | undefined => (path === '' ? blobs.get(hash) : nodesOf(path).at?.notes.get(hash))
  const remove = (path: string, hash: string): void => {
    const note = get(path, hash)
    if (!note) return
    indexed(note, -1)
    holder(path).delete(hash)
    if (path !== '') forgetEmpty(path)
  }
  const forgetEmpty = (path: string): void => {
    const names = namesIn(path)
    const { above, at } = nodesOf(path)
    for (let node = at, depth = names.length; node && isEmpty(node) && depth > 0; depth -= 1) {
      above[depth - 1]?.children.delete(names[depth - 1] ?? '')
      node = above[depth - 1]
    }
  }
  const ofBlob = (hash: string): LabelSource[] =>
    joinLists([...(byContent.get(hash) ?? [])].filter((note) => note.set === null).map((note) => note.sources))

  return {
    get,
    remove,
    ofBlob,
    setRule: (path, sources) => void (ensure(path).rule = [...sources]),
    put(note) {
      remove(note.path, note.hash)
      holder(note.path).set(note.hash, note)
      indexed(note, 1)
    },
    *notes() {
      yield* blobs.values()
      for (const { node } of below(root)) yield* node.notes.values()
    },
    notesAt: (path) => [...(nodesOf(path).at?.notes.values() ?? [])],
    of(path, hash) {
      const { above, at } = nodesOf(path)
      const word = hash === undefined ? undefined : at?.notes.get(hash)
      if (word && word.set !== null) return [...word.sources]
      return joinSources(inherited(above), at?.rule ?? [], ...(at ? sourcesAt(at) : []), hash === undefined ? [] : ofBlob(hash))
    },
    ofNames(folder, entries) {
      const { above, at } = nodesOf(folder)
      const found = [inherited(above), at?.rule ?? [], at?.notes.get(WHOLE_TREE)?.sources ?? []]
      if (!at || at.children.size === 0) return joinLists(found)
      for (const entry of entries) {
        const nodes = nodesOf(entry)
        if (nodes.above.length > above.length + 1) found.push(inherited(nodes.above))
        if (nodes.at) found.push(...sourcesAt(nodes.at))
      }
      return joinLists(found)
    },
    ofTree(path) {
      const { above, at } = nodesOf(path)
      const found: (readonly LabelSource[])[] = [inherited(above)]
      if (at) for (const { node } of below(at)) found.push(node.rule, ...sourcesAt(node))
      return joinLists(found)
    },
    worthHashing(path, size) {
      if ((sizes.get(size) ?? 0) > 0 || (sizes.get(null) ?? 0) > 0) return true
      return nodesOf(path).at?.notes.size === 0 ? false : [...(nodesOf(path).at?.notes.values() ?? [])].some((note) => note.set !== null)
    },
    byRules(path) {
      const { above, at } = nodesOf(path)
      return joinSources(...above.map((node) => node.rule), at?.rule ?? [])
    },
    portable(path) {
      const { above, at } = nodesOf(path)
      const carried: { relative: string; note: Note }[] = []
      const whole = (relative: string, sources: readonly LabelSource[]): void => {
        const note: Note = { path, hash: WHOLE_TREE, size: null, sources, set: null, at: 0 }
        if (sources.length > 0) carried.push({ relative, note })
      }
      whole('', joinSources(inherited(above), at?.rule ?? [], at?.notes.get(WHOLE_TREE)?.sources ?? []))
      if (!at) return carried
      for (const { relative, node } of below(at)) {
        if (relative !== '') whole(relative, joinSources(node.rule, node.notes.get(WHOLE_TREE)?.sources ?? []))
        for (const note of node.notes.values()) if (note.hash !== WHOLE_TREE) carried.push({ relative, note })
      }
      return carried
    },
  }
}

function isEmpty(node: Node): boolean {
  return node.children.size === 0 && node.notes.size === 0 && node.rule.length === 0
}

function fresh(): Node {
  return { children: new Map(), rule: [], notes: new Map() }
}
