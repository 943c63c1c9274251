import { LifeOsError } from '@life-os/plugin-sdk'
import { XMLParser } from 'fast-xml-parser'

/** A parsed element: attributes begin with `@`, text is `#text`, children keep their prefix; repeated children are lists. */
export type Node = { [name: string]: unknown }

/** Element content that may itself be markup is kept as written; {@link markupOf} reads it. */
const RAW = ['feed.entry.content', 'feed.entry.summary', 'feed.entry.title', 'feed.title']

/**
 * Parses a feed's XML. A document that defines its own entities is refused: feeds need none, and they are how XML is
 * made to explode or to read files. Nothing outside the text is ever looked up.
 */
export function parseXml(text: string): Node {
  const type = /<!DOCTYPE[^>[]*\[/i.exec(text.slice(0, 10_000))
  if (type || /<!ENTITY/i.test(text)) throw invalid('defines its own entities, which Life-OS does not expand')
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    processEntities: { enabled: true, maxEntityCount: 1, maxTotalExpansions: 1_000_000, maxExpandedLength: 64 * 1024 * 1024 },
    htmlEntities: true,
    maxNestedTags: 100,
    stopNodes: RAW,
  })
  try {
    return asNode(parser.parse(text.replace(/^\uFEFF/, '').trimStart()))
  } catch (cause) {
    throw invalid('is not well-formed XML', cause)
  }
}

export function invalid(what: string, cause?: unknown): LifeOsError {
  return new LifeOsError(
    'feed-invalid',
    `The address does not give a feed that can be read: it ${what}. Look for the page's RSS or Atom link.`,
    { cause },
  )
}

export function asNode(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {} // an object of the parser, whose keys are names
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

/** The text of the first element of a name that has any. */
export function textOf(node: Node, ...names: string[]): string {
  for (const name of names) {
    for (const value of asList(node[name])) {
      const text = typeof value === 'string' ? value : asNode(value)['#text']
      if (typeof text === 'string' && text.trim() !== '') return text.trim()
    }
  }
  return ''
}

export function attributeOf(value: unknown, name: string): string {
  const attribute = asNode(value)[`@${name}`]
  return typeof attribute === 'string' ? attribute.trim() : ''
}

/** An Atom text construct (RFC 4287, 3.1) as HTML, or as text when it is text. */
export function markupOf(value: unknown): { html: string } | { text: string } {
  const raw = typeof value === 'string' ? value : asNode(value)['#text']
  const type = attributeOf(value, 'type') || 'text'
  const content = typeof raw === 'string' ? raw.trim() : ''
  if (/xhtml/i.test(type)) return { html: content }
  const decoded = decodeRaw(content)
  return /html/i.test(type) ? { html: decoded } : { text: decoded }
}

/** Text of an element that was kept as written: CDATA is taken as it is, the rest has its references decoded once. */
function decodeRaw(raw: string): string {
  return raw
    .split(/(<!\[CDATA\[[\s\S]*?\]\]>)/)
    .map((part) => (part.startsWith('<![CDATA[') ? part.slice(9, -3) : decodeReferences(part)))
    .join('')
}

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: '\u00a0' }

function decodeReferences(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole: string, name: string) => {
    if (!name.startsWith('#')) return NAMED[name] ?? whole
    const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
