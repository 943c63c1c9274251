import { describe, expect, test } from 'vitest'
import { citing } from './cite.ts'
import type { MarkNode } from './cite.ts'

const cited = (node: MarkNode, ...known: number[]): MarkNode => {
  citing(new Set(known))()(node)
  return node
}
const paragraph = (value: string): MarkNode => ({ type: 'paragraph', children: [{ type: 'text', value }] })

describe('marks of sources in an answer', () => {
  test('become links where the source is known, and stay words where it is not', () => {
    expect(cited(paragraph('It costs 49.90 [1], not [7].'), 1).children).toEqual([
      { type: 'text', value: 'It costs 49.90 ' },
      { type: 'link', url: '#cite-1', children: [{ type: 'text', value: '1' }] },
      { type: 'text', value: ', not [7].' },
    ])
  })
  test('are left alone inside links and code', () => {
    const link: MarkNode = { type: 'link', url: 'https://example.org', children: [{ type: 'text', value: '[1]' }] }
    const code: MarkNode = { type: 'inlineCode', value: 'list[1]' }
    const tree: MarkNode = { type: 'paragraph', children: [structuredClone(link), structuredClone(code)] }
    expect(cited(tree, 1).children).toEqual([link, code])
  })
  test('side by side are two links', () => {
    expect(cited(paragraph('[1][2]'), 1, 2).children?.map((node) => node.url)).toEqual(['#cite-1', '#cite-2'])
  })
})
