import type { Row } from './rows.ts'
import type { Excluded } from './selection.ts'

export type Mark = 'add' | 'remove' | 'change' | null

export interface TreeNode {
  name: string
  path: string
  folder: boolean
  mark: Mark
  /** Files below, folders not counted. */
  files: number
  marked: number
  children: TreeNode[]
}
interface Leaf {
  path: string
  folder: boolean
  mark: Mark
}

function build(root: string, leaves: readonly Leaf[]): TreeNode {
  const top: TreeNode = { name: root.split('/').at(-1) || '/', path: root, folder: true, mark: null, files: 0, marked: 0, children: [] }
  const folders = new Map<string, TreeNode>([[root, top]])
  const folderAt = (path: string): TreeNode => {
    const known = folders.get(path)
    if (known) return known
    const cut = path.lastIndexOf('/')
    const node: TreeNode = { name: path.slice(cut + 1), path, folder: true, mark: null, files: 0, marked: 0, children: [] }
    folders.set(path, node)
    folderAt(cut <= 0 ? root : path.slice(0, cut)).children.push(node)
    return node
  }
  const inside = root === '/' ? '/' : `${root}/`
  for (const leaf of leaves) {
    if (leaf.folder) {
      if (leaf.path === root || leaf.path.startsWith(inside)) folderAt(leaf.path).mark = leaf.mark
      continue
    }
    const parent = folderAt(leaf.path.slice(0, leaf.path.lastIndexOf('/')) || root)
    parent.children.push({
      name: leaf.path.slice(leaf.path.lastIndexOf('/') + 1),
      path: leaf.path,
      folder: false,
      mark: leaf.mark,
      files: 1,
      marked: leaf.mark === null ? 0 : 1,
      children: [],
    })
  }
  finish(top)
  return top
}

const FEW = 500
const byName = new Intl.Collator('en', { numeric: true })

function finish(node: TreeNode): void {
  if (!node.folder) return
  node.files = 0
  node.marked = 0
  for (const child of node.children) {
    finish(child)
    node.files += child.files
    node.marked += child.marked
  }
  // Thousands of names are put in plain order: a person sees the first few, and the collator takes ten times as long.
  const compare = node.children.length > FEW ? (a: string, b: string) => (a < b ? -1 : 1) : byName.compare
  node.children.sort((a, b) => Number(b.folder) - Number(a.folder) || compare(a.name, b.name))
}

/** What the touched places look like before and after the ticked changes; unticked ones stay where they are on both sides. */
export function treesOf(rows: readonly Row[], excluded: Excluded, root: string): { before: TreeNode; after: TreeNode } {
  const before: Leaf[] = []
  const after: Leaf[] = []
  for (const row of rows) {
    const folder = row.file === 'folder'
    const ticked = !excluded.has(row.id)
    if (row.from !== null)
      before.push({
        path: row.from,
        folder,
        mark: ticked ? (row.from === row.to ? 'change' : row.kind === 'file-copy' ? null : 'remove') : null,
      })
    if (!ticked) {
      if (row.from !== null) after.push({ path: row.from, folder, mark: null })
      continue
    }
    if (row.kind === 'file-copy' && row.from !== null) after.push({ path: row.from, folder: false, mark: null })
    if (row.to !== null) after.push({ path: row.to, folder, mark: row.from === row.to ? 'change' : 'add' })
  }
  return { before: build(root, before), after: build(root, after) }
}

export type TreeLine =
  | { type: 'node'; key: string; node: TreeNode; depth: number; open: boolean }
  | { type: 'more'; key: string; path: string; depth: number; hidden: number }

/** The lines to draw. A folder shows its first `fold` files until it is asked for all of them. */
export function treeLines(top: TreeNode, closed: ReadonlySet<string>, whole: ReadonlySet<string>, fold = 5): TreeLine[] {
  const lines: TreeLine[] = []
  const walk = (node: TreeNode, depth: number): void => {
    const open = node.folder && !closed.has(node.path)
    lines.push({ type: 'node', key: `${node.path}${node.folder ? '/' : ''}`, node, depth, open })
    if (!open) return
    let shown = 0
    const files = node.children.filter((child) => !child.folder).length
    for (const child of node.children) {
      if (!child.folder && files > fold + 1 && !whole.has(node.path) && shown++ >= fold) continue
      walk(child, depth + 1)
    }
    const hidden = files > fold + 1 && !whole.has(node.path) ? files - fold : 0
    if (hidden > 0) lines.push({ type: 'more', key: `${node.path}…`, path: node.path, depth: depth + 1, hidden })
  }
  walk(top, 0)
  return lines
}
