/** The part of a Markdown tree that is looked at here. */
export interface MarkNode {
  type: string
  value?: string
  url?: string
  children?: MarkNode[]
}
export const CITE = '#cite-'
const MARK = /\[(\d{1,3})\]/g

/** A remark plugin: `[3]` in running text becomes a link to source 3, where there is one. */
export function citing(known: ReadonlySet<number>) {
  return () =>
    (tree: MarkNode): void => {
      visit(tree, known)
    }
}

function visit(node: MarkNode, known: ReadonlySet<number>): void {
  if (node.type === 'link' || node.type === 'linkReference' || !node.children) return
  node.children = node.children.flatMap((child) => {
    if (child.type === 'text') return pieces(child.value ?? '', known)
    visit(child, known)
    return [child]
  })
}

function pieces(text: string, known: ReadonlySet<number>): MarkNode[] {
  const parts: MarkNode[] = []
  let at = 0
  for (const match of text.matchAll(MARK)) {
    const number = Number(match[1])
    if (!known.has(number)) continue
    if (match.index > at) parts.push({ type: 'text', value: text.slice(at, match.index) })
    parts.push({ type: 'link', url: `${CITE}${number}`, children: [{ type: 'text', value: String(number) }] })
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push({ type: 'text', value: text.slice(at) })
  return parts
}
