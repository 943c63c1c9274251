import { Readable } from 'node:stream'
import type { SecretUseShape } from '@life-os/contract'
import { fault } from '../paths/faults.ts'
import type { CallScope } from '../types.ts'
import { parseUrl, systemLookup } from './address.ts'
import type { Lookup } from './address.ts'
import { authorised } from './authorised.ts'
import { placeOfUrl } from './credential.ts'
import type { HostSecrets, Use } from './credential.ts'
import type { Sent } from './headers.ts'
import { headersFor } from './headers.ts'
import { request } from './request.ts'

export interface PinnedFetchOptions {
  /** The one address that is spoken to; others of its origin serve too, nothing else does. */
  url: string
  auth?: SecretUseShape | undefined
  secrets: HostSecrets
  lookup?: Lookup | undefined
  /** Who uses the secret, for the audit record. */
  by: string
  /** Milliseconds that an answer may be silent. */
  idle: number
  /** Bytes of one answer; more breaks it off with `answer-too-large`. */
  most: number
}

/**
 * `fetch` for a client library that speaks to one origin which a person configured: each request is admitted and pinned like a
 * tool's, carries the secret at its last hop, and follows no redirect. Errors: as of `net.fetch`, and `address-not-allowed`.
 */
export function createPinnedFetch(options: PinnedFetchOptions): (url: string | URL, init?: RequestInit) => Promise<Response> {
  const own = parseUrl(options.url)
  const scope = scopeOf(options, placeOfUrl(own))
  const lookup = options.lookup ?? systemLookup
  const use: Use | undefined = options.auth && { ...options.auth }
  return async (given, init = {}) => {
    const url = parseUrl(String(given))
    if (url.origin !== own.origin)
      throw fault('address-not-allowed', `${url.origin} is another place than ${own.origin}; nothing was sent there.`)
    const signal = init.signal ?? new AbortController().signal
    const context = { scope, lookup, secrets: options.secrets, signal }
    const answer = await authorised(context, url.href, use, signal, undefined, (credential) =>
      request({ ...context, credential, follow: false, idle: options.idle }, url.href, sentOf(init), 0),
    )
    const body = Readable.toWeb(answer.body) as ReadableStream<Uint8Array> // Node's own type of the same stream
    const bare = answer.status === 204 || answer.status === 205 || answer.status === 304
    if (bare) await answer[Symbol.asyncDispose]()
    return new Response(bare ? null : body.pipeThrough(limited(options.most)), { status: answer.status, headers: answer.headers })
  }
}

function sentOf({ method = 'GET', headers, body }: RequestInit): Sent {
  if (body !== undefined && body !== null && typeof body !== 'string') throw fault('arguments-invalid', 'Only text is sent here.')
  const given = Object.fromEntries(new Headers(headers ?? {}))
  return { method, headers: headersFor(given, 'identity'), body: typeof body === 'string' ? Buffer.from(body) : undefined }
}

function limited(most: number): TransformStream<Uint8Array, Uint8Array> {
  let had = 0
  return new TransformStream({
    transform(chunk, controller) {
      had += chunk.length
      if (had <= most) controller.enqueue(chunk)
      else
        controller.error(fault('answer-too-large', `The answer is longer than ${most} bytes; it was broken off.`, { class: 'operational' }))
    },
  })
}

const scopeOf = ({ auth, by }: PinnedFetchOptions, place: string): CallScope => ({
  run: '',
  path: '',
  try: 0,
  plugin: by,
  pluginVersion: '',
  tool: by,
  key: '',
  effect: 'external',
  reversal: 'none',
  allowed: [{ kind: 'net', resource: place }, ...(auth ? [{ kind: 'secret.use', resource: auth.secret }] : [])],
  labels: [],
})
