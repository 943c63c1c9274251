import TurndownService from 'turndown'
import type { Element } from './document.ts'

/** Markdown (CommonMark with tables) of an element. Picture and link addresses are those of the element. */
export function toMarkdown(element: Element): string {
  const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-', hr: '---', emDelimiter: '*' })
  service.remove(['script', 'style', 'noscript', 'iframe', 'form', 'button', 'input', 'select', 'textarea'])
  service.addRule('picture', { filter: 'img', replacement: (_content, node) => picture(node as unknown as Element) }) // turndown hands out the DOM it was given
  service.addRule('item', {
    filter: 'li',
    replacement: (content, node, options) => item(content, node as unknown as Element, options.bulletListMarker ?? '-'),
  }) // as above
  service.addRule('strike', { filter: ['del', 's'], replacement: (content) => `~~${content}~~` })
  service.addRule('table', { filter: 'table', replacement: (_content, node) => table(node as unknown as Element, service) }) // as above
  return `${service.turndown(element as unknown as TurndownService.Node).trim()}\n` // linkedom's node in the place of the browser's
}

function picture(image: Element): string {
  const source = image.getAttribute('src')
  if (!source) return ''
  const alternative = (image.getAttribute('alt') ?? '')
    .replace(/\s+/g, ' ')
    .replace(/[[\]\\]/g, '\\$&')
    .trim()
  return `![${alternative}](${destination(source)})`
}

/** An address as a Markdown link target: what would end it early is percent-encoded. */
export function destination(address: string): string {
  return address.replaceAll(' ', '%20').replaceAll('(', '%28').replaceAll(')', '%29').replaceAll('<', '%3C').replaceAll('>', '%3E')
}

/** One list item with the indentation of CommonMark: as wide as its marker. Turndown's own pads every marker to four columns. */
function item(content: string, node: Element, bullet: string): string {
  const list = node.parentNode
  const ordered = list?.tagName === 'OL'
  const position = ordered ? [...list.children].indexOf(node) + Number.parseInt(list.getAttribute('start') ?? '1', 10) : 0
  const marker = ordered ? `${position || 1}. ` : `${bullet} `
  const text = content.trim().replaceAll('\n', `\n${' '.repeat(marker.length)}`)
  return `${marker}${text}${node.nextSibling ? '\n' : ''}`
}

/** A table as a pipe table; the first row is its head. A table with tables inside is layout and falls to its text. */
function table(element: Element, service: TurndownService): string {
  if (element.querySelector('table'))
    return `\n\n${service.turndown(element.innerHTML.replace(/<\/?(table|tbody|thead|tr|td|th)\b[^>]*>/gi, ' '))}\n\n`
  const rows = [...element.querySelectorAll('tr')].map((row) => [...row.querySelectorAll('th, td')].map((cell) => cellText(cell, service)))
  const width = Math.max(0, ...rows.map((row) => row.length))
  const [head, ...body] = rows.filter((row) => row.length > 0)
  if (!head || width === 0) return ''
  const line = (row: readonly string[]): string => `| ${Array.from({ length: width }, (_, index) => row[index] ?? '').join(' | ')} |`
  return `\n\n${[line(head), line(Array.from({ length: width }, () => '---')), ...body.map(line)].join('\n')}\n\n`
}

function cellText(cell: Element, service: TurndownService): string {
  return service
    .turndown(cell.innerHTML)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .trim()
}
