import { LifeOsError } from '@life-os/contract'
import type { ToolDescription } from '@life-os/contract'

const WORD = /(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g

/** A tool's input as typed: one JSON object, or `name=value` words with quotes where a value has spaces. Error: `input-invalid`. */
export function typedInput(text: string, { input: schema }: Pick<ToolDescription, 'input'>): Record<string, unknown> {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) return jsonObject(trimmed)
  const words = trimmed.match(WORD) ?? []
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1) throw new LifeOsError('input-invalid', `“${word}”: write it as name=value, or give the whole input as one JSON object.`)
      return [word.slice(0, at), valueOf(unquoted(word.slice(at + 1)), typeOf(schema, word.slice(0, at)))]
    }),
  )
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown> // begins with a brace
  } catch (cause) {
    throw new LifeOsError('input-invalid', `That is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function typeOf(schema: ToolDescription['input'], name: string): unknown {
  const properties = (schema['properties'] ?? {}) as Record<string, { type?: unknown } | undefined> // JSON Schema of an object
  return Object.hasOwn(properties, name) ? properties[name]?.type : undefined
}

/** Text where the schema wants text, else what it is as JSON. */
function valueOf(text: string, type: unknown): unknown {
  if (type === 'string') return text
  try {
    return JSON.parse(text) as unknown // checked against the tool's schema
  } catch {
    return text // the tool's schema says what is wrong with it
  }
}

function unquoted(text: string): string {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1)
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text
}
