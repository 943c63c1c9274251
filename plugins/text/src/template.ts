import { LifeOsError } from '@life-os/plugin-sdk'

/** A template's parts: text, `{{name}}`, and `{{#name}}…{{/name}}` or `{{^name}}…{{/name}}` around parts. */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'value'; name: string }
  | { kind: 'section'; name: string; inverted: boolean; parts: Part[] }

const TAG = /\{\{([#^/]?)\s*([\w.-]{1,200})\s*\}\}/g
const MAX_DEPTH = 20

/** Parses a template; a section that is not closed, or closed out of order, is `template-invalid`. */
export function parseTemplate(template: string): Part[] {
  const root: Part[] = []
  const open: { name: string; parts: Part[] }[] = []
  const target = (): Part[] => open.at(-1)?.parts ?? root
  let last = 0
  for (const match of template.matchAll(TAG)) {
    const [whole, sign = '', name = ''] = match
    if (match.index > last) target().push({ kind: 'text', text: template.slice(last, match.index) })
    last = match.index + whole.length
    if (sign === '') target().push({ kind: 'value', name })
    else if (sign === '/') {
      const closed = open.pop()
      if (closed?.name !== name)
        throw invalid(closed ? `{{/${name}}} stands where {{/${closed.name}}} is due` : `{{/${name}}} closes nothing`)
    } else {
      if (open.length >= MAX_DEPTH) throw invalid(`its sections are nested more than ${MAX_DEPTH} deep`)
      const section: Part & { kind: 'section' } = { kind: 'section', name, inverted: sign === '^', parts: [] }
      target().push(section)
      open.push({ name, parts: section.parts })
    }
  }
  const unclosed = open.at(-1)
  if (unclosed) throw invalid(`{{#${unclosed.name}}} is never closed`)
  if (last < template.length) root.push({ kind: 'text', text: template.slice(last) })
  return root
}

/**
 * Fills a template. A list repeats its section, a record or true shows it once; false, null, '' and an empty list hide it.
 * Inside a section its item's names come first, then those around it; `{{.}}` is the item itself. Missing names go to `missing`.
 */
export function fillTemplate(parts: readonly Part[], values: unknown, missing: (name: string) => string): string {
  return fill(parts, [values], missing)
}

function fill(parts: readonly Part[], scopes: readonly unknown[], missing: (name: string) => string): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text
      const value = lookUp(part.name, scopes)
      if (part.kind === 'value') return value === undefined ? missing(part.name) : show(value)
      const items = itemsOf(value)
      if (part.inverted) return items.length === 0 ? fill(part.parts, scopes, missing) : ''
      return items.map((item) => fill(part.parts, [item, ...scopes], missing)).join('')
    })
    .join('')
}

function lookUp(name: string, scopes: readonly unknown[]): unknown {
  if (name === '.') return scopes[0]
  const words = name.split('.')
  const scope = scopes.find((candidate) => own(candidate, words[0] ?? '') !== undefined)
  return words.reduce(own, scope)
}

function own(value: unknown, word: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, word) ? (value as Record<string, unknown>)[word] : undefined // an object with this own key
}

function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null || value === false || value === '' ? [] : [value]
}

const show = (value: unknown): string => (value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value))
const invalid = (what: string): LifeOsError => new LifeOsError('template-invalid', `The template cannot be used: ${what}.`)
