import { expect, test } from 'vitest'
import { branchOf, leafBelow, siblingsOf, treeOf, type Node } from './tree.ts'

/** Numbers that look random and are the same each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** As people make them: sent after any message, or edited beside one. */
function grown(seed: number, size: number): Node[] {
  const next = numbers(seed)
  const rows: Node[] = []
  for (let index = 0; index < size; index++) {
    const parent = rows.length === 0 || next() < 0.1 ? null : (rows[Math.floor(next() * rows.length)]?.id ?? null)
    rows.push({ id: String(index).padStart(4, '0'), parent })
  }
  return rows
}

test('whatever is sent and edited, the branch that is shown is a path from the root to the head', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const rows = grown(seed, 40)
    const tree = treeOf(rows)
    for (const row of rows) {
      const branch = branchOf(tree, row.id)
      expect(branch[0]?.parent).toBeNull()
      expect(branch.at(-1)).toBe(row)
      branch.slice(1).forEach((one, index) => expect(one.parent).toBe(branch[index]?.id))
      const leaf = leafBelow(tree, row)
      expect(rows.some(({ parent }) => parent === leaf.id)).toBe(false)
      expect(branchOf(tree, leaf.id)).toContain(row)
      expect(siblingsOf(tree, row)).toContain(row)
      for (const sibling of siblingsOf(tree, row)) expect(sibling.parent).toBe(row.parent)
    }
    expect(rows.reduce((sum, row) => sum + (tree.children.get(row.id)?.length ?? 0), tree.children.get(null)?.length ?? 0)).toBe(
      rows.length,
    )
  }
})

test('rows that no thread should have end all the same', () => {
  const ring = treeOf([
    { id: 'a', parent: 'b' },
    { id: 'b', parent: 'a' },
  ])
  expect(branchOf(ring, 'a').length).toBeLessThanOrEqual(2)
  expect(branchOf(treeOf([{ id: 'a', parent: 'gone' }]), 'a')).toHaveLength(1)
  expect(branchOf(ring, 'nobody')).toEqual([])
  expect(branchOf(ring, null)).toEqual([])
})
