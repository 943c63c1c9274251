import { LifeOsError } from '@life-os/contract'
import type { ProviderConfig, ProviderKind } from '@life-os/contract'
import type { ProviderDeps } from '../types.ts'
import type { Address } from './address.ts'
import { guardedBody } from './body.ts'
import { codeOf, fault } from './faults.ts'
import type { Speaker } from './faults.ts'
import { plainFetch } from './plain-fetch.ts'
import { retryAfterOf } from './retry-after.ts'

const KEY_HEADERS: Record<ProviderKind, (key: string) => [string, string]> = {
  ollama: (key) => ['authorization', `Bearer ${key}`],
  'openai-compatible': (key) => ['authorization', `Bearer ${key}`],
  openai: (key) => ['authorization', `Bearer ${key}`],
  anthropic: (key) => ['x-api-key', key],
  google: (key) => ['x-goog-api-key', key],
}
const ERROR_BYTES = 64 * 1024

/**
 * The one way to a provider: puts the key in right before a request, follows no redirect, and turns whatever is no
 * good answer into an error of ProviderClient. A body that is lost says `model-cut-off`; cancelling ends it with the signal's reason.
 */
export interface Transport {
  /** As the AI SDK takes it. A signal in `init` is the one that counts. */
  fetch: typeof globalThis.fetch
  /** JSON to `base + path`, answered by JSON. */
  json(path: string, signal: AbortSignal, init?: RequestInit): Promise<unknown>
  speaker: Pick<Speaker, 'name'>
}

export function createTransport(config: ProviderConfig, address: Address, deps: ProviderDeps): Transport {
  const fetch = deps.fetch ?? plainFetch()
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const signal = init.signal ?? new AbortController().signal
    signal.throwIfAborted()
    const key = await keyOf(config, address, deps, signal)
    const speaker = { name: config.name, key }
    const response = await reach(
      fetch,
      url,
      { ...init, headers: headersWith(config.kind, key, init.headers), redirect: 'manual' },
      speaker,
      signal,
    )
    if (!response.ok) throw await refusal(response, speaker, deps.now())
    return new Response(response.body && guardedBody(response.body, speaker, signal), {
      status: response.status,
      headers: response.headers,
    })
  }
  return {
    fetch: (input, init = {}) => send(input instanceof Request ? input.url : String(input), init),
    async json(path, signal, init = {}) {
      const response = await send(`${address.base}${path}`, { ...init, signal })
      const said = await response.text()
      try {
        return JSON.parse(said)
      } catch {
        throw fault('model-invalid', { name: config.name, key: undefined })
      }
    },
    speaker: { name: config.name },
  }
}

async function keyOf(config: ProviderConfig, address: Address, deps: ProviderDeps, signal: AbortSignal): Promise<string | undefined> {
  if (config.secret !== undefined) return await deps.secret(config.secret, address.place, signal)
  if (!address.needsKey) return undefined
  throw new LifeOsError('model-unauthorised', `${config.name} has no key: add one under Models.`, { class: 'user', applied: 'no' })
}

/** What the library put for a key, if anything, is not ours. */
function headersWith(kind: ProviderKind, key: string | undefined, given: RequestInit['headers']): Headers {
  const headers = new Headers(given)
  for (const name of ['authorization', 'x-api-key', 'x-goog-api-key', 'cookie']) headers.delete(name)
  if (key !== undefined) headers.set(...KEY_HEADERS[kind](key))
  headers.set('user-agent', 'life-os')
  return headers
}

async function reach(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit,
  speaker: Speaker,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    signal.throwIfAborted()
    throw wasSent(error) ? fault('model-cut-off', speaker) : fault('model-unreachable', speaker)
  }
}
/** Codes of Node and undici for connections that were never made; anything else may have carried the request. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EACCES',
  'EPERM',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
])
function wasSent(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const codes = at instanceof AggregateError ? at.errors.map(codeIn) : [codeIn(at)]
    if (codes.some((code) => NOT_SENT.has(code) || /CERT|TLS|SSL|SELF_SIGNED/.test(code))) return false
  }
  return true
}
function codeIn(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

async function refusal(response: Response, speaker: Speaker, now: number): Promise<LifeOsError> {
  const body = await beginning(response)
  const { status } = response
  const said = status < 400 ? `it answers with a redirect (${status}); set the address that it names` : wordsOf(body)
  const code = /content_filter|content_policy/.test(body) && status === 400 ? 'model-filtered' : codeOf(status, said)
  return fault(code, speaker, { said, status, retryAfter: retryAfterOf(response.headers, now) })
}

async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let said = ''
  try {
    for await (const chunk of response.body ?? []) {
      said += decoder.decode(chunk, { stream: true })
      if (said.length > ERROR_BYTES) break
    }
  } catch {
    // What was lost of an error's words changes nothing about the error.
  }
  return said
}

/** The sentence in an error's body: `error.message` (OpenAI, Anthropic, Google), `error` (Ollama), `message`, or nothing where it is a page. */
export function wordsOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body)
    return sentenceIn(Array.isArray(parsed) ? parsed[0] : parsed)
  } catch {
    return body.trimStart().startsWith('<') ? '' : body
  }
}
export function sentenceIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  if ('error' in value) return sentenceIn(value.error)
  return 'message' in value ? sentenceIn(value.message) : ''
}
