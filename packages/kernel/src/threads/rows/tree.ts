/** A message as far as the tree goes. */
export interface Node {
  readonly id: string
  readonly parent: string | null
}

/** All messages of a thread, oldest first. */
export interface Tree<T extends Node = Node> {
  readonly nodes: ReadonlyMap<string, T>
  readonly children: ReadonlyMap<string | null, readonly T[]>
}

/** `rows`: oldest first. A parent that is not among them counts as none. */
export function treeOf<T extends Node>(rows: readonly T[]): Tree<T> {
  const nodes = new Map(rows.map((row) => [row.id, row]))
  return { nodes, children: Map.groupBy(rows, ({ parent }) => (parent !== null && nodes.has(parent) ? parent : null)) }
}

/** From the root to `head`; empty when there is no such message. */
export function branchOf<T extends Node>({ nodes }: Tree<T>, head: string | null): T[] {
  const branch: T[] = []
  const seen = new Set<string>()
  for (
    let at = head === null ? undefined : nodes.get(head);
    at && !seen.has(at.id);
    at = at.parent === null ? undefined : nodes.get(at.parent)
  ) {
    seen.add(at.id)
    branch.push(at)
  }
  return branch.toReversed()
}

/** Messages with the same parent, oldest first, the message itself among them. */
export function siblingsOf<T extends Node>({ nodes, children }: Tree<T>, node: T): readonly T[] {
  return children.get(node.parent !== null && nodes.has(node.parent) ? node.parent : null) ?? [node]
}

/** The end of the newest branch through a message. */
export function leafBelow<T extends Node>({ children }: Tree<T>, node: T): T {
  const seen = new Set<string>()
  let at = node
  for (let next = children.get(at.id)?.at(-1); next && !seen.has(next.id); next = children.get(at.id)?.at(-1)) {
    seen.add(next.id)
    at = next
  }
  return at
}
