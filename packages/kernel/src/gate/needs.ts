import { LifeOsError, type Need, type ToolDescription } from '@life-os/contract'
import { evaluate } from '../plans/index.ts'

/**
 * The exact resources of one call, from the tool's `needs` data, its input and its plugin's `settings`; no plugin code runs. A `net`
 * resource is `host:port` of the URL found, an fs resource an absolute path or a glob below one.
 * @throws `needs-invalid` when a reference does not lead to text.
 */
export function needsOf(tool: ToolDescription, input: unknown, settings: () => Record<string, unknown> = () => ({})): Need[] {
  const needs: Need[] = []
  for (const [kind, references] of Object.entries(tool.needs)) {
    for (const reference of references) {
      for (const resource of resolve(tool, reference, input, settings)) needs.push({ kind, resource: resourceOf(kind, resource) })
    }
  }
  return needs
}

/** What one call's `needs` of these kinds found in its input, as it is written there: whole addresses and not only their places. */
export function writtenOf(
  tool: ToolDescription,
  input: unknown,
  kinds: readonly string[],
  settings: () => Record<string, unknown> = () => ({}),
): string[] {
  return kinds.flatMap((kind) => (tool.needs[kind] ?? []).flatMap((reference) => resolve(tool, reference, input, settings)))
}

function resolve(tool: ToolDescription, reference: string, input: unknown, settings: () => Record<string, unknown>): string[] {
  const found = reference.includes('${{') ? byExpression(reference, input, settings()) : byPath(reference.split('.'), input)
  return found
    .flat(3)
    .filter((value) => value !== null && value !== undefined)
    .map((value) => {
      if (typeof value === 'string') return value
      throw new LifeOsError('needs-invalid', `The tool ${tool.id} names ${reference} as a resource, but that is not text here.`, {
        class: 'user',
      })
    })
}

function byExpression(reference: string, input: unknown, settings: Record<string, unknown>): unknown[] {
  const result = evaluate(reference, {
    inputs: {},
    steps: {},
    vars: { input: { value: input, labels: [] }, settings: { value: settings, labels: [] } },
  })
  return result.known ? [result.value] : []
}

function byPath(words: readonly string[], value: unknown): unknown[] {
  const [word, ...rest] = words
  if (word === undefined) return [value]
  if (Array.isArray(value)) return value.flatMap((item) => byPath(words, item))
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, word)) return []
  return byPath(rest, (value as Record<string, unknown>)[word]) // narrowed to an object just above
}

const DEFAULT_PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' }

/**
 * A resource as grants name it: for `net` the `host:port` of an address, else the text itself.
 * @throws `needs-invalid`, `url-invalid`.
 */
export function resourceOf(kind: string, text: string): string {
  if (kind === 'net') return hostAndPort(text)
  if (kind === 'browser') return originOf(text)
  if (kind === 'exec' && !PROGRAM.test(text))
    throw new LifeOsError(
      'needs-invalid',
      `${JSON.stringify(text.slice(0, 100))} is no program. Name it (git) or give its path below /usr.`,
    )
  return text
}
/** A name or a path below /usr: never a pattern, which would cover other programs than the one that is run. */
const PROGRAM = /^(?:[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}|\/usr(?:\/[A-Za-z0-9_][A-Za-z0-9._+-]*)+)$/

/** A page is named by its origin, whatever address or handle leads to it. */
function originOf(text: string): string {
  const url = URL.parse(text)
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin
  throw new LifeOsError(
    'url-invalid',
    `${JSON.stringify(text.slice(0, 200))} is no address of a web page. Write it like https://example.org/page.`,
  )
}

function hostAndPort(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text.toLowerCase()
  const url = URL.parse(text)
  if (!url) throw new LifeOsError('url-invalid', `${JSON.stringify(text)} is not an address. Write it like https://example.org/page.`)
  return `${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol] || '0'}`
}
