import { LifeOsError } from '@life-os/plugin-sdk'
import { parseHTML } from 'linkedom'
import { createHeadingPath } from './headings.ts'
import type { Block, ReadDocument } from './types.ts'

const SKIPPED = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'SVG', 'IFRAME', 'OBJECT', 'HEAD'])
const BLOCKS = new Set(
  'ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION TABLE TR UL'.split(
    ' ',
  ),
)
const MAX_DEPTH = 256
const MAX_NODES = 400_000

/** The part of the DOM that is read here. */
interface Node {
  readonly nodeType: number
  readonly nodeName: string
  readonly textContent: string | null
  readonly childNodes: Iterable<Node>
}

/** Text of a page in reading order, by heading. Nothing of it is run or fetched. */
export function readHtml(html: string, kind: 'html' | 'docx' = 'html'): ReadDocument {
  const { document } = parseHTML(/<html[\s>]/i.test(html) ? html : `<!doctype html><html><body>${html}</body></html>`)
  const walk = createWalk()
  if (document.documentElement) walk.visit(document.documentElement as unknown as Node, 0) // linkedom's nodes have the DOM's shape; its body is missing where the page writes none
  const title = document.querySelector('title')?.textContent?.replace(/\s+/g, ' ').trim()
  return { kind, title: title || walk.firstHeading(), pages: null, blocks: walk.blocks(), notes: [] }
}

function createWalk() {
  const blocks: Block[] = []
  const headings = createHeadingPath()
  let line = ''
  let first: string | null = null
  let nodes = 0
  const flush = (): void => {
    const text = line.replace(/[ \t\r\n\u00a0]+/g, ' ').trim()
    line = ''
    if (text !== '') blocks.push({ text, page: null, heading: headings.path })
  }
  const visit = (node: Node, depth: number): void => {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH)
      throw new LifeOsError('document-too-complex', 'This page is nested too deeply or has too many elements to be read.', {
        class: 'user',
      })
    if (node.nodeType === 3) line += node.textContent ?? ''
    if (node.nodeType !== 1) return
    const name = node.nodeName.toUpperCase()
    if (SKIPPED.has(name)) return
    if (name === 'BR') return flush()
    if (name === 'TD' || name === 'TH') line += line.trim() === '' ? '' : ' | '
    const level = /^H([1-6])$/.exec(name)?.[1]
    if (BLOCKS.has(name)) flush()
    if (level !== undefined) headings.enter(Number(level), node.textContent ?? '')
    if (level !== undefined) first ??= node.textContent?.replace(/\s+/g, ' ').trim() || null
    for (const child of node.childNodes) visit(child, depth + 1)
    if (BLOCKS.has(name)) flush()
  }
  return {
    visit,
    blocks: (): Block[] => {
      flush()
      return blocks
    },
    firstHeading: () => first,
  }
}
